//! P1304: old distributions inside of a distribution.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P1304",
    name: "nested-distributions",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The sdist holds other distributions, or the `dist` or `build` directory of an earlier \
            build.",
    why: "Each release then carries the ones before it, and stale files come back to life in \
            later wheels.",
    cure: "Clean the tree before the build, or exclude these directories.",
    bad: "demo-1.0/dist/demo-0.9.tar.gz",
    good: "demo-1.0/pyproject.toml",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let Some(root) = sdist.root() else {
        return;
    };
    let found = sdist
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let path = entry.path.below(root)?;
            let is_distribution = [".whl", ".tar.gz", ".egg"]
                .iter()
                .any(|e| path.ends_with(e));
            let is_built = path.starts_with("dist/") || path.starts_with("build/lib");
            (is_built || (is_distribution && !is_test_data(path))).then(|| {
                Finding::new(&RULE, format!("`{path}` comes from an earlier build"))
                    .member(entry.path.as_str())
                    .next("remove `dist` and `build`, or exclude them, and build again")
            })
        });
    report::capped(&RULE, found, findings);
}

/// Projects about packaging keep distributions as test data.
fn is_test_data(path: &str) -> bool {
    path.split('/')
        .any(|part| part.to_ascii_lowercase().contains("test"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn sources_and_test_data_are_quiet() {
        expect(
            &in_sdist(&sdist().file("tests/a-1.0.tar.gz", "x"), check),
            &[],
        );
    }

    #[test]
    fn old_distributions_are_found() {
        expect(
            &in_sdist(&sdist().file("dist/demo-0.9.tar.gz", "x"), check),
            &[
                "warning -: `dist/demo-0.9.tar.gz` comes from an earlier build (demo-1.0/dist/demo-0.9.tar.gz)",
            ],
        );
    }
}
