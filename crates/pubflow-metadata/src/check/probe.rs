//! Runs one check over a text and shows its findings as `field line: message`.

use pubflow_finding::{Finding, Findings};

use super::{MetadataSubject, PyprojectSubject};
use crate::core_metadata::CoreMetadata;
use crate::pyproject::Pyproject;

fn shown(finding: &Finding) -> String {
    let field = finding.place.field.as_deref().unwrap_or("-");
    let line = finding.place.line.unwrap_or(0);
    format!("{field} {line}: {}", finding.message)
}

/// Findings of a metadata check; the text follows a good beginning of three lines.
pub(super) fn metadata(run: fn(&MetadataSubject, &mut Findings), text: &str) -> Vec<String> {
    let good = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n";
    whole_metadata(run, format!("{good}{text}"))
}

/// Findings of a metadata check over a whole file.
pub(super) fn whole_metadata(
    run: fn(&MetadataSubject, &mut Findings),
    text: impl AsRef<[u8]>,
) -> Vec<String> {
    let subject = MetadataSubject::bare(CoreMetadata::parse(text.as_ref()));
    let mut findings = Findings::for_path("METADATA");
    run(&subject, &mut findings);
    findings.into_sorted().iter().map(shown).collect()
}

/// Findings of a pyproject check.
pub(super) fn pyproject(
    run: fn(&PyprojectSubject, &mut Findings),
    text: impl AsRef<[u8]>,
) -> Vec<String> {
    let subject = PyprojectSubject::bare(Pyproject::from_bytes(text.as_ref()));
    with_subject(run, &subject)
}

/// Findings of a pyproject check over a subject.
pub(super) fn with_subject(
    run: fn(&PyprojectSubject, &mut Findings),
    subject: &PyprojectSubject,
) -> Vec<String> {
    let mut findings = Findings::for_path("pyproject.toml");
    run(subject, &mut findings);
    findings.into_sorted().iter().map(shown).collect()
}

/// A pyproject.toml after all fixes of a check.
pub(super) fn fixed(run: fn(&PyprojectSubject, &mut Findings), text: &str) -> String {
    let subject = PyprojectSubject::bare(Pyproject::parse(text));
    let mut findings = Findings::default();
    run(&subject, &mut findings);
    let fixes = findings.into_sorted().into_iter().filter_map(|f| f.fix);
    let mut edits: Vec<_> = fixes.flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.range, &edit.text);
    }
    text
}
