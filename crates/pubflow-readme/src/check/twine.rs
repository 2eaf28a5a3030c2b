//! P712: content types that twine and PyPI read differently.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;
use crate::content_type::{ContentType, Format};
use crate::judge::{TwineVerdict, twine_verdict};

pub(super) static RULE: Rule = Rule {
    code: "P712",
    name: "twine-reads-otherwise",
    severity: Severity::Note,
    source: "twine 6's check; PyPI's description content types",
    refused_by: &[],
    about: "`twine check` and PyPI come to different verdicts on the description because of its \
            content type.",
    why: "twine renders a type that it does not know as reStructuredText, and what is no type at all \
          as plain text; PyPI refuses either. A check that passes in CI is then followed by an upload \
          that fails, or the other way round.",
    cure: "Write one of `text/markdown`, `text/x-rst` and `text/plain`, without parameters besides \
           `charset=UTF-8` and `variant`.",
    bad: "Description-Content-Type: text/html",
    good: "Description-Content-Type: text/markdown",
};

/// Compares the verdicts where the type is not read alike.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let Some(given) = &description.given_type else {
        return;
    };
    let parsed = ContentType::parse(given);
    let pypi = parsed.for_pypi();
    let has_odd = ["stream", "raw"]
        .iter()
        .any(|name| parsed.parameter(name).is_some());
    if !has_odd && pypi.as_ref().ok().copied() == parsed.for_twine() {
        return;
    }
    let verdict = twine_verdict(&description.text, Some(given));
    let accepted = description.judgement.accepted;
    if (verdict == TwineVerdict::Pass) == accepted {
        return;
    }
    let twine = match (verdict, parsed.for_twine()) {
        (TwineVerdict::Pass, Some(format)) => format!("takes it for {}", named(format)),
        (TwineVerdict::Pass, None) | (TwineVerdict::Exception, _) => "dies over it".to_owned(),
        (TwineVerdict::Fail, _) => "fails it".to_owned(),
    };
    let pypi = if accepted { "takes it" } else { "refuses it" };
    let message = format!("content type `{given}`: `twine check` {twine}, PyPI {pypi}");
    findings.add(description.finding(&RULE, message));
}

fn named(format: Format) -> &'static str {
    match format {
        Format::Plain => "plain text",
        Format::Markdown => "Markdown",
        Format::Rst => "reStructuredText",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        let text = "Reads maps of any size and draws them.\n";
        for (given, expected) in [
            (
                "text/html",
                "`twine check` takes it for reStructuredText, PyPI refuses it",
            ),
            (
                "markdown",
                "`twine check` takes it for plain text, PyPI refuses it",
            ),
            (
                "text/markdown; variant=gfm",
                "`twine check` takes it for Markdown, PyPI refuses it",
            ),
            (
                "text/x-rst; raw=x",
                "`twine check` dies over it, PyPI takes it",
            ),
        ] {
            assert_eq!(
                found(&RULE, text, Some(given)),
                [format!("content type `{given}`: {expected}")]
            );
        }
    }

    #[test]
    fn stays_quiet() {
        for given in ["text/markdown", "text/x-rst; charset=UTF-8", "text/plain"] {
            assert!(found(&RULE, "A\n=\n", Some(given)).is_empty());
        }
        assert!(found(&RULE, "A\n=\n", None).is_empty());
        // Both refuse it.
        assert!(found(&RULE, "Title\n==\n\n*x\n", Some("text/html")).is_empty());
    }
}
