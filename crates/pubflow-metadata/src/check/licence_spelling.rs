//! P402: licence expressions in other than the canonical spelling.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::LicenseExpression;

use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

pub(super) static RULE: Rule = Rule {
    code: "P402",
    name: "licence-spelling",
    severity: Severity::Note,
    source: "PEP 639",
    refused_by: &[],
    about: "Identifiers and operators of a licence expression are matched whatever their case, \
            but tools that compare texts want the spelling of the SPDX list, with `AND`, `OR` and \
            `WITH` in upper case.",
    why: "Some backends write the expression as it stands, one refuses it.",
    cure: "Write the canonical form.",
    bad: "license = \"mit or apache-2.0\"",
    good: "license = \"MIT OR Apache-2.0\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    for field in subject.metadata.named("License-Expression") {
        if let Some(canonical) = canonical(&field.value) {
            let message = format!("licence expression is spelt `{canonical}`");
            let finding = Finding::new(&RULE, message).field("License-Expression");
            findings.add(subject.place(finding, Some(field)));
        }
    }
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let text = subject.pyproject.project_string("license");
    let Some(canonical) = text.and_then(canonical) else {
        return;
    };
    let path = project(&["license"]);
    let message = format!("licence expression is spelt `{canonical}`");
    let mut finding = subject.finding(&RULE, &path, message);
    finding.fix = subject.replace_value(&path, &canonical);
    findings.add(finding.next(format!("write `{canonical}`")));
}

/// The canonical form of a valid expression that is written otherwise.
fn canonical(text: &str) -> Option<String> {
    let expression = LicenseExpression::parse(text).ok()?;
    (expression.as_str() != text).then(|| expression.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "License-Expression: mit\n"),
            ["License-Expression 4: licence expression is spelt `MIT`"]
        );
        assert_eq!(
            pyproject(
                check_pyproject,
                "[project]\nlicense = 'mit or apache-2.0'\n"
            ),
            ["project.license 2: licence expression is spelt `MIT OR Apache-2.0`"]
        );
    }

    #[test]
    fn the_fix_replaces_the_value() {
        let text = "[project]\nlicense = 'mit' # x\n";
        let fixed = fixed(check_pyproject, text);
        assert_eq!(fixed, "[project]\nlicense = \"MIT\" # x\n");
        assert_eq!(pyproject(check_pyproject, fixed), [""; 0]);
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "License-Expression: MIT OR 0BSD\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nlicense = 'MIT License'\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nlicense = {text = 'mit'}\n").is_empty());
    }
}
