//! P506: other places of the tree that name another version.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::Version;

use super::PyprojectSubject;
use super::pyproject::project;
use super::tree::CITATION;

pub(super) static RULE: Rule = Rule {
    code: "P506",
    name: "version-elsewhere",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "`version` of `[project]`, `__version__` of the top module and `version` of \
            CITATION.cff name different versions: one of them was forgotten.",
    why: "Users who ask the program get another answer than those who ask the installer.",
    cure: "Set them alike, or let the backend read the version from one place.",
    bad: "# pyproject.toml\nversion = \"1.1\"\n# src/demo/__init__.py\n__version__ = \"1.0\"",
    good: "# pyproject.toml\ndynamic = [\"version\"]       # read from src/demo/__init__.py",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(version)) = subject.pyproject.project_version().map(Version::parse) else {
        return;
    };
    for (path, text) in subject.tree.iter().flat_map(|tree| &tree.texts) {
        let found = if path.ends_with(".py") {
            assigned(text, "__version__", '=')
        } else if path == CITATION {
            assigned(text, "version", ':')
        } else {
            continue;
        };
        if let Some(Ok(other)) = found.map(Version::parse)
            && other != version
        {
            let message = format!("`version` is {version}, but `{path}` says {other}");
            let finding = subject.finding(&RULE, &project(&["version"]), message);
            findings.add(finding.next("set both alike, or read one from the other"));
        }
    }
}

/// The text behind the first `NAME = "…"` at the beginning of a line; quotes are optional only
/// behind a colon.
fn assigned<'a>(text: &'a str, name: &str, sign: char) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        // A type may stand between a name and its value.
        let (before, value) = rest.split_once(sign)?;
        if !matches!(before.trim(), "" | ": str" | ": Final" | ": Final[str]") {
            return None;
        }
        let value = value.trim();
        match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next(),
            _ if sign == ':' => value.split_whitespace().next(),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::with_subject;
    use crate::check::tree::ProjectTree;
    use crate::pyproject::Pyproject;

    fn found(path: &str, text: &str) -> Vec<String> {
        let pyproject = Pyproject::parse("[project]\nversion = '1.1'\n");
        let mut subject = PyprojectSubject::bare(pyproject);
        let mut tree = ProjectTree::default();
        tree.texts.insert(path.to_owned(), text.to_owned());
        subject.tree = Some(tree);
        with_subject(check, &subject)
    }

    #[test]
    fn fires() {
        assert_eq!(
            found(
                "demo/__init__.py",
                "import x\n__version__: str = \"1.0\"  # old\n"
            ),
            ["project.version 2: `version` is 1.1, but `demo/__init__.py` says 1.0"]
        );
        assert_eq!(
            found("CITATION.cff", "cff-version: 1.2.0\nversion: 1.0\n"),
            ["project.version 2: `version` is 1.1, but `CITATION.cff` says 1.0"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(found("demo.py", "__version__ = '1.1.0'\n").is_empty());
        assert!(found("demo.py", "__version__ = version('demo')\n").is_empty());
        assert!(found("demo.py", "__version_info__ = '9'\n  __version__ = '9'\n").is_empty());
        assert!(found("CITATION.cff", "version: \"1.1\"\n").is_empty());
        assert!(found("CHANGES.md", "__version__ = '9'\n").is_empty());
    }
}
