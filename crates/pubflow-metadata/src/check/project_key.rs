//! P206: unknown keys in `[project]`.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;
use crate::spelling::nearest;

/// Keys of the table.
pub(super) const KEYS: [&str; 20] = [
    "authors",
    "classifiers",
    "dependencies",
    "description",
    "dynamic",
    "entry-points",
    "gui-scripts",
    "import-names",
    "import-namespaces",
    "keywords",
    "license",
    "license-files",
    "maintainers",
    "name",
    "optional-dependencies",
    "readme",
    "requires-python",
    "scripts",
    "urls",
    "version",
];

/// Names that other tools use for something that the table has.
const ELSEWHERE: [(&str, &str); 16] = [
    ("author", "authors"),
    ("author-email", "authors"),
    ("author_email", "authors"),
    ("bugtracker", "urls"),
    ("documentation", "urls"),
    ("extras_require", "optional-dependencies"),
    ("entry_points", "entry-points"),
    ("home-page", "urls"),
    ("homepage", "urls"),
    ("include", "the backend's own table below `tool`"),
    ("install_requires", "dependencies"),
    ("long_description", "readme"),
    ("maintainer", "maintainers"),
    ("packages", "the backend's own table below `tool`"),
    ("python_requires", "requires-python"),
    ("repository", "urls"),
];

pub(super) static RULE: Rule = Rule {
    code: "P206",
    name: "project-key",
    severity: Severity::Error,
    source: "PEP 621",
    refused_by: &[Refuser::Spec],
    about: "`[project]` has a fixed set of keys, all in lower case with hyphens.",
    why: "Some backends refuse an unknown key, others pass over it without a word, so that a \
            misspelt `requires_python` or `install_requires` is simply missing in the release.",
    cure: "Use the key that the finding proposes; what `[project]` has no key for belongs below \
            `[tool]`.",
    bad: "[project]\nrequires_python = \">=3.10\"\nhomepage = \"https://example.org\"",
    good: "[project]\nrequires-python = \">=3.10\"\nurls.Homepage = \"https://example.org\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project") else {
        return;
    };
    for (key, _) in table.iter().filter(|(key, _)| !KEYS.contains(key)) {
        let message = format!("`{key}` is no key of `project`");
        let mut finding = subject.finding(&RULE, &project(&[key]), message);
        if let Some(known) = respelt(key).filter(|known| !table.contains_key(known)) {
            finding.fix = subject.replace_key(&project(&[key]), known);
        }
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == key);
        let known = elsewhere
            .map(|(_, known)| *known)
            .or_else(|| nearest(key, KEYS));
        findings.add(match known {
            Some(known) if known.contains(' ') => finding.next(format!("move it to {known}")),
            Some(known) => finding.next(format!("use `{known}`")),
            None => finding.next("remove it"),
        });
    }
}

/// The key that differs in letter case and in `_` for `-` only.
fn respelt(key: &str) -> Option<&'static str> {
    let folded = key.to_lowercase().replace('_', "-");
    KEYS.into_iter().find(|known| *known == folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::{fixed, pyproject};
    use crate::pyproject::Pyproject;

    #[test]
    fn fires() {
        let text = "[project]\nname = 'x'\nrequires_python = '>=3'\nhomepage = 'y'\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.requires_python 3: `requires_python` is no key of `project`",
                "project.homepage 4: `homepage` is no key of `project`",
            ]
        );
        let mut findings = Findings::default();
        check(
            &PyprojectSubject::bare(Pyproject::parse(text)),
            &mut findings,
        );
        let next: Vec<_> = findings.into_sorted().into_iter().map(|f| f.next).collect();
        assert_eq!(
            next,
            [
                Some("use `requires-python`".to_owned()),
                Some("use `urls`".to_owned())
            ]
        );
    }

    #[test]
    fn another_spelling_has_a_fix() {
        assert_eq!(
            fixed(check, "[project]\nRequires_Python = '>=3'\nrequire = 1\n"),
            "[project]\nrequires-python = '>=3'\nrequire = 1\n"
        );
    }

    #[test]
    fn stays_quiet() {
        let keys: Vec<_> = KEYS.iter().map(|key| format!("{key} = 1\n")).collect();
        assert!(pyproject(check, format!("[project]\n{}", keys.concat())).is_empty());
    }
}
