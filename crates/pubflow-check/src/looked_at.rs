//! Which rules were looked for in subjects of some kinds.

use pubflow_dist::agreement::{SDIST_WHEEL, SDIST_WHEEL_FILES, WHEEL_WHEEL};
use pubflow_dist::check::{CHECKS_SDIST, CHECKS_WHEEL};
use pubflow_finding::{Check, Rule};
use pubflow_metadata::check::{CHECKS_METADATA, CHECKS_PYPROJECT, CHECKS_TREE};
use pubflow_readme::check::CHECKS as CHECKS_DESCRIPTION;

use crate::path::SubjectKind;
use crate::{folder, readme_agreement, selection, stale};

/// Whether every table with this rule was gone through for one of the subjects at least. A rule of
/// other crates, found by installing for example, was not.
pub(crate) fn was_looked_for(code: &str, kinds: &[SubjectKind]) -> bool {
    use SubjectKind::{Metadata, Project, Pyproject, Sdist, Wheel};
    let any = |wanted: &[SubjectKind]| kinds.iter().any(|kind| wanted.contains(kind));
    let tables = [
        (has(CHECKS_PYPROJECT, code), any(&[Project, Pyproject])),
        (has(CHECKS_TREE, code), any(&[Project])),
        (has(CHECKS_METADATA, code), any(&[Metadata, Wheel, Sdist])),
        (
            has(CHECKS_DESCRIPTION, code),
            any(&[Project, Metadata, Wheel, Sdist]),
        ),
        (has(CHECKS_WHEEL, code), any(&[Wheel])),
        (has(CHECKS_SDIST, code), any(&[Sdist])),
        (
            is(&SDIST_WHEEL, code) || is(&SDIST_WHEEL_FILES, code),
            any(&[Wheel]) && any(&[Sdist]),
        ),
        (is(&WHEEL_WHEEL, code), any(&[Wheel])),
        (
            is(&folder::RULE, code) || is(&stale::RULE, code),
            any(&[Project]) && any(&[Wheel, Sdist]),
        ),
        (
            is(&readme_agreement::RULE, code),
            any(&[Wheel, Sdist]) && (any(&[Project]) || (any(&[Wheel]) && any(&[Sdist]))),
        ),
        (is(&selection::RULE, code), true),
    ];
    let mut holding = tables.iter().filter(|(holds, _)| *holds).peekable();
    holding.peek().is_some() && holding.all(|(_, looked_at)| *looked_at)
}

fn has<S>(table: &[Check<S>], code: &str) -> bool {
    table.iter().any(|check| is(check.rule, code))
}

fn is(rule: &Rule, code: &str) -> bool {
    rule.code == code
}

#[cfg(test)]
mod tests {
    use pubflow_dist::check::{CHECKS_COMPARISON, CHECKS_SUCCESSION};

    use super::*;

    #[test]
    fn every_rule_of_this_crate_can_be_looked_for() {
        use SubjectKind::{Metadata, Project, Sdist, Unknown, Wheel};
        let all = [Project, Metadata, Wheel, Sdist, Unknown];
        for rule in crate::rules() {
            // These need an earlier release, which not every run is given.
            let needs_earlier =
                has(CHECKS_COMPARISON, rule.code) || has(CHECKS_SUCCESSION, rule.code);
            assert!(
                was_looked_for(rule.code, &all) || needs_earlier,
                "{}",
                rule.code
            );
            let nowhere = rule.code != selection::RULE.code && was_looked_for(rule.code, &[]);
            assert!(!nowhere, "{}", rule.code);
        }
    }
}
