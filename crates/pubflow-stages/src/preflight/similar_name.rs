//! P231: a new project whose name reads like one that is there.

use std::collections::BTreeSet;

use pubflow_finding::{Check, Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::ProjectName;

use super::Situation;

pub(super) const CHECK: Check<Situation> = Check { rule: &RULE, run };

static RULE: Rule = Rule {
    code: "P231",
    name: "similar-name",
    severity: Severity::Error,
    source: "R065",
    refused_by: &[Refuser::Pypi],
    about: "The name of a new project equals an existing one after `-`, `_` and `.` are taken out and l, i and 1, o and 0 count as one.",
    why: "PyPI refuses such names: they are how look-alikes of popular projects are made.",
    cure: "Choose another name.",
    bad: "name = \"djang0-tools\"\n",
    good: "name = \"tools-for-django\"\n",
};

/// Questions at most; each is a request.
const MOST: usize = 6;

/// The names that would be too similar and are likely to be meant: a name has endless look-alikes,
/// and the index knows the rest.
pub(super) fn candidates(project: &ProjectName) -> Vec<ProjectName> {
    let own = project.normalized();
    let joined = own.replace('-', "");
    let swaps: [&[(char, char)]; 6] = [
        &[('0', 'o'), ('1', 'l')],
        &[('0', 'o'), ('1', 'i')],
        &[('l', 'i')],
        &[('i', 'l')],
        &[('o', '0')],
        &[('l', '1'), ('i', '1')],
    ];
    let swapped = swaps.iter().map(|pairs| {
        let letter = |c: char| {
            pairs
                .iter()
                .find(|(from, _)| *from == c)
                .map_or(c, |(_, to)| *to)
        };
        own.chars().map(letter).collect::<String>()
    });
    let mut seen = BTreeSet::from([own.to_owned()]);
    [joined]
        .into_iter()
        .chain(swapped)
        .filter(|name| seen.insert(name.clone()))
        .filter_map(|name| ProjectName::parse(&name).ok())
        .take(MOST)
        .collect()
}

fn run(situation: &Situation, findings: &mut Findings) {
    for there in &situation.lookalikes {
        let message = format!(
            "`{}` is too similar to the project `{there}`",
            situation.project
        );
        findings.add(Finding::new(&RULE, message).next("choose another name for the project"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_candidate_is_refused_by_the_rule_and_none_is_the_name_itself() {
        for text in ["djang0-tools", "pillow", "a1-l0i", "plain"] {
            let project = ProjectName::parse(text).unwrap();
            let found = candidates(&project);
            assert!(found.len() <= MOST);
            for candidate in found {
                assert_eq!(candidate.ultranormalized(), project.ultranormalized());
                assert_ne!(candidate.normalized(), project.normalized());
            }
        }
        let project = ProjectName::parse("djang0").unwrap();
        assert!(
            candidates(&project)
                .iter()
                .any(|name| name.normalized() == "django")
        );
    }
}
