//! P706: directives and roles that only Sphinx knows, or that PyPI switches off.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::Description;
use crate::judge::FirstMessage;

pub(super) static RULE: Rule = Rule {
    code: "P706",
    name: "description-unknown-directive",
    severity: Severity::Error,
    source: "PyPI's readme_renderer 45.0 with docutils 0.23",
    refused_by: &[Refuser::Pypi],
    about: "The reStructuredText uses a directive or role that docutils does not know, such as \
            `.. toctree::` or `:ref:` of Sphinx, or one that PyPI switches off: `include`, `raw`, \
            tables from files.",
    why: "PyPI renders without Sphinx and reads no files, takes each of these for an error, and \
          refuses the upload.",
    cure: "Use what docutils knows: literal text in two backquotes instead of `:func:`, a link \
           instead of `:ref:`, `.. code-block::` without Sphinx's options. Text to include belongs \
           into the README itself, or is put there by the build backend.",
    bad: "See :ref:`usage` and :func:`demo.run`.",
    good: "See `Usage`_ and ``demo.run``.",
};

/// Whether a message is one of those that this check reports.
pub(super) fn explains(first: &FirstMessage) -> bool {
    let message = first.message.lines().next().unwrap_or_default();
    message.starts_with("Unknown directive type")
        || message.starts_with("Unknown interpreted text role")
        || message.ends_with("directive disabled.")
        || message.ends_with("roles disabled")
        || message.starts_with("File and URL access deactivated")
}

/// Reports the directive or role that ends the rendering.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let first = description.judgement.first_message.as_ref();
    let Some(first) = first.filter(|first| explains(first)) else {
        return;
    };
    let message = first.message.lines().next().unwrap_or_default();
    let name = message.split('"').nth(1).unwrap_or("raw");
    let message = match message {
        message if message.starts_with("Unknown directive") => {
            format!("directive `{name}` is unknown to PyPI")
        }
        message if message.starts_with("Unknown interpreted") => {
            format!("role `{name}` is unknown to PyPI")
        }
        _ => format!("`{name}` is switched off on PyPI"),
    };
    let finding = description.finding_at(&RULE, first.line, message);
    findings.add(finding.why(super::refused::words(first)).next(
        "replace it by plain reStructuredText; `pubflow preview` shows what PyPI makes of it",
    ));
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        let rst = Some("text/x-rst");
        assert_eq!(
            found(&RULE, "Hi\n\n.. toctree::\n\n   x\n", rst),
            ["3: directive `toctree` is unknown to PyPI"]
        );
        assert_eq!(
            found(&RULE, "A :ref:`b`\n", rst),
            ["1: role `ref` is unknown to PyPI"]
        );
        assert_eq!(
            found(&RULE, ".. include:: x\n", rst),
            ["1: `include` is switched off on PyPI"]
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(found(&RULE, ".. note::\n\n   :sub:`x`\n", None).is_empty());
        assert!(found(&RULE, "Title\n====\n", None).is_empty());
    }
}
