//! P208: a description of more than one line.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

pub(super) static RULE: Rule = Rule {
    code: "P208",
    name: "description-newline",
    severity: Severity::Error,
    source: "PEP 621; core metadata: Summary; R038",
    refused_by: &[Refuser::Spec],
    about: "`description` becomes the one-line summary of the release.",
    why: "With a line end in it the outcome depends on the backend: some join the lines, some \
            write a summary that PyPI refuses.",
    cure: "Write one line; the long text belongs into the readme.",
    bad: "description = \"\"\"\nReads maps\nand draws them\"\"\"",
    good: "description = \"Reads maps and draws them\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let description = subject.pyproject.project_string("description");
    if let Some(text) = description.filter(|text| text.contains(['\n', '\r'])) {
        let message = "`description` has more than one line";
        let path = project(&["description"]);
        let mut finding = subject.finding(&RULE, &path, message);
        let lines = text.split(['\n', '\r']).map(str::trim);
        let joined: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        finding.fix = subject.replace_value(&path, &joined.join(" "));
        findings.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\ndescription = \"\"\"a\nb\"\"\"\n"),
            ["project.description 2: `description` has more than one line"]
        );
    }

    #[test]
    fn the_fix_joins_the_lines() {
        assert_eq!(
            fixed(check, "[project]\ndescription = '''\na\n  b'''\n"),
            "[project]\ndescription = \"a b\"\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(pyproject(check, "[project]\ndescription = \"\"\"\na\"\"\"\n").is_empty());
    }
}
