//! P701: the renderer refuses the description.

use pubflow_finding::{Edit, Findings, Fix, Refuser, Rule, Severity};

use super::Description;
use crate::content_type::Format;
use crate::judge::FirstMessage;
use crate::rst::title_width;

pub(super) static RULE: Rule = Rule {
    code: "P701",
    name: "description-not-rendered",
    severity: Severity::Error,
    source: "PyPI's readme_renderer 45.0 with docutils 0.23",
    refused_by: &[Refuser::Pypi],
    about: "reStructuredText fails at its first warning: a short underline, a list that ends \
            without a blank line, a link that names nothing. Markdown fails when it is blank or \
            holds nothing but link definitions. The message is the renderer's own.",
    why: "PyPI renders the description when a file is uploaded and refuses the file when nothing \
          comes out.",
    cure: "`pubflow preview README.rst` shows the same while you edit; `pubflow check --fix` makes \
           underlines as long as their titles and adds blank lines that are missing at the end of \
           a block. The line counts in the README file of a project, and in the description of a \
           wheel or sdist.",
    bad: "Title\n===",
    good: "Title\n=====",
};

/// Reports a refusal that no other check explains better.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let judgement = &description.judgement;
    // A content type that is wrong in itself has its own finding.
    let Some(format) = description.format.filter(|_| !judgement.accepted) else {
        return;
    };
    let first = judgement.first_message.as_ref();
    if first.is_some_and(super::unknown_directive::explains) {
        return;
    }
    let why = first.map_or_else(
        || "nothing is left of the Markdown after rendering".to_owned(),
        words,
    );
    let line = first.and_then(|first| first.line);
    let mut finding = description
        .finding_at(&RULE, line, "the description cannot be rendered")
        .why(why)
        .next("correct the README; `pubflow preview` shows what PyPI makes of it");
    if let Some(edit) = first.and_then(|first| mend(description, first)) {
        finding = finding.fix(Fix {
            safe: true,
            edits: vec![edit],
        });
    }
    if format == Format::Rst && super::looks_like::is_markdown(&description.text) {
        finding = finding.next(
            "the text looks like Markdown: set the content type to text/markdown, or name the file README.md",
        );
    }
    findings.add(finding);
}

/// The renderer's words on one line, with the line of the text in front.
pub(super) fn words(first: &FirstMessage) -> String {
    let line = first.line.map(|line| format!("line {line}: "));
    let words = first.message.replace('\n', " ");
    format!("{}{words}", line.unwrap_or_default())
}

/// The edit that cures what the message complains about, where a file can be edited.
fn mend(description: &Description, first: &FirstMessage) -> Option<Edit> {
    let number = first.line.filter(|_| description.is_file)?;
    let edit = |start: usize, end: usize, text: String| Edit {
        path: String::new(),
        range: start..end,
        text,
    };
    if first.message.contains(" ends without a blank line") {
        let (start, _) = description.line(number)?;
        return Some(edit(start, start, "\n".to_owned()));
    }
    if first.message.starts_with("Title underline too short.") {
        let (start, underline) = description.line(number)?;
        let (_, title) = description.line(number.checked_sub(1)?)?;
        let mark = underline.chars().next()?;
        let length = title_width(title);
        let underline = underline.trim_end();
        return Some(edit(
            start,
            start + underline.len(),
            mark.to_string().repeat(length),
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found, mended};
    use super::RULE;

    #[test]
    fn fires() {
        let refused = "the description cannot be rendered";
        assert_eq!(
            found(&RULE, "Title\n====\n", Some("text/x-rst")),
            [format!("2: {refused}")]
        );
        assert_eq!(found(&RULE, " \n", Some("text/markdown")), [refused]);
    }

    #[test]
    fn stays_quiet() {
        assert!(found(&RULE, "Title\n=====\n\nText.\n", None).is_empty());
        assert!(found(&RULE, "Title\n====\n", Some("text/html")).is_empty());
        assert!(found(&RULE, "", None).is_empty());
    }

    #[test]
    fn underlines_and_ends_of_blocks_are_mended() {
        assert_eq!(
            mended(
                "A\n=\n\n\u{65e5}\u{672c}\u{8a9e}\n-----\n\nText\n",
                "text/x-rst"
            ),
            "A\n=\n\n\u{65e5}\u{672c}\u{8a9e}\n------\n\nText\n"
        );
        assert_eq!(
            mended("* a\n* b\nText\n", "text/x-rst"),
            "* a\n* b\n\nText\n"
        );
    }
}
