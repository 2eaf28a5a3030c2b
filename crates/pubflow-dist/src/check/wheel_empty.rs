//! P910: a wheel without anything to install.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P910",
    name: "wheel-empty",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The wheel holds nothing but its `.dist-info` directory.",
    why: "Usually the backend did not find the package: a wrong name, a `src` directory it was \
            not told about, or a build from an incomplete sdist.",
    cure: "Tell the backend where the package is; for a release that only pulls in others, ignore \
            this finding.",
    bad: "demo-1.0.dist-info/METADATA",
    good: "demo/__init__.py\ndemo-1.0.dist-info/METADATA",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(directory) = wheel.dist_info() else {
        return;
    };
    let holds_more = wheel
        .entries()
        .iter()
        .any(|entry| entry.is_file() && entry.path.below(directory).is_none());
    if wheel.archive().is_complete() && !holds_more {
        let message = "the wheel holds nothing but its metadata";
        findings
            .add(Finding::new(&RULE, message).next("tell the build backend where the package is"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    use pubflow_testkit::WheelBuilder;

    #[test]
    fn a_module_is_enough() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn metadata_alone_are_warned_about() {
        expect(
            &in_wheel(&WheelBuilder::new("demo", "1.0"), check),
            &["warning -: the wheel holds nothing but its metadata"],
        );
    }
}
