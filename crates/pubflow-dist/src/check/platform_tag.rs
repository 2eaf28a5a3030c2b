//! P1201: platforms that the index takes.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::pypi_takes_platform;

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1201",
    name: "platform-tag",
    severity: Severity::Error,
    source: "R124",
    refused_by: &[Refuser::Pypi],
    about: "The wheel is for a platform that the index does not take, such as `linux_x86_64`: \
            such wheels run only where they were built.",
    why: "The index refuses the upload.",
    cure: "Repair Linux wheels with auditwheel, macOS wheels with delocate, or build them with \
            cibuildwheel, which does both.",
    bad: "demo-1.0-cp312-cp312-linux_x86_64.whl",
    good: "demo-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Ok(filename) = wheel.filename() else {
        return;
    };
    for platform in filename.tag_set.platforms() {
        if pypi_takes_platform(platform) {
            continue;
        }
        let next = if platform.starts_with("linux_") {
            "repair the wheel with `auditwheel repair`"
        } else {
            "build for a platform that the index takes, for example with cibuildwheel"
        };
        findings.add(
            Finding::new(&RULE, format!("the index takes no wheel for `{platform}`"))
                .why(format!(
                    "the index refuses it: unsupported platform tag {platform}"
                ))
                .next(next),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn known_platforms_are_quiet() {
        for platform in [
            "any",
            "win_amd64",
            "manylinux_2_17_x86_64.manylinux2014_x86_64",
        ] {
            let builder = wheel().tag(&format!("py3-none-{platform}"));
            expect(&in_wheel(&builder, check), &[]);
        }
    }

    #[test]
    fn a_plain_linux_wheel_is_refused() {
        expect(
            &in_wheel(&wheel().tag("cp312-cp312-linux_x86_64"), check),
            &["error pypi: the index takes no wheel for `linux_x86_64`"],
        );
    }
}
