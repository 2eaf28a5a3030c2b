//! P106: a build backend that nothing in `requires` provides.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::backend::{build_requirements, known_backend};
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P106",
    name: "backend-not-required",
    severity: Severity::Warning,
    source: "PEP 517 and 518",
    refused_by: &[],
    about: "`build-backend` names a backend that no entry of `requires` brings.",
    why: "The build environment holds what `requires` lists and what that depends on, nothing \
            else. A `build-backend` whose distribution is not listed cannot be imported, unless \
            something else brings it by chance.",
    cure: "Add the backend's distribution to `requires`.",
    bad: "requires = [\"setuptools\"]\nbuild-backend = \"hatchling.build\"",
    good: "requires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let (Some(backend), Ok(build_system)) =
        (known_backend(subject), subject.pyproject.build_system())
    else {
        return;
    };
    let requirements = build_requirements(subject);
    let all_are_valid = requirements.len() == build_system.requires.len();
    if all_are_valid
        && !requirements
            .iter()
            .any(|(_, requirement)| backend.is_required_by(requirement))
    {
        let path = TomlPath::of(&["build-system", "build-backend"]);
        let distribution = backend.distribution;
        let message = format!("`requires` does not list `{distribution}`, which has the backend");
        let mut finding = subject.finding(&RULE, &path, message);
        let requires = TomlPath::of(&["build-system", "requires"]);
        finding.fix = subject.append_element(&requires, distribution);
        findings.add(finding.next(format!("add `{distribution}` to `requires`")));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let text = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'hatchling.build'\n";
        assert_eq!(
            pyproject(check, text),
            [
                "build-system.build-backend 3: `requires` does not list `hatchling`, which has the \
              backend"
            ]
        );
    }

    #[test]
    fn the_fix_adds_it() {
        assert_eq!(
            fixed(
                check,
                "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'hatchling.build'\n"
            ),
            "[build-system]\nrequires = ['setuptools', \"hatchling\"]\nbuild-backend = 'hatchling.build'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "requires = ['Flit_Core>=3']\nbuild-backend = 'flit_core.buildapi'\n",
            "requires = []\nbuild-backend = 'flit_core.buildapi'\nbackend-path = ['.']\n",
            "requires = []\nbuild-backend = 'my_backend'\n",
            "requires = []\n",
            "requires = ['hatchling >>> 1']\nbuild-backend = 'hatchling.build'\n",
        ] {
            assert!(pyproject(check, format!("[build-system]\n{text}")).is_empty());
        }
    }
}
