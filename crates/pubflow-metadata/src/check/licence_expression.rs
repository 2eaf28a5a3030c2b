//! P401: licence expressions.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};
use pubflow_spec::LicenseExpression;

use super::licence_reference::is_its_own;
use super::metadata::shown;
use super::pyproject::project;
use super::{MetadataSubject, PyprojectSubject};

/// What people write, and the identifier they mean.
const MEANT: [(&str, &str); 12] = [
    ("apache", "Apache-2.0"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache software license", "Apache-2.0"),
    ("bsd", "BSD-3-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("gplv2", "GPL-2.0-only"),
    ("gplv3", "GPL-3.0-only"),
    ("lgplv3", "LGPL-3.0-only"),
    ("mit license", "MIT"),
    ("mpl 2.0", "MPL-2.0"),
];

pub(super) static RULE: Rule = Rule {
    code: "P401",
    name: "licence-expression",
    severity: Severity::Error,
    source: "PEP 639; R049",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "A string in `license` of `[project]` becomes `License-Expression` and must be an SPDX \
            expression: identifiers of the SPDX list such as `MIT` or `Apache-2.0`, joined by \
            `AND`, `OR` and `WITH`.",
    why: "PyPI refuses names in prose, slashes and commas. Backends that check refuse to build.",
    cure: "Write the identifier of the SPDX list. A licence that is not on it is written \
            `LicenseRef-Something`.",
    bad: "license = \"Apache 2.0\"",
    good: "license = \"Apache-2.0\"",
};

pub(super) fn check_metadata(subject: &MetadataSubject, findings: &mut Findings) {
    subject.report(&RULE, "License-Expression", &["R049"], findings);
}

pub(super) fn check_pyproject(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(text) = subject.pyproject.project_string("license") else {
        return;
    };
    if let Err(error) = LicenseExpression::parse(text)
        && !is_its_own(*error.expected())
    {
        let message = format!("`license` is no licence expression: `{}`", shown(text));
        let finding = subject.finding(&RULE, &project(&["license"]), message);
        let mut finding = finding.why(error.to_string());
        let lower = text.trim().to_lowercase();
        findings.add(match MEANT.iter().find(|(prose, _)| *prose == lower) {
            Some((_, identifier)) => {
                let fix = subject.replace_value(&project(&["license"]), identifier);
                finding.fix = fix.map(Fix::needs_decision);
                finding.next(format!("write `{identifier}` if you mean it"))
            }
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{check_metadata, check_pyproject};
    use crate::check::probe::{fixed, metadata, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            metadata(check_metadata, "License-Expression: MIT License\n"),
            ["License-Expression 4: `License-Expression` is refused: `MIT License`"]
        );
        assert_eq!(
            pyproject(check_pyproject, "[project]\nlicense = 'MIT/Apache-2.0'\n"),
            ["project.license 2: `license` is no licence expression: `MIT/Apache-2.0`"]
        );
    }

    #[test]
    fn the_fix_writes_the_identifier() {
        assert_eq!(
            fixed(check_pyproject, "[project]\nlicense = 'Apache 2.0'\n"),
            "[project]\nlicense = \"Apache-2.0\"\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(metadata(check_metadata, "License-Expression: mit or LicenseRef-X\n").is_empty());
        assert!(metadata(check_metadata, "License: as you like\n").is_empty());
        assert!(pyproject(check_pyproject, "[project]\nlicense = {text = 'x'}\n").is_empty());
    }
}
