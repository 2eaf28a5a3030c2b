//! P403: licence identifiers that SPDX no longer recommends.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::LicenseExpression;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

/// Licences whose identifiers say whether later versions are allowed too.
const GNU: [&str; 4] = ["AGPL-", "GFDL-", "GPL-", "LGPL-"];

pub(super) static RULE: Rule = Rule {
    code: "P403",
    name: "licence-deprecated",
    severity: Severity::Warning,
    source: "SPDX licence list",
    refused_by: &[],
    about: "The identifier is still valid but deprecated by SPDX.",
    why: "That of a GNU licence does not say whether later versions are allowed: write \
            `GPL-3.0-only` or `GPL-3.0-or-later` instead of `GPL-3.0` and `GPL-3.0+`. Others have \
            become a licence and an exception joined by `WITH`.",
    cure: "Say which is meant: `-only` or `-or-later`; for the others use the identifier that the \
            finding names.",
    bad: "license = \"GPL-3.0\"",
    good: "license = \"GPL-3.0-or-later\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    for field in subject.metadata.named("License-Expression") {
        for (message, next) in faults(&field.value) {
            let finding = Finding::new(&RULE, message).field("License-Expression");
            let finding = subject.place(finding, Some(field));
            findings.add(finding.next(next));
        }
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let text = subject.pyproject.project_string("license");
    let path = project(&["license"]);
    // One fix cures the whole expression; it comes with the first of its faults.
    let mut fix = text.and_then(successor).and_then(|(written, safe)| {
        let fix = subject.replace_value(&path, &written)?;
        Some(if safe { fix } else { fix.needs_decision() })
    });
    for (message, next) in text.map(faults).unwrap_or_default() {
        let mut finding = subject.finding(&RULE, &path, message);
        finding.fix = fix.take();
        findings.add(finding.next(next));
    }
}

/// The expression with today's identifiers for those of the GNU licences, and whether they mean the
/// same for certain: without a `+` nobody can know whether later versions are allowed.
fn successor(text: &str) -> Option<(String, bool)> {
    let mut safe = true;
    let mut words = Vec::new();
    for word in text.split(' ') {
        let id = word.trim_matches(['(', ')']);
        let is_gnu = GNU.iter().any(|family| id.starts_with(family));
        let is_current = id.ends_with("-only") || id.ends_with("-or-later");
        words.push(if !is_gnu || is_current {
            word.to_owned()
        } else if let Some(version) = id.strip_suffix('+') {
            word.replace(id, &format!("{version}-or-later"))
        } else {
            safe = false;
            word.replace(id, &format!("{id}-only"))
        });
    }
    let written = words.join(" ");
    let expression = LicenseExpression::parse(&written).ok()?;
    (written != text && expression.deprecated().is_empty()).then_some((written, safe))
}

/// What is wrong, and what to do.
fn faults(text: &str) -> Vec<(String, String)> {
    let Ok(expression) = LicenseExpression::parse(text) else {
        return Vec::new();
    };
    let mut identifiers = expression.deprecated().to_vec();
    identifiers.sort_unstable();
    identifiers.dedup();
    let later = |id: &str| expression.licenses().contains(&format!("{id}+"));
    let faults = identifiers.into_iter().map(|id| {
        let next = if !GNU.iter().any(|family| id.starts_with(family)) {
            "look up its successor in the SPDX licence list".to_owned()
        } else if later(id) || id.ends_with('+') {
            format!("write `{}-or-later`", id.trim_end_matches('+'))
        } else {
            format!("write `{id}-only` or `{id}-or-later`")
        };
        (format!("licence identifier is deprecated: `{id}`"), next)
    });
    faults.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "License-Expression: MIT OR GPL-3.0\n"),
            ["License-Expression 4: licence identifier is deprecated: `GPL-3.0`"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nlicense = 'lgpl-2.1+'\n"),
            ["project.license 2: licence identifier is deprecated: `LGPL-2.1`"]
        );
        assert_eq!(faults("LGPL-2.1+")[0].1, "write `LGPL-2.1-or-later`");
        assert_eq!(
            faults("GPL-2.0")[0].1,
            "write `GPL-2.0-only` or `GPL-2.0-or-later`"
        );
    }

    #[test]
    fn the_fix_says_which_versions() {
        assert_eq!(
            fixed(
                check_pyproject,
                "[project]\nlicense = 'GPL-3.0+ OR (MIT AND GPL-2.0)'\n"
            ),
            "[project]\nlicense = \"GPL-3.0-or-later OR (MIT AND GPL-2.0-only)\"\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "License-Expression: GPL-3.0-or-later\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nlicense = 'GPLv3'\n").is_empty());
    }
}
