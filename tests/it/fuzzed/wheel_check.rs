//! All checks of a wheel, on archives that are whole: the bytes are files, each behind a line
//! `=== PATH`; a line `=> NAME` gives the wheel its name.

use pubflow_dist::{Distribution, Limits};
use pubflow_finding::{Findings, Refuser, Severity};
use pubflow_testkit::WheelBuilder;

/// Longer paths are no task for the builder.
const LONGEST: usize = 1000;

/// Builds the wheel and checks it.
pub(crate) fn run(bytes: &[u8]) {
    let mut builder = WheelBuilder::new("demo", "1.0");
    let mut filename = "demo-1.0-py3-none-any.whl".to_owned();
    for part in split(bytes) {
        let end = part.iter().position(|byte| *byte == b'\n');
        let (line, content) = part.split_at(end.unwrap_or(part.len()));
        let content = content.get(1..).unwrap_or_default();
        let line = String::from_utf8_lossy(&line[..line.len().min(LONGEST)]);
        if let Some(name) = line.strip_prefix("=> ") {
            filename = name.replace(['/', '\0'], "");
        }
        let Some(path) = line.strip_prefix("=== ") else {
            continue;
        };
        builder = match path.strip_prefix("demo-1.0.dist-info/") {
            Some("METADATA") => builder.metadata(content),
            Some("WHEEL") => builder.wheel_file(content),
            Some("RECORD") => builder.record(content),
            _ => builder.file(path, content),
        };
    }
    check(&filename, &builder.to_bytes());
}

/// Checks a file; what its findings say must fit together.
pub(crate) fn check(filename: &str, bytes: &[u8]) {
    let distribution = Distribution::from_bytes(filename, bytes, &Limits::default());
    let mut findings = Findings::for_path(filename);
    distribution.check(&mut findings);
    for finding in findings.into_sorted() {
        assert!(!finding.message.is_empty(), "{}", finding.rule.code);
        let is_refused = finding.refused_by.iter().any(|who| *who != Refuser::Spec);
        assert!(
            !is_refused || finding.severity == Severity::Error,
            "{}: {}",
            finding.rule.code,
            finding.message
        );
    }
}

/// The bytes in front of each line that begins with `=== ` or `=> `.
pub(crate) fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = (0..bytes.len())
        .filter(|at| *at == 0 || bytes[at - 1] == b'\n')
        .filter(|at| bytes[*at..].starts_with(b"=== ") || bytes[*at..].starts_with(b"=> "))
        .collect();
    starts.push(bytes.len());
    starts
        .windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}
