//! Turns the archive problems of one family into findings.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::archive::Archive;
use crate::problem::{Family, Problem};

/// Findings of one rule that are told one by one; the rest is counted. An archive written by one
/// faulty tool has the same problem in every member.
pub(crate) const MOST: usize = 20;

/// Reports every problem of `family` under `rule`, with `next` as the cure.
pub(super) fn family(
    archive: &Archive,
    family: Family,
    rule: &'static Rule,
    next: &str,
    findings: &mut Findings,
) {
    let mut problems: Vec<&Problem> = archive
        .problems()
        .iter()
        .filter(|problem| problem.kind.family() == family)
        .collect();
    // The gravest first, so that only milder ones are merely counted.
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.kind.severity()));
    let found = problems.iter().map(|problem| {
        let finding = Finding::new(rule, problem.kind.to_string())
            .severity(problem.kind.severity())
            .refused_by(problem.refused_by())
            .next(next);
        match &problem.member {
            Some(member) => finding.member(member),
            None => finding,
        }
    });
    capped(rule, found, findings);
}

/// Adds the first [`MOST`] findings and one that counts the others, as grave as the gravest.
pub(crate) fn capped(
    rule: &'static Rule,
    found: impl IntoIterator<Item = Finding>,
    findings: &mut Findings,
) {
    let mut more = 0usize;
    let mut severity = Severity::Note;
    let mut refused_by: Vec<Refuser> = Vec::new();
    for (index, finding) in found.into_iter().enumerate() {
        if index < MOST {
            findings.add(finding);
            continue;
        }
        more += 1;
        severity = severity.max(finding.severity);
        for refuser in finding.refused_by {
            if !refused_by.contains(&refuser) {
                refused_by.push(refuser);
            }
        }
    }
    if more > 0 {
        refused_by.sort_unstable();
        findings.add(
            Finding::new(rule, format!("{more} more findings of this kind"))
                .severity(severity)
                .refused_by(&refused_by),
        );
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
    fn a_flood_is_counted() {
        let mut findings = Findings::for_path("x");
        let flood = (0..25).map(|n| Finding::new(&RULE, n.to_string()));
        capped(&RULE, flood, &mut findings);
        let sorted = findings.into_sorted();
        assert_eq!(sorted.len(), MOST + 1);
        let rest = sorted.iter().find(|f| f.message.contains("more")).unwrap();
        assert_eq!(rest.message, "5 more findings of this kind");
        assert_eq!(rest.refused_by, [Refuser::Pypi]);
    }
}
