//! The changelog: users read there what a version brings.

use super::{Asked, Found, Verdict};
use crate::error::CommandError;

pub(super) const NAME: &str = "changelog";
const NAMES: [&str; 6] = [
    "CHANGELOG.md",
    "CHANGELOG.rst",
    "CHANGELOG.txt",
    "CHANGES.md",
    "CHANGES.rst",
    "HISTORY.md",
];

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let Some(version) = asked.version().filter(|_| asked.builds) else {
        return Ok(Vec::new());
    };
    let read = NAMES.iter().find_map(|name| {
        Some((
            name,
            std::fs::read_to_string(asked.directory.join(name)).ok()?,
        ))
    });
    let Some((name, text)) = read else {
        return Ok(Vec::new());
    };
    let version = version.to_string();
    let found = match text.lines().any(|line| is_heading_of(line, &version)) {
        true => Found::fine(format!("{name} has an entry for {version}")),
        false => Found::new(
            Verdict::Warning,
            format!("{name} has no entry for {version}"),
            format!("add one: a heading with {version} in it"),
        ),
    };
    Ok(vec![found])
}

/// Whether a line names the version as a word of its own, as the headings of a changelog do.
fn is_heading_of(line: &str, version: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!');
    let is_heading = line.starts_with(['#', '[']) || !line.starts_with(char::is_whitespace);
    is_heading
        && line
            .split(|c: char| !is_part(c))
            .any(|word| word.strip_prefix('v').unwrap_or(word) == version)
}

#[cfg(test)]
mod tests {
    use super::is_heading_of;

    #[test]
    fn a_heading_names_the_version_as_a_word() {
        for line in [
            "## 1.2.0 (2026-01-01)",
            "## [1.2.0] - today",
            "v1.2.0",
            "1.2.0",
        ] {
            assert!(is_heading_of(line, "1.2.0"), "{line}");
        }
        for line in ["## 1.2.0.post1", "## 11.2.0", "    1.2.0", "## Unreleased"] {
            assert!(!is_heading_of(line, "1.2.0"), "{line}");
        }
    }
}
