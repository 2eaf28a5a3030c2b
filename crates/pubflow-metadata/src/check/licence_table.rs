//! P405: the old table form of `license`.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};

use pubflow_spec::LicenseExpression;
use toml_edit::Value;

use super::PyprojectSubject;
use super::pyproject::project;
use crate::pyproject::TomlPath;

/// Licence classifiers that mean one licence and no other.
const CLASSIFIERS: [(&str, &str); 8] = [
    (
        "License :: OSI Approved :: Apache Software License",
        "Apache-2.0",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v2 (GPLv2)",
        "GPL-2.0-only",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
        "GPL-3.0-only",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
        "GPL-3.0-or-later",
    ),
    ("License :: OSI Approved :: ISC License (ISCL)", "ISC"),
    ("License :: OSI Approved :: MIT License", "MIT"),
    (
        "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
        "MPL-2.0",
    ),
    (
        "License :: OSI Approved :: The Unlicense (Unlicense)",
        "Unlicense",
    ),
];

pub(super) static RULE: Rule = Rule {
    code: "P405",
    name: "licence-table",
    severity: Severity::Warning,
    source: "PEP 621 and 639",
    refused_by: &[Refuser::Spec],
    about: "`license = {file = …}` and `license = {text = …}` are the old forms, deprecated by \
            PEP 639. A table must have exactly one of the two keys and no other, and must not \
            stand next to `license-files`; backends refuse that.",
    why: "The text of a licence in the table ends in the old field `License`, whole pages of it \
            at times, where no tool can read which licence it is. PEP 639 forbids the table \
            beside `license-files`, and setuptools has announced that it will refuse it.",
    cure: "Write the SPDX expression as a string, and name the licence's files in `license-files`.",
    bad: "license = { file = \"LICENSE\" }",
    good: "license = \"MIT\"\nlicense-files = [\"LICENSE\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("project.license") else {
        return;
    };
    let path = project(&["license"]);
    let mut fault = |message: &str| {
        let finding = subject.finding(&RULE, &path, message);
        findings.add(finding.severity(Severity::Error));
    };
    let n_sources = ["file", "text"]
        .iter()
        .filter(|key| table.contains_key(key))
        .count();
    let is_whole = n_sources == 1;
    if !is_whole {
        fault("`license` must have exactly one of `file` and `text`");
    }
    for (key, _) in table
        .iter()
        .filter(|(key, _)| !["file", "text"].contains(key))
    {
        fault(&format!("`{key}` is no key of `license`"));
    }
    if subject.pyproject.item("project.license-files").is_some() {
        fault("`license` is a table next to `license-files`");
    } else if is_whole {
        let finding = subject.finding(&RULE, &path, "`license` has the deprecated table form");
        let mut finding = finding.next("write license = \"<SPDX expression>\"");
        finding.fix = as_expression(subject, &path);
        findings.add(finding);
    }
}

/// The table as an expression: its text where that is one; else what the one licence classifier
/// says, beside the file, which somebody has to confirm.
fn as_expression(subject: &PyprojectSubject, path: &TomlPath) -> Option<Fix> {
    let (_, span) = subject.pyproject.spans_of(path);
    let span = span?;
    let is_inline = subject.pyproject.text().get(span.clone())?.starts_with('{');
    if !is_inline {
        return None;
    }
    let given = |key: &str| {
        subject
            .pyproject
            .item(&format!("project.license.{key}"))?
            .as_str()
    };
    if let Some(text) = given("text") {
        let expression = LicenseExpression::parse(text.trim()).ok()?;
        return subject.replace_value(path, &expression.to_string());
    }
    let file = given("file")?;
    let classifiers = subject.pyproject.classifiers();
    let mut licences = classifiers
        .iter()
        .filter(|text| text.starts_with("License ::"));
    let (only, None) = (licences.next()?, licences.next()) else {
        return None;
    };
    let (_, identifier) = CLASSIFIERS.iter().find(|(text, _)| text == only)?;
    let text = format!(
        "{}\nlicense-files = [{}]",
        Value::from(*identifier),
        Value::from(file)
    );
    subject.replace(span, text).map(Fix::needs_decision)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "license = {text = 'MIT'}",
                "`license` has the deprecated table form",
            ),
            (
                "license = {}",
                "`license` must have exactly one of `file` and `text`",
            ),
            (
                "license = {file = 'a', text = 'b'}",
                "`license` must have exactly one of `file` and `text`",
            ),
            (
                "license = {file = 'a'}\nlicense-files = []",
                "`license` is a table next to `license-files`",
            ),
        ] {
            assert_eq!(
                pyproject(check, format!("[project]\n{text}\n")),
                [format!("project.license 2: {found}")]
            );
        }
        let both = pyproject(check, "[project]\nlicense = {text = 'MIT', x = 'y'}\n");
        assert_eq!(both.len(), 2);
    }

    #[test]
    fn the_fix_writes_an_expression() {
        assert_eq!(
            fixed(check, "[project]\nlicense = {text = 'mit'} # ours\n"),
            "[project]\nlicense = \"MIT\" # ours\n"
        );
        assert_eq!(
            fixed(
                check,
                "[project]\nlicense = {file = 'LICENSE'}\nclassifiers = ['License :: OSI Approved :: MIT License']\n"
            ),
            "[project]\nlicense = \"MIT\"\nlicense-files = [\"LICENSE\"]\nclassifiers = ['License :: OSI Approved :: MIT License']\n"
        );
        assert_eq!(
            fixed(check, "[project]\nlicense = {file = 'LICENSE'}\n"),
            "[project]\nlicense = {file = 'LICENSE'}\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\nlicense = 'MIT'\nlicense-files = ['L']\n").is_empty());
    }
}
