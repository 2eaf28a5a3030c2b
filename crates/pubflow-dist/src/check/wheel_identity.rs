//! P906: METADATA speaks of the project and version of the file name.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::identity::{Difference, differences};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P906",
    name: "wheel-identity",
    severity: Severity::Error,
    source: "R125, R127, PEP 427",
    refused_by: &[Refuser::Pypi, Refuser::Uv, Refuser::Spec],
    about: "Name or version in METADATA are not those of the file name.",
    why: "The index and uv refuse the wheel; pip installs a version that nobody asked for.",
    cure: "The file was renamed, or something stale was packed: build it again in a clean tree.",
    bad: "demo-1.1-py3-none-any.whl with \"Version: 1.0\" in METADATA",
    good: "demo-1.1-py3-none-any.whl with \"Version: 1.1\" in METADATA",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let (Some(metadata), Ok(filename)) = (wheel.metadata(), wheel.filename()) else {
        return;
    };
    for difference in differences(metadata, &filename.name, &filename.version) {
        let (field, message, refused_by): (_, _, &[Refuser]) = match difference {
            // pip compares the name with the one that it took from the file name.
            Difference::Name(message) => (
                "Name",
                message,
                &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
            ),
            Difference::Version(message) => (
                "Version",
                message,
                &[Refuser::Pypi, Refuser::Uv, Refuser::Spec],
            ),
        };
        findings.add(
            Finding::new(&RULE, message)
                .refused_by(refused_by)
                .member(wheel.member("METADATA"))
                .field(field)
                .next("build the wheel again instead of renaming it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn equal_names_and_versions_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        expect(
            &in_wheel(&wheel().filename("demo-1.0.0-py3-none-any.whl"), check),
            &[],
        );
    }

    #[test]
    fn differences_are_refused() {
        expect(
            &in_wheel(&wheel().filename("demo-9.9-py3-none-any.whl"), check),
            &[
                "error pypi,uv,spec: the metadata say version `1.0`, the file name `9.9` (demo-1.0.dist-info/METADATA)",
            ],
        );
        let found = in_wheel(&wheel().filename("other-1.0-py3-none-any.whl"), check);
        assert_eq!(found[0].place.field.as_deref(), Some("Name"));
        assert!(found[0].refused_by.contains(&Refuser::Pip));
    }
}
