//! P701: what the index makes of the description.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::check::MetadataSubject;
use pubflow_readme::{ContentType, Profile, judge};

pub(crate) static RULE: Rule = Rule {
    code: "P701",
    name: "description-not-rendered",
    severity: Severity::Error,
    source: "PyPI's readme_renderer 45.0 with docutils 0.23",
    refused_by: &[Refuser::Pypi],
    about: "reStructuredText fails at its first warning: a short underline, a list that ends \
            without a blank line, a role or directive that only Sphinx knows, a link that names \
            nothing. Markdown fails when it is blank or holds nothing but link definitions. The \
            message is the renderer's own.",
    why: "PyPI renders the description when a file is uploaded and refuses the file when nothing \
            comes out.",
    cure: "`pubflow preview README.rst` shows the same while you edit. The line counts in the \
            description, which is the README as a rule.",
    bad: "Title\n===",
    good: "Title\n=====",
};

/// Renders the description and reports a refusal.
pub(crate) fn check(subject: &MetadataSubject, findings: &mut Findings) {
    let metadata = &subject.metadata;
    let content_type = metadata.first("Description-Content-Type");
    // A content type that is wrong in itself has its own finding.
    let sound = content_type.is_none_or(|given| ContentType::parse(given).for_pypi().is_ok());
    let Some(text) = metadata.description().filter(|_| sound) else {
        return;
    };
    let judgement = judge(text, content_type, Profile::default());
    if judgement.accepted {
        return;
    }
    let message = match judgement.first_message {
        Some(first) => {
            let line = first.line.map(|line| format!("line {line}: "));
            let words = first.message.replace('\n', " ");
            format!("{}{words}", line.unwrap_or_default())
        }
        None => "nothing is left of the Markdown after rendering".to_owned(),
    };
    let mut finding = Finding::new(&RULE, "the description cannot be rendered")
        .why(message)
        .next("correct the README; `pubflow preview` shows what PyPI makes of it")
        .field("Description");
    if let Some(member) = &subject.member {
        finding = finding.member(member.clone());
    }
    findings.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use pubflow_metadata::core_metadata::CoreMetadata;

    fn found(text: &str) -> Vec<String> {
        let file = format!("Metadata-Version: 2.1\nName: demo\nVersion: 1\n{text}");
        let subject = MetadataSubject::bare(CoreMetadata::parse(file.as_bytes()));
        let mut findings = Findings::for_path("METADATA");
        check(&subject, &mut findings);
        findings
            .into_sorted()
            .into_iter()
            .filter_map(|finding| finding.why)
            .collect()
    }

    #[test]
    fn fires() {
        assert_eq!(
            found("\nTitle\n====\n"),
            ["line 2: Title underline too short.  Title ===="]
        );
        assert_eq!(
            found("Description-Content-Type: text/markdown\n\n \n").len(),
            1
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(found("\nTitle\n=====\n\nText.\n").is_empty());
        assert!(found("Description-Content-Type: text/html\n\nTitle\n====\n").is_empty());
        assert!(found("").is_empty());
    }
}
