//! P507: a change log without the version.

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::Version;

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P507",
    name: "change-log",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The project has a change log with entries for versions, but none for the one in \
            `version`. Development releases are passed over.",
    why: "After the release nobody adds it to what was published.",
    cure: "Add the entry before you release, or correct the version.",
    bad: "version = \"1.1\"             # pyproject.toml\n\
            ## 1.0                      # the newest entry of CHANGELOG.md",
    good: "version = \"1.1\"             # pyproject.toml\n\
            ## 1.1                      # the newest entry of CHANGELOG.md",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(Ok(version)) = subject.pyproject.project_version().map(Version::parse) else {
        return;
    };
    let change_log = subject.tree.as_ref().and_then(|tree| tree.change_log());
    let Some((path, text)) = change_log.filter(|_| version.dev().is_none()) else {
        return;
    };
    let mut versions = versions_in(text).peekable();
    if versions.peek().is_some() && versions.all(|found| found != version) {
        let message = format!("`{path}` has no entry for version {version}");
        let finding = subject.finding(&RULE, &project(&["version"]), message);
        findings.add(finding.next(format!("add an entry for {version} to `{path}`")));
    }
}

/// Versions of at least two numbers among the words of a text.
fn versions_in(text: &str) -> impl Iterator<Item = Version> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!' | '-' | '_');
    let words = text.split(move |c: char| !is_part(c));
    words
        .map(|word| word.trim_matches(|c: char| matches!(c, '.' | '-' | '_' | '+' | '!')))
        .filter(|word| word.contains('.') && word.len() < 40)
        .filter_map(|word| Version::parse(word).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::with_subject;
    use crate::check::tree::ProjectTree;
    use crate::pyproject::Pyproject;

    fn found(version: &str, text: &str) -> Vec<String> {
        let pyproject = Pyproject::parse(&format!("[project]\nversion = '{version}'\n"));
        let mut subject = PyprojectSubject::bare(pyproject);
        let mut tree = ProjectTree::default();
        tree.texts.insert("CHANGES.md".to_owned(), text.to_owned());
        subject.tree = Some(tree);
        with_subject(check, &subject)
    }

    #[test]
    fn fires() {
        assert_eq!(
            found("1.1", "# Changes\n\n## 1.0 (2026-01-01)\n\nFirst.\n"),
            ["project.version 2: `CHANGES.md` has no entry for version 1.1"]
        );
        assert_eq!(found("1.1", "## v1.1.2\n").len(), 1);
    }

    #[test]
    fn stays_quiet() {
        assert!(found("1.1", "## [v1.1.0] - today\n## 1.0\n").is_empty());
        assert!(found("1.1", "1.1rc1, 1.1.\n====\n").is_empty());
        assert!(found("1.1.dev3", "## 1.0\n").is_empty());
        assert!(found("1.1", "See the releases on the forge.\n").is_empty());
        let bare = PyprojectSubject::bare(Pyproject::parse("[project]\nversion = '1'\n"));
        assert!(with_subject(check, &bare).is_empty());
    }
}
