//! P903: METADATA, WHEEL and RECORD are there.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P903",
    name: "wheel-required-files",
    severity: Severity::Error,
    source: "R099, R129, R133, PEP 427",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "`METADATA`, `WHEEL` or `RECORD` is missing in the `.dist-info` directory, or METADATA \
            is empty.",
    why: "Everybody refuses such a wheel.",
    cure: "Build it with a build backend instead of packing it by hand.",
    bad: "demo-1.0.dist-info/METADATA",
    good: "demo-1.0.dist-info/METADATA\ndemo-1.0.dist-info/WHEEL\ndemo-1.0.dist-info/RECORD",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    if !wheel.archive().is_complete() || wheel.dist_info().is_none() {
        return;
    }
    let next = "build the wheel with a build backend";
    for file in ["METADATA", "WHEEL", "RECORD"] {
        let member = wheel.member(file);
        if wheel.archive().file(&member).is_none() {
            findings.add(Finding::new(&RULE, format!("`{member}` is missing")).next(next));
        }
    }
    if wheel.metadata_bytes().is_some_and(<[u8]>::is_empty) {
        let member = wheel.member("METADATA");
        let message = format!("`{member}` is empty");
        findings.add(Finding::new(&RULE, message).member(member).next(next));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn all_three_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn each_is_missed() {
        for file in ["METADATA", "WHEEL", "RECORD"] {
            let line = format!("error pypi,pip,uv,spec: `demo-1.0.dist-info/{file}` is missing");
            expect(&in_wheel(&wheel().without(file), check), &[&line]);
        }
        let found = in_wheel(&wheel().metadata(""), check);
        assert_eq!(found[0].message, "`demo-1.0.dist-info/METADATA` is empty");
    }
}
