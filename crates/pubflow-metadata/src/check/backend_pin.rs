//! P109: a build backend that is pinned, or open upwards against its own advice.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Operator, Requirement, SpecifierClause};

use super::PyprojectSubject;
use super::backend::{build_requirements, known_backend};

/// Backends that announce breaking changes and ask for an upper bound.
const WANT_UPPER_BOUND: [&str; 1] = ["uv-build"];

pub(super) static RULE: Rule = Rule {
    code: "P109",
    name: "backend-pin",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The build backend is pinned with `==`, or is `uv_build` without an upper bound.",
    why: "An sdist is built for years after its release, by Pythons that do not exist yet. A \
            backend pinned with `==` will not run on some of them, so that the sdist cannot be \
            built any more. The other way round, `uv_build` asks for an upper bound, because its \
            next minor version may change what is built.",
    cure: "Give a lower bound, and an upper one for backends that ask for it.",
    bad: "requires = [\"hatchling==1.27.0\"]",
    good: "requires = [\"hatchling>=1.27\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(backend) = known_backend(subject) else {
        return;
    };
    for (value, requirement) in build_requirements(subject) {
        if !backend.is_required_by(&requirement) {
            continue;
        }
        let name = backend.distribution;
        let wants_bound = WANT_UPPER_BOUND.contains(&name);
        let message = if has(&requirement, is_pin) {
            format!("build backend is pinned: `{}`", value.text)
        } else if wants_bound && !has(&requirement, is_upper) {
            format!("`{name}` asks for an upper bound: `{}`", value.text)
        } else {
            continue;
        };
        findings.add(subject.finding(&RULE, &value.path, message));
    }
}

fn has(requirement: &Requirement, is_it: fn(&SpecifierClause) -> bool) -> bool {
    let specifiers = requirement.specifiers();
    specifiers.is_some_and(|set| set.clauses().iter().any(is_it))
}

fn is_pin(clause: &SpecifierClause) -> bool {
    let exact = matches!(clause.operator(), Operator::Equal | Operator::Arbitrary);
    exact && !clause.is_wildcard()
}

fn is_upper(clause: &SpecifierClause) -> bool {
    !matches!(
        clause.operator(),
        Operator::GreaterEqual | Operator::Greater | Operator::NotEqual
    )
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    fn built_by(requirement: &str, backend: &str) -> Vec<String> {
        let text = format!(
            "[build-system]\nrequires = ['{requirement}', 'other==1']\nbuild-backend = '{backend}'\n"
        );
        pyproject(check, text)
    }

    #[test]
    fn fires() {
        assert_eq!(
            built_by("hatchling==1.27.0", "hatchling.build"),
            ["build-system.requires[0] 2: build backend is pinned: `hatchling==1.27.0`"]
        );
        assert_eq!(
            built_by("uv_build>=0.8", "uv_build"),
            ["build-system.requires[0] 2: `uv-build` asks for an upper bound: `uv_build>=0.8`"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(built_by("hatchling>=1.27", "hatchling.build").is_empty());
        assert!(built_by("hatchling==1.*", "hatchling.build").is_empty());
        assert!(built_by("uv_build>=0.8,<0.9", "uv_build").is_empty());
    }
}
