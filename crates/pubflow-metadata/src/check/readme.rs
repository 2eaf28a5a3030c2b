//! P211: where the description comes from.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};
use toml_edit::TableLike;

use super::PyprojectSubject;
use super::backend_reference::leaves_the_tree;
use super::pyproject::project;
use crate::content_type::ContentType;
use crate::pyproject::TomlPath;

/// Endings from which a content type follows.
const ENDINGS: [&str; 3] = [".md", ".rst", ".txt"];

pub(super) static RULE: Rule = Rule {
    code: "P211",
    name: "readme",
    severity: Severity::Error,
    source: "PEP 621; core metadata: Description-Content-Type; R048",
    refused_by: &[Refuser::Spec],
    about: "`readme` of `[project]` is the name of a file ending in `.md`, `.rst` or `.txt`, or a \
            table with either `file` or `text` and a `content-type`. The file must exist inside \
            the project, and the content type must be one that PyPI renders: `text/markdown`, \
            `text/x-rst` or `text/plain`, with `charset=UTF-8` and for Markdown the variants \
            `GFM` and `CommonMark` in exactly this spelling.",
    why: "A backend that does not find the file stops, or builds a release without a description; \
            a content type that PyPI does not know is refused at the upload.",
    cure: "Name a file of the project with one of these endings, or add the `content-type` to the \
            table.",
    bad: "readme = { file = \"docs/about.adoc\", content-type = \"text/asciidoc\" }",
    good: "readme = \"README.md\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let path = project(&["readme"]);
    let Some(readme) = subject.pyproject.item("project.readme") else {
        return;
    };
    if let Some(file) = readme.as_str()
        && !has_known_ending(file)
    {
        let message = format!("readme `{file}` has an ending without a content type");
        let finding = subject.finding(&RULE, &path, message);
        findings.add(finding.next("write readme = {file = \"…\", content-type = \"…\"}"));
    }
    if let Some(table) = readme.as_table_like() {
        check_table(subject, table, findings);
    }
    for value in subject.pyproject.named_files() {
        let is_readme = value.path.to_string().starts_with("project.readme");
        if is_readme && leaves_the_tree(value.text) {
            let message = format!("readme is outside of the project: `{}`", value.text);
            findings.add(subject.finding(&RULE, &value.path, message));
        } else if is_readme && subject.missing_files.iter().any(|file| file == value.text) {
            let message = format!("readme does not exist: `{}`", value.text);
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.next(format!(
                "add `{}` to the project, or correct the name",
                value.text
            )));
        }
    }
}

fn check_table(subject: &PyprojectSubject, table: &dyn TableLike, findings: &mut Findings) {
    let path = project(&["readme"]);
    let fault = match (table.get("file"), table.get("text")) {
        (Some(_), Some(_)) => Some("`readme` has both `file` and `text`"),
        (None, None) => Some("`readme` has neither `file` nor `text`"),
        _ => None,
    };
    if let Some(message) = fault {
        findings.add(subject.finding(&RULE, &path, message));
    }
    for (key, _) in table.iter() {
        if !["file", "text", "content-type"].contains(&key) {
            let message = format!("`{key}` is no key of `readme`");
            findings.add(subject.finding(&RULE, &path.key(key), message));
        }
    }
    match table.get("content-type") {
        None => {
            let mut finding = subject.finding(&RULE, &path, "`readme` has no `content-type`");
            let file = table.get("file").and_then(|file| file.as_str());
            if let Some(by_ending) = file.and_then(type_by_ending) {
                finding.fix = add_type(subject, &path, by_ending);
                finding = finding.next(format!("write content-type = \"{by_ending}\""));
            }
            findings.add(finding);
        }
        Some(item) => {
            let refusal = item
                .as_str()
                .and_then(|text| ContentType::parse(text).refusal(text));
            if let (Some(text), Some(refusal)) = (item.as_str(), refusal) {
                let message = format!("content type is refused: `{text}`");
                let finding = subject.finding(&RULE, &path.key("content-type"), message);
                let mut finding = finding.why(format!("PyPI says: {refusal}"));
                if let Some(meant) = ContentType::parse(text).meant() {
                    finding.fix = subject.replace_value(&path.key("content-type"), &meant);
                    finding = finding.next(format!("write `{meant}`"));
                }
                findings.add(finding.refused_by(&[Refuser::Pypi, Refuser::Spec]));
            }
        }
    }
}

/// Puts a content type behind the `file` of the table, as an inline table or a section is written.
fn add_type(subject: &PyprojectSubject, path: &TomlPath, content_type: &str) -> Option<Fix> {
    let (_, file) = subject.pyproject.spans_of(&path.key("file"));
    let (_, table) = subject.pyproject.spans_of(path);
    let text = subject.pyproject.text();
    let is_inline = table
        .and_then(|table| text.get(table))
        .is_some_and(|text| text.starts_with('{'));
    let end = file?.end;
    let before = if is_inline { ", " } else { "\n" };
    let added = format!("{before}content-type = \"{content_type}\"");
    subject.replace(end..end, added)
}

/// The content type that backends give a file of this name.
fn type_by_ending(file: &str) -> Option<&'static str> {
    let (_, ending) = file.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some("text/markdown"),
        "rst" => Some("text/x-rst"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

fn has_known_ending(file: &str) -> bool {
    let lower = file.to_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::{fixed, pyproject, with_subject};
    use crate::pyproject::Pyproject;

    #[test]
    fn fires() {
        for (readme, found) in [
            (
                "'README'",
                "project.readme 2: readme `README` has an ending without a content type",
            ),
            (
                "'../R.md'",
                "project.readme 2: readme is outside of the project: `../R.md`",
            ),
            (
                "{file = 'R.md'}",
                "project.readme 2: `readme` has no `content-type`",
            ),
            (
                "{content-type = 'text/plain'}",
                "project.readme 2: `readme` has neither `file` nor `text`",
            ),
            (
                "{text = 'a', file = 'b', content-type = 'text/plain'}",
                "project.readme 2: `readme` has both `file` and `text`",
            ),
            (
                "{text = 'a', content-type = 'text/html'}",
                "project.readme.content-type 2: content type is refused: `text/html`",
            ),
            (
                "{text = 'a', content-type = 'text/plain', charset = 'x'}",
                "project.readme.charset 2: `charset` is no key of `readme`",
            ),
        ] {
            assert_eq!(
                pyproject(check, format!("[project]\nreadme = {readme}\n")),
                [found]
            );
        }
        let subject = PyprojectSubject {
            pyproject: Pyproject::parse("[project]\nreadme = 'R.md'\n"),
            missing_files: vec!["R.md".to_owned()],
            tree: None,
        };
        assert_eq!(
            with_subject(check, &subject),
            ["project.readme 2: readme does not exist: `R.md`"]
        );
    }

    #[test]
    fn the_fix_writes_the_type_that_is_meant() {
        for (before, after) in [
            (
                "readme = {file = 'R.md'}",
                "readme = {file = 'R.md', content-type = \"text/markdown\"}",
            ),
            (
                "[project.readme]\nfile = 'R.rst'  # long\n",
                "[project.readme]\nfile = 'R.rst'\ncontent-type = \"text/x-rst\"  # long\n",
            ),
            (
                "readme = {file = 'R', content-type = 'text/Markdown; charset=utf8; variant=gfm'}",
                "readme = {file = 'R', content-type = \"text/markdown; charset=UTF-8; variant=GFM\"}",
            ),
            (
                "readme = {file = 'R', content-type = 'text/html'}",
                "readme = {file = 'R', content-type = 'text/html'}",
            ),
            ("readme = {file = 'R'}", "readme = {file = 'R'}"),
        ] {
            let text = |readme: &str| format!("[project]\n{readme}\n");
            assert_eq!(fixed(check, &text(before)), text(after));
        }
    }

    #[test]
    fn stays_quiet() {
        for readme in [
            "'docs/README.MD'",
            "'a.rst'",
            "{file = 'x', content-type = 'text/markdown; charset=UTF-8'}",
        ] {
            assert!(pyproject(check, format!("[project]\nreadme = {readme}\n")).is_empty());
        }
    }
}
