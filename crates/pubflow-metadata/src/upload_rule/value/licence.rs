//! Licence expression and licence files (R049, R051).

use pubflow_spec::LicenseExpression;

use super::Collector;
use crate::quoted::quoted;

pub(super) fn expression(values: &[&str], found: &mut Collector) {
    if let Some(value) = values.first()
        && LicenseExpression::parse(value).is_err()
    {
        let message = format!("{} is invalid for 'license-expression'", quoted(value));
        found.specification("R049", 0, message);
    }
}

pub(super) fn files(values: &[&str], found: &mut Collector) {
    for (at, path) in values.iter().enumerate() {
        if let Some(fault) = path_fault(path) {
            let shown = quoted(path);
            let message = format!("{shown} is invalid for 'license-file', {fault}");
            found.specification("R051", at, message);
        }
    }
}

/// Why a path may not stand in `License-File`, in the index's words.
fn path_fault(path: &str) -> Option<&'static str> {
    if path.contains("..") {
        Some("parent directory indicators are not allowed")
    } else if path.contains('*') {
        Some("paths must be resolved")
    } else if is_absolute(path) {
        Some("paths must be relative")
    } else if !is_normal(path) {
        Some("paths must use '/' delimiter")
    } else {
        None
    }
}

/// Absolute on POSIX, or on Windows with drive and root or as a share.
fn is_absolute(path: &str) -> bool {
    let slashed = path.replace('\\', "/");
    let mut chars = slashed.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && chars.next() == Some('/');
    path.starts_with('/') || drive || slashed.starts_with("//")
}

/// Without empty or `.` components, and not empty.
fn is_normal(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !part.is_empty() && part != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_resolved_and_normal() {
        for good in ["LICENSE", "licenses/MIT", "LICENSE[0-9]", "a b", ".hidden"] {
            assert_eq!(path_fault(good), None, "{good}");
        }
        for (bad, words) in [
            ("../LICENSE", "parent directory indicators are not allowed"),
            ("LICEN*", "paths must be resolved"),
            ("/LICENSE", "paths must be relative"),
            ("C:\\LICENSE", "paths must be relative"),
            ("\\\\host\\share\\x", "paths must be relative"),
            ("a\\b", "paths must use '/' delimiter"),
            ("a//b", "paths must use '/' delimiter"),
            ("./a", "paths must use '/' delimiter"),
            ("a/", "paths must use '/' delimiter"),
            ("", "paths must use '/' delimiter"),
        ] {
            assert_eq!(path_fault(bad), Some(words), "{bad}");
        }
    }
}
