//! Names of modules and packages, as setuptools judges them.

use pubflow_spec::is_dotted_name;

/// The name of a package or module on disk: hyphens are let pass inside of it, and a package of
/// type stubs is called `NAME-stubs`.
///
/// Spec: PEP 561, "Stub-only Packages".
pub(super) fn is_package(text: &str) -> bool {
    let (top, rest) = text.split_once('.').unwrap_or((text, ""));
    if let Some(stubbed) = top.strip_suffix("-stubs") {
        return is_dotted_name(stubbed) && (rest.is_empty() || is_dotted_name(rest));
    }
    let is_bare = !text.starts_with('-') && !text.ends_with('-') && !text.ends_with("-stubs");
    is_bare && is_dotted_name(&text.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_stand_inside_of_packages_only() {
        for good in ["a", "a.b_c", "pip-run", "a-stubs", "a-stubs.b", "größe"] {
            assert!(is_package(good), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "a b",
            "a..b",
            "1a",
            "be-an-id-stubs",
            "a/b",
            "a.b-stubs",
        ] {
            assert!(!is_package(bad), "{bad}");
        }
        assert!(is_dotted_name("a.b") && !is_dotted_name("a-b") && !is_dotted_name("a."));
    }
}
