//! P306: dependencies that no version can satisfy.

use std::collections::BTreeMap;

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Number, Prereleases, Requirement, SpecifierSet, Version};

use super::PyprojectSubject;
use super::dependency_invalid::runtime_requirements;
use super::metadata::shown;
use crate::pyproject::Dependency;

/// Clauses of one project from which they are not compared; each is held against all others.
const MOST_CLAUSES: usize = 40;

pub(super) static RULE: Rule = Rule {
    code: "P306",
    name: "dependency-contradiction",
    severity: Severity::Warning,
    source: "version specifiers (PEP 440)",
    refused_by: &[],
    about: "Bounds on one project exclude each other, so that no version is left.",
    why: "Bounds that exclude each other, in one dependency or in two on the same project that \
            hold at the same time, leave no version to install: every installation fails, and \
            only there.",
    cure: "Correct the bounds, or give the two dependencies markers that exclude each other.",
    bad: "dependencies = [\"attrs>=23\", \"attrs<22\"]",
    good: "dependencies = [\"attrs>=23\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let mut by_name: BTreeMap<(String, String), Vec<(&Dependency, &Requirement)>> = BTreeMap::new();
    for (dependency, requirement) in runtime_requirements(&subject.pyproject) {
        let marker = requirement.marker.as_ref().map(ToString::to_string);
        let name = requirement.name.normalized().to_owned();
        let same = by_name.entry((name, marker.unwrap_or_default()));
        same.or_default().push((dependency, requirement));
    }
    for same in by_name.values() {
        let alone = same.iter().find(|(_, requirement)| {
            let specifiers = requirement.specifiers();
            specifiers.is_some_and(|set| is_unsatisfiable(&[set]))
        });
        let (value, message) = match (alone, same.last()) {
            (Some((value, _)), _) => {
                let text = shown(&value.text);
                (value, format!("no version satisfies `{text}`"))
            }
            (None, Some((value, requirement))) if same.len() > 1 => {
                let sets: Vec<_> = same.iter().filter_map(|(_, r)| r.specifiers()).collect();
                if !is_unsatisfiable(&sets) {
                    continue;
                }
                let name = requirement.name.as_str();
                (
                    value,
                    format!("no version satisfies all dependencies on `{name}`"),
                )
            }
            _ => continue,
        };
        findings.add(subject.finding(&RULE, &value.path, message));
    }
}

/// Whether no version is in all of the sets: none of those that stand in their clauses, none just
/// above or below them.
fn is_unsatisfiable(sets: &[&SpecifierSet]) -> bool {
    let clauses: Vec<_> = sets.iter().flat_map(|set| set.clauses()).collect();
    let is_plain = |version: &Version| version.dev().is_none() && !version.is_local();
    let all_plain = clauses
        .iter()
        .all(|clause| clause.version().is_some_and(is_plain));
    if clauses.len() < 2 || clauses.len() > MOST_CLAUSES || !all_plain {
        return false;
    }
    let named = clauses.iter().filter_map(|clause| clause.version());
    let mut candidates: Vec<String> = named.flat_map(around).collect();
    candidates.extend(["0".to_owned(), "0.dev0".to_owned(), "999999999".to_owned()]);
    !candidates
        .iter()
        .filter_map(|text| Version::parse(text).ok())
        .any(|version| {
            let mut sets = sets.iter();
            sets.all(|set| set.contains(&version, Prereleases::Allow))
        })
}

/// A version and its neighbours.
fn around(version: &Version) -> Vec<String> {
    let (public, base) = (version.public(), version.base());
    let pre = version.pre().map(|(kind, n)| (kind.as_str(), n.as_u64()));
    let (kind, n_pre) = pre.unwrap_or(("a", None));
    let [n_pre, n_post] = [n_pre, version.post().and_then(Number::as_u64)]
        .map(|n| n.map_or(0, |n| n.saturating_add(1)));
    vec![
        public.clone(),
        format!("{base}{kind}{n_pre}"),
        format!("{base}.post{n_post}"),
        format!("{base}.0.0.0.1"),
        format!("{base}.1"),
        format!("{base}.post1"),
        format!("{base}.post999999"),
        format!("{base}.dev0"),
        format!("{base}a0"),
        format!("{base}rc999999"),
        format!("{public}.post1"),
        format!("{public}.dev0"),
        raised(&base),
        base,
    ]
}

/// A release with its last number one higher.
fn raised(base: &str) -> String {
    let at = base.rfind(['.', '!']).map_or(0, |at| at + 1);
    let (head, last) = base.split_at(at);
    let last: u64 = last.parse().unwrap_or(0);
    format!("{head}{}", last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    fn depends(list: &str) -> Vec<String> {
        pyproject(check, format!("[project]\ndependencies = [{list}]\n"))
    }

    #[test]
    fn fires() {
        assert_eq!(
            depends("'a>=2,<1'"),
            ["project.dependencies[0] 2: no version satisfies `a>=2,<1`"]
        );
        assert_eq!(
            depends("'a>=2', 'b', 'A<2'"),
            ["project.dependencies[2] 2: no version satisfies all dependencies on `A`"]
        );
        assert_eq!(depends("'a==1.0,==1.1'").len(), 1);
        // An upper bound leaves out the pre-releases of its version.
        assert_eq!(depends("'a>=1.0a1,<1.0'").len(), 1);
        assert_eq!(depends("'a~=1.4,>=2'").len(), 1);
        assert_eq!(depends("'a==1.*,!=1.*'").len(), 1);
    }

    #[test]
    fn stays_quiet() {
        for list in [
            "'a>1,<2'",
            "'a>1,<=1.0.1'",
            "'a>=1,<=1'",
            "'a!=1,<=1'",
            "'a~=1.4.2,!=1.4.2'",
            "'a==1.*,!=1.0,!=1.1'",
            "'a>=1.0a1,<1.0b2'",
            "'a>=2; python_version < \"3.9\"', 'a<2; python_version >= \"3.9\"'",
            "'a>=1.5,<2,!=1.5.*'",
            "'a>1.0.post1,<1.0.post3'",
            "'a<1', 'a'",
        ] {
            assert!(depends(list).is_empty(), "{list}");
        }
    }
}
