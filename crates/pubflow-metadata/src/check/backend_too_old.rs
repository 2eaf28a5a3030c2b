//! P108: a build backend whose bound is too low for the licence metadata in use.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Operator, SpecifierSet, Version};

use super::PyprojectSubject;
use super::backend::{build_requirements, known_backend};

pub(super) static RULE: Rule = Rule {
    code: "P108",
    name: "backend-too-old",
    severity: Severity::Warning,
    source: "PEP 639",
    refused_by: &[],
    about: "The project uses the licence fields of PEP 639, and `requires` admits a backend from \
            before them.",
    why: "`license` as an expression and `license-files` are known to build backends since 2024 \
            and 2025 only: setuptools 77.0.3, hatchling 1.27.0, flit-core 3.12, poetry-core \
            2.2.0, pdm-backend 2.4.0, uv-build 0.7.19. An older one refuses the project, or \
            writes old metadata without a word.",
    cure: "Raise the bound in `requires`.",
    bad: "requires = [\"setuptools>=61\"]",
    good: "requires = [\"setuptools>=77.0.3\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let uses_new_form = subject.pyproject.project_string("license").is_some()
        || subject.pyproject.item("project.license-files").is_some();
    let Some((backend, since)) = known_backend(subject)
        .filter(|_| uses_new_form)
        .and_then(|backend| Some((backend, backend.licence_since?)))
    else {
        return;
    };
    let Ok(needed) = Version::parse(since) else {
        return;
    };
    for (value, requirement) in build_requirements(subject) {
        let Some(specifiers) = requirement.specifiers() else {
            continue;
        };
        if backend.is_required_by(&requirement) && lets_older_in(specifiers, &needed) {
            let name = backend.distribution;
            let message = format!("`{name}` needs version {since} for the licence fields in use");
            let mut finding = subject.finding(&RULE, &value.path, message);
            // Only a lone lower bound can be raised without thought.
            if let [clause] = specifiers.clauses()
                && clause.operator() == Operator::GreaterEqual
                && value.text.ends_with(&clause.to_string())
            {
                let start = value.text.len() - clause.to_string().len();
                let raised = format!("{}>={since}", &value.text[..start]);
                finding.fix = subject.replace_value(&value.path, &raised);
            }
            findings.add(finding.next(format!("write `{name}>={since}`")));
        }
    }
}

/// Whether a bound names a version below the needed one, and none a version from it on. Without
/// bounds the newest is taken.
fn lets_older_in(specifiers: &SpecifierSet, needed: &Version) -> bool {
    let versions = |is_bound: fn(Operator) -> bool| {
        let clauses = specifiers.clauses().iter();
        clauses
            .filter(move |clause| is_bound(clause.operator()))
            .filter_map(|clause| clause.version())
    };
    versions(|operator| operator != Operator::NotEqual).any(|version| version < needed)
        && !versions(is_lower).any(|version| version >= needed)
}

fn is_lower(operator: Operator) -> bool {
    !matches!(
        operator,
        Operator::NotEqual | Operator::Less | Operator::LessEqual
    )
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    fn project(requirement: &str, licence: &str) -> Vec<String> {
        pyproject(
            check,
            format!(
                "[build-system]\nrequires = ['{requirement}']\n\
                 build-backend = 'setuptools.build_meta'\n[project]\n{licence}\n"
            ),
        )
    }

    #[test]
    fn fires() {
        let found = "build-system.requires[0] 2: `setuptools` needs version 77.0.3 for the licence \
                     fields in use";
        for requirement in [
            "setuptools>=61",
            "setuptools<77",
            "setuptools==70.*",
            "setuptools>=61,<90",
        ] {
            assert_eq!(project(requirement, "license = 'MIT'"), [found]);
        }
        assert_eq!(project("setuptools>=61", "license-files = ['L']"), [found]);
    }

    #[test]
    fn the_fix_raises_the_bound() {
        assert_eq!(
            fixed(
                check,
                "[build-system]\nrequires = ['setuptools>=61']\nbuild-backend = 'setuptools.build_meta'\n[project]\nlicense = 'MIT'\n"
            ),
            "[build-system]\nrequires = [\"setuptools>=77.0.3\"]\nbuild-backend = 'setuptools.build_meta'\n[project]\nlicense = 'MIT'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(project("setuptools>=77.0.3", "license = 'MIT'").is_empty());
        assert!(project("setuptools", "license = 'MIT'").is_empty());
        assert!(project("setuptools>=61,>=78", "license = 'MIT'").is_empty());
        assert!(project("setuptools>=61", "license = {text = 'MIT'}").is_empty());
        assert!(project("setuptools!=70", "license = 'MIT'").is_empty());
    }
}
