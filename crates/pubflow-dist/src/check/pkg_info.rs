//! P804: PKG-INFO at its place.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::pyproject::Pyproject;

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P804",
    name: "pkg-info-missing",
    severity: Severity::Error,
    source: "R115, PEP 643",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`PKG-INFO` is missing in the top directory of the sdist, is empty, or is of a \
            Metadata-Version before 2.2.",
    why: "The index refuses an sdist without it; before 2.2 nothing in it can be relied on \
            without building, so resolvers have to run the build backend.",
    cure: "Build the sdist with a current build backend.",
    bad: "demo-1.0/pyproject.toml",
    good: "demo-1.0/PKG-INFO\ndemo-1.0/pyproject.toml",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    if !sdist.archive().is_readable() || sdist.root().is_none() {
        return;
    }
    let member = sdist.member("PKG-INFO");
    let next = "build the sdist with a current build backend";
    if sdist.archive().file(&member).is_none() {
        let mut finding = Finding::new(&RULE, format!("`{member}` is missing")).next(next);
        if needs_it(sdist) {
            finding.refused_by = vec![Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec];
            finding = finding.why("the build backend in the sdist reads it, and fails without");
        }
        findings.add(finding);
        return;
    }
    let Some(metadata) = sdist.metadata() else {
        return;
    };
    if sdist.metadata_bytes().is_some_and(<[u8]>::is_empty) {
        findings.add(
            Finding::new(&RULE, format!("`{member}` is empty"))
                .member(&member)
                .next(next),
        );
        return;
    }
    let version = metadata.metadata_version().unwrap_or_default().trim();
    if matches!(version, "1.0" | "1.1" | "1.2" | "2.0" | "2.1") {
        findings.add(
            Finding::new(
                &RULE,
                format!("PKG-INFO is of Metadata-Version {version}, before 2.2"),
            )
            .severity(Severity::Warning)
            .refused_by(&[])
            .member(&member)
            .field("Metadata-Version")
            .why("resolvers have to build the sdist to learn its dependencies")
            .next(next),
        );
    }
}

/// Whether the sdist brings a build backend of its own that reads `PKG-INFO`.
fn needs_it(sdist: &Sdist) -> bool {
    let pyproject = sdist.pyproject_bytes().map(Pyproject::from_bytes);
    let system = pyproject.and_then(|pyproject| pyproject.build_system().ok());
    let Some(system) = system else {
        return false;
    };
    let is_backend = |path: &str| {
        let mut directories = system.backend_path.iter();
        directories.any(|directory| {
            let directory = sdist.member(directory.trim_matches('/'));
            path.strip_prefix(&directory)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    sdist.entries().iter().any(|entry| {
        let path = entry.path.as_str();
        let content = sdist.archive().content(path).filter(|_| is_backend(path));
        let source = content.and_then(|content| content.source.as_ref());
        source.is_some_and(|source| source.opened.iter().any(|file| file.path == "PKG-INFO"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn a_current_pkg_info_is_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn a_missing_or_empty_one_is_refused() {
        expect(
            &in_sdist(&sdist().without("PKG-INFO"), check),
            &["error pypi,spec: `demo-1.0/PKG-INFO` is missing"],
        );
        expect(
            &in_sdist(&sdist().metadata(""), check),
            &["error pypi,spec: `demo-1.0/PKG-INFO` is empty (demo-1.0/PKG-INFO)"],
        );
    }

    #[test]
    fn a_backend_in_the_tree_may_need_it() {
        let builder = sdist()
            .pyproject(
                "[build-system]\nrequires = []\nbuild-backend = \"be\"\nbackend-path = [\"_be\"]\n",
            )
            .file("_be/be.py", "text = open('PKG-INFO').read()\n")
            .without("PKG-INFO");
        expect(
            &in_sdist(&builder, check),
            &["error pypi,pip,uv,spec: `demo-1.0/PKG-INFO` is missing"],
        );
    }

    #[test]
    fn an_old_one_is_a_warning() {
        expect(
            &in_sdist(&sdist().metadata_version("2.1"), check),
            &["warning -: PKG-INFO is of Metadata-Version 2.1, before 2.2 (demo-1.0/PKG-INFO)"],
        );
    }
}
