//! Findings and the list that collects them.

use std::ops::Range;

use crate::{Refuser, Rule, Severity};

/// Where a finding points: a file, then as far into it as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path of the subject as the user gave it, or of a file in the project's tree.
    pub path: String,
    /// Member of an archive, as named there.
    pub member: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in Unicode scalar values, from 1.
    pub column: Option<usize>,
    /// Core metadata field (`Author-email`) or TOML path (`project.license`).
    pub field: Option<String>,
}

/// One replacement in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// File to edit, as in [`Place::path`].
    pub path: String,
    /// Byte range of the text that is replaced.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
}

/// A mechanical cure for a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be applied without a decision by a person.
    pub safe: bool,
    /// Edits, none overlapping another.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// The same, to be applied only when somebody says so.
    #[must_use]
    pub fn needs_decision(mut self) -> Self {
        self.safe = false;
        self
    }
}

/// What a check found, in one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule it breaks.
    pub rule: &'static Rule,
    /// Severity here; the rule's own unless the check knew better.
    pub severity: Severity,
    /// Who refuses it here; the rule's own unless the check knew better.
    pub refused_by: Vec<Refuser>,
    /// What is wrong: a lower-case fragment without a full stop that names the subject.
    pub message: String,
    /// Why it matters; may quote the index's own words.
    pub why: Option<String>,
    /// The command or edit that cures it.
    pub next: Option<String>,
    /// The command that shows it again, for a shell; only of what was found by running something.
    pub by_hand: Option<String>,
    /// Where it is.
    pub place: Place,
    /// A mechanical cure, where there is one.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding of `rule` with its message; the builder methods add what else is known.
    #[must_use]
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            refused_by: rule.refused_by.to_vec(),
            message: message.into(),
            why: None,
            next: None,
            by_hand: None,
            place: Place::default(),
            fix: None,
        }
    }

    /// Says why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says what to type or edit.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// Gives the command that shows it again.
    #[must_use]
    pub fn by_hand(mut self, command: impl Into<String>) -> Self {
        self.by_hand = Some(command.into());
        self
    }

    /// Points into an archive.
    #[must_use]
    pub fn member(mut self, member: impl Into<String>) -> Self {
        self.place.member = Some(member.into());
        self
    }

    /// Points at a line, from 1.
    #[must_use]
    pub fn line(mut self, line: usize) -> Self {
        self.place.line = Some(line);
        self
    }

    /// Points at a line and column, both from 1.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.place.line = Some(line);
        self.place.column = Some(column);
        self
    }

    /// Names the core metadata field or the TOML path.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.place.field = Some(field.into());
        self
    }

    /// Replaces the rule's severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Replaces the rule's list of who refuses it.
    #[must_use]
    pub fn refused_by(mut self, refused_by: &[Refuser]) -> Self {
        self.refused_by = refused_by.to_vec();
        self
    }

    /// Adds a mechanical cure.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// `path:line:column` or `path(member):line`, as far as it is known.
    #[must_use]
    pub fn location(&self) -> String {
        let mut text = self.place.path.clone();
        if let Some(member) = &self.place.member {
            text.push_str(&format!("({member})"));
        }
        for number in [self.place.line, self.place.column].into_iter().flatten() {
            text.push_str(&format!(":{number}"));
        }
        text
    }
}

/// Collects the findings of one subject.
#[derive(Debug, Default)]
pub struct Findings {
    path: String,
    found: Vec<Finding>,
}

impl Findings {
    /// An empty list for the subject at `path`, written as the user gave it.
    #[must_use]
    pub fn for_path(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            found: Vec::new(),
        }
    }

    /// Adds a finding; one without a path is given the subject's.
    pub fn add(&mut self, mut finding: Finding) {
        if finding.place.path.is_empty() {
            finding.place.path.clone_from(&self.path);
        }
        self.found.push(finding);
    }

    /// The findings, sorted by path, member, line, column, field, code and message, whatever the
    /// order in which the checks ran.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.found.sort_by(|a, b| {
            (&a.place, a.rule.code, &a.message).cmp(&(&b.place, b.rule.code, &b.message))
        });
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule = Rule {
        code: "P001",
        name: "example",
        severity: Severity::Error,
        source: "advice",
        refused_by: &[Refuser::Pypi],
        about: "",
        why: "",
        cure: "",
        bad: "",
        good: "",
    };

    #[test]
    fn findings_come_out_in_order_and_know_their_subject() {
        let mut findings = Findings::for_path("dist/a.whl");
        findings.add(Finding::new(&RULE, "second").member("m").line(3));
        findings.add(Finding::new(&RULE, "first"));
        let sorted = findings.into_sorted();
        assert_eq!(
            sorted.iter().map(Finding::location).collect::<Vec<_>>(),
            ["dist/a.whl", "dist/a.whl(m):3"]
        );
        assert_eq!(sorted[0].refused_by, [Refuser::Pypi]);
    }
}
