//! P703: a description that says nothing.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;

/// Characters below which a page tells nobody what the project is for.
const SHORT: usize = 30;

pub(super) static RULE: Rule = Rule {
    code: "P703",
    name: "description-missing",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The long description is empty or has less than thirty characters.",
    why: "The project page on PyPI then has next to nothing on it, and `twine check --strict` \
          fails.",
    cure: "Write what the project does, how it is installed and one example, and name the file as \
           `readme`.",
    bad: "readme = { text = \"demo\", content-type = \"text/plain\" }",
    good: "readme = \"README.md\"",
};

/// Counts characters that are shown.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let n_chars = description
        .text
        .chars()
        .filter(|c| !c.is_whitespace())
        .count();
    if n_chars >= SHORT {
        return;
    }
    let message = match n_chars {
        0 => "the description is empty".to_owned(),
        n => format!("the description has {n} characters"),
    };
    findings.add(
        description
            .finding(&RULE, message)
            .next("write a README and name it in `project.readme`"),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        assert_eq!(
            found(&RULE, "", Some("text/markdown")),
            ["the description is empty"]
        );
        assert_eq!(
            found(&RULE, "demo\n", None),
            ["the description has 4 characters"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            found(
                &RULE,
                "Reads maps of any size and draws them nicely.\n",
                None
            )
            .is_empty()
        );
    }
}
