//! P805: PKG-INFO speaks of the project and version of the file name.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::identity::{Difference, differences};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P805",
    name: "sdist-identity",
    severity: Severity::Error,
    source: "R117, R118, PEP 625",
    refused_by: &[Refuser::Pypi, Refuser::Uv, Refuser::Spec],
    about: "Name or version in PKG-INFO are not those of the file name.",
    why: "The index refuses the file, uv refuses to install it, and pip installs something else \
            than it was asked for.",
    cure: "The file was renamed, or built from a tree whose version had changed: build it again.",
    bad: "demo-1.1.tar.gz with \"Version: 1.0\" in PKG-INFO",
    good: "demo-1.1.tar.gz with \"Version: 1.1\" in PKG-INFO",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let (Some(metadata), Ok(filename)) = (sdist.metadata(), sdist.filename()) else {
        return;
    };
    for difference in differences(metadata, &filename.name, &filename.version) {
        let (field, message) = match difference {
            Difference::Name(message) => ("Name", message),
            Difference::Version(message) => ("Version", message),
        };
        findings.add(
            Finding::new(&RULE, message)
                .member(sdist.member("PKG-INFO"))
                .field(field)
                .next("build the sdist again instead of renaming it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;
    use pubflow_testkit::SdistBuilder;

    #[test]
    fn equal_names_and_versions_are_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
        let builder = SdistBuilder::new("Demo", "1").filename("demo-1.0.tar.gz");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn differences_are_refused() {
        expect(
            &in_sdist(&sdist().filename("demo-9.9.tar.gz"), check),
            &[
                "error pypi,uv,spec: the metadata say version `1.0`, the file name `9.9` (demo-1.0/PKG-INFO)",
            ],
        );
        expect(
            &in_sdist(&sdist().filename("other-1.0.tar.gz"), check),
            &[
                "error pypi,uv,spec: the metadata name the project `demo`, the file name `other` (demo-1.0/PKG-INFO)",
            ],
        );
    }
}
