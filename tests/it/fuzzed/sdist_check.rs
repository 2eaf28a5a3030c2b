//! All checks of an sdist, on archives that are whole: the bytes are files, each behind a line
//! `=== PATH`, counted from the top directory; `PKG-INFO` and `pyproject.toml` replace good ones.

use pubflow_dist::{Distribution, Limits};
use pubflow_finding::{Findings, Refuser, Severity};
use pubflow_testkit::SdistBuilder;

/// Longer paths are no task for the builder.
const LONGEST: usize = 90;

/// Builds the sdist and checks it.
pub(crate) fn run(bytes: &[u8]) {
    let mut builder = SdistBuilder::new("demo", "1.0");
    for part in bytes.split_inclusive(|byte| *byte == b'\n') {
        // One line decides, so that small inputs reach many files.
        let text = String::from_utf8_lossy(part);
        let Some(rest) = text.strip_prefix("=== ") else {
            continue;
        };
        let (path, content) = rest.split_once(' ').unwrap_or((rest, ""));
        let content = content.replace("\\n", "\n");
        let path: String = path
            .chars()
            .filter(|c| *c != '\0')
            .take(LONGEST / 4)
            .collect();
        builder = match path.as_str() {
            "PKG-INFO" => builder.metadata(content),
            "pyproject.toml" => builder.pyproject(&content),
            _ => match content.strip_prefix("-> ") {
                Some(target) => {
                    let target: String = target.chars().take(LONGEST / 4).collect();
                    builder.symlink(&path, target.trim_end())
                }
                None => builder.file(&path, content),
            },
        };
    }
    let sdist =
        Distribution::from_bytes("demo-1.0.tar.gz", &builder.to_bytes(), &Limits::default());
    let mut findings = Findings::for_path("demo-1.0.tar.gz");
    sdist.check(&mut findings);
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
