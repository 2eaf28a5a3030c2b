//! P107: `wheel` in the build requirements of a setuptools project.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::backend::{build_requirements, known_backend};

pub(super) static RULE: Rule = Rule {
    code: "P107",
    name: "needless-wheel",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "`wheel` stands in `requires` beside setuptools.",
    why: "Setuptools asks for `wheel` itself when it builds a wheel, and since version 70.1 it \
            needs it no more. Listing it in `requires` makes every build fetch a distribution for \
            nothing.",
    cure: "Remove it, unless setup.py imports it.",
    bad: "requires = [\"setuptools\", \"wheel\"]",
    good: "requires = [\"setuptools\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    if known_backend(subject).is_none_or(|backend| backend.distribution != "setuptools") {
        return;
    }
    for (value, requirement) in build_requirements(subject) {
        if requirement.name.normalized() == "wheel" {
            let message = "setuptools needs no `wheel` in `requires`";
            let mut finding = subject.finding(&RULE, &value.path, message);
            finding.fix = subject.remove_element(&value.path);
            findings.add(finding.next("remove it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let text = "[build-system]\nrequires = ['setuptools', 'Wheel>=0.3']\n\
                    build-backend = 'setuptools.build_meta'\n";
        assert_eq!(
            pyproject(check, text),
            ["build-system.requires[1] 2: setuptools needs no `wheel` in `requires`"]
        );
    }

    #[test]
    fn the_fix_removes_it() {
        assert_eq!(
            fixed(
                check,
                "[build-system]\nrequires = ['setuptools', 'wheel']\nbuild-backend = 'setuptools.build_meta'\n"
            ),
            "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        let other = "[build-system]\nrequires = ['x', 'wheel']\nbuild-backend = 'x'\n";
        assert!(pyproject(check, other).is_empty());
        let good = "[build-system]\nrequires = ['setuptools']\n\
                    build-backend = 'setuptools.build_meta'\n";
        assert!(pyproject(check, good).is_empty());
    }
}
