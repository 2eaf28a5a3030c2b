//! Python sources: read in one pass to an end, and every line that is named is one of the text.

use pubflow_dist::Source;

/// Reads the bytes as a module of the package `demo`.
pub(crate) fn run(bytes: &[u8]) {
    let Some(source) = Source::parse(bytes, "demo") else {
        return;
    };
    let n_lines = 1 + bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    let lines = source.fault.iter().map(|fault| fault.line);
    let lines = lines.chain(source.need.iter().map(|need| need.line));
    let lines = lines.chain(source.imports.iter().map(|import| import.line));
    for line in lines {
        assert!((1..=n_lines).contains(&line), "line {line} of {n_lines}");
    }
    for (first, last) in &source.docstrings {
        assert!(
            *first >= 1 && first <= last && *last <= n_lines,
            "{first}-{last} of {n_lines}"
        );
        assert!(source.is_documentation(*first));
    }
    for import in &source.imports {
        assert!(import.level > 0 || import.module.split('.').next() == Some("demo"));
    }
}
