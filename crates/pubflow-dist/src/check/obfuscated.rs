//! P1306: obfuscated code that the index refuses.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::Archive;
use crate::entry::Entry;

pub(super) static RULE: Rule = Rule {
    code: "P1306",
    name: "obfuscated-code",
    severity: Severity::Error,
    source: "R100, R101",
    refused_by: &[Refuser::Pypi],
    about: "A source file was obfuscated with PyArmor or encrypted with SourceDefender.",
    why: "The index reads the sources of every upload and refuses such files, whatever they do.",
    cure: "Publish the plain source, or distribute the project elsewhere.",
    bad: "from pyarmor_runtime import __pyarmor__",
    good: "def main(): ...",
};

/// R100: the index looks at sources up to this size.
const MOST_BYTES: u64 = 5 << 20;

/// How a source was made unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obfuscation {
    /// R100.
    PyArmor,
    /// R101.
    SourceDefender,
}

/// The unreadable sources of an archive that the index looks at, each with its path.
pub fn obfuscated(archive: &Archive) -> impl Iterator<Item = (&str, Obfuscation)> {
    archive.entries().iter().filter_map(|entry| {
        let path = entry.path.as_str();
        let found = &archive.content(path)?.found;
        let how = if found.obfuscated {
            Obfuscation::PyArmor
        } else if found.encrypted == [true, true] {
            Obfuscation::SourceDefender
        } else {
            return None;
        };
        is_read(entry).then_some((path, how))
    })
}

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let found = obfuscated(subject.archive()).map(|(path, how)| {
        let what = match how {
            Obfuscation::PyArmor => "was obfuscated with PyArmor",
            Obfuscation::SourceDefender => "was encrypted with SourceDefender",
        };
        Finding::new(&RULE, format!("`{path}` {what}"))
            .member(path)
            .next("publish the plain source")
    });
    report::capped(&RULE, found, findings);
}

/// Whether the index reads the file.
fn is_read(entry: &Entry) -> bool {
    let is_source = [".py", ".pye"]
        .iter()
        .any(|ending| entry.path.as_str().ends_with(ending));
    is_source && entry.size <= MOST_BYTES
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn marks_in_other_files_and_half_marks_are_quiet() {
        let builder = wheel()
            .file("demo/a.txt", "__pyarmor_enter__")
            .file("demo/a.py", "'---BEGIN PYE FILE---'");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn obfuscated_and_encrypted_sources_are_refused() {
        let text = "__pyarmor__(__name__, __file__, b'x')";
        expect(
            &in_sdist(&sdist().file("demo/a.py", text), check),
            &["error pypi: `demo-1.0/demo/a.py` was obfuscated with PyArmor (demo-1.0/demo/a.py)"],
        );
        let text = "---BEGIN PYE FILE---\nx\n---END PYE FILE---\n";
        expect(
            &in_wheel(&wheel().file("demo/a.pye", text), check),
            &["error pypi: `demo/a.pye` was encrypted with SourceDefender (demo/a.pye)"],
        );
    }
}
