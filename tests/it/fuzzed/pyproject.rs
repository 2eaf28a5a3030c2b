//! pyproject.toml: any bytes are read and judged, places lie in the file, and edits fit into it.

use pubflow_finding::Findings;
use pubflow_metadata::check::{CHECKS_PYPROJECT, PyprojectSubject};
use pubflow_metadata::pyproject::Pyproject;

/// Reads the bytes as a pyproject.toml.
pub(crate) fn run(bytes: &[u8]) {
    let pyproject = Pyproject::from_bytes(bytes);
    let text = pyproject.text().to_owned();
    let n_lines = text.lines().count() + 1;
    let _ = (pyproject.build_system(), pyproject.newer_syntax());
    let subject = PyprojectSubject::bare(pyproject);
    let mut findings = Findings::for_path("pyproject.toml");
    for check in CHECKS_PYPROJECT {
        (check.run)(&subject, &mut findings);
    }
    let is_text = subject.pyproject.is_toml();
    for finding in findings.into_sorted() {
        assert!(!is_text || finding.place.line.is_none_or(|line| line <= n_lines));
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.range.clone()).is_some(), "{edit:?}");
        }
    }
}
