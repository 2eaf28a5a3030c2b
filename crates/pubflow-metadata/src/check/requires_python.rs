//! P213: `requires-python` that is no set of version specifiers.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::SpecifierSet;

use super::caret::clauses_of_caret;
use super::metadata::shown;
use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P213",
    name: "requires-python",
    severity: Severity::Error,
    source: "version specifiers (PEP 440); R046",
    refused_by: &[Refuser::Pypi, Refuser::Uv, Refuser::Spec],
    about: "`requires-python` must be a comma-separated list of version specifiers such as \
            `>=3.9,<4`.",
    why: "A caret, a missing comma, a bare number or `>=3.9.*` is refused by PyPI; installers \
            that meet such a text ignore it or refuse the file.",
    cure: "Write the operators out.",
    bad: "requires-python = \"^3.9\"",
    good: "requires-python = \">=3.9\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    for (objection, field) in subject.objections("Requires-Python") {
        let finding = subject.finding(&RULE, "Requires-Python", field, &objection);
        let value = field.map_or("", |field| field.value.as_str());
        findings.add(lenient(finding, value));
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(value) = subject.pyproject.requires_python() else {
        return;
    };
    if let Err(error) = SpecifierSet::parse(value) {
        let message = format!("`requires-python` is no specifier: `{}`", shown(value));
        let path = project(&["requires-python"]);
        let mut finding = subject
            .finding(&RULE, &path, message)
            .why(error.to_string());
        if let Some(meant) = meant(value) {
            finding = finding.next(format!("write `{meant}`"));
            finding.fix = subject.replace_value(&path, &meant);
        }
        findings.add(lenient(finding, value));
    }
}

/// What the operators of other languages, a missing comma and a wildcard behind `>=` stand for;
/// nothing where that is not certain.
fn meant(value: &str) -> Option<String> {
    let mut clauses = Vec::new();
    for part in value.split([',', ' ']).filter(|part| !part.is_empty()) {
        if let Some(version) = part.strip_prefix('^') {
            clauses.push(clauses_of_caret(version)?);
        } else {
            let is_ordering = part.starts_with(">=") || part.starts_with('<');
            let plain = part.strip_suffix(".*").filter(|_| is_ordering);
            clauses.push(plain.unwrap_or(part).to_owned());
        }
    }
    let text = clauses.join(",");
    SpecifierSet::parse(&text).is_ok().then_some(text)
}

/// uv forgives a wildcard behind an ordering operator.
fn lenient(finding: Finding, value: &str) -> Finding {
    match value.contains(".*") {
        true => finding.refused_by(&[Refuser::Pypi, Refuser::Spec]),
        false => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "Requires-Python: 3.9\n"),
            ["Requires-Python 4: `Requires-Python` is refused: `3.9`"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nrequires-python = '^3.9'"),
            ["project.requires-python 2: `requires-python` is no specifier: `^3.9`"]
        );
    }

    #[test]
    fn the_fix_writes_what_is_meant() {
        assert_eq!(
            fixed(check_pyproject, "[project]\nrequires-python = '^3.9'\n"),
            "[project]\nrequires-python = \">=3.9,<4\"\n"
        );
        assert_eq!(
            fixed(check_pyproject, "[project]\nrequires-python = '>=3.9 <4'\n"),
            "[project]\nrequires-python = \">=3.9,<4\"\n"
        );
        assert_eq!(
            fixed(check_pyproject, "[project]\nrequires-python = '>=3.9.*'\n"),
            "[project]\nrequires-python = \">=3.9\"\n"
        );
        assert_eq!(
            fixed(check_pyproject, "[project]\nrequires-python = '3.9'\n"),
            "[project]\nrequires-python = '3.9'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "Requires-Python: >= 3.9, <4\n").is_empty());
        assert!(metadata(check_metadata, "Requires-Python:\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nrequires-python = '>=3.9'").is_empty());
    }
}
