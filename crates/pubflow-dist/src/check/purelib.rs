//! P907: Root-Is-Purelib and the tags of the wheel.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P907",
    name: "wheel-purelib",
    severity: Severity::Warning,
    source: "PEP 427",
    refused_by: &[],
    about: "`Root-Is-Purelib` is false although the wheel is for every Python and platform, or \
            true although it is for one.",
    why: "On systems that keep pure and native packages apart the files land in the wrong \
            directory.",
    cure: "Let the backend decide, or remove the setting that forces it.",
    bad: "demo-1.0-py3-none-any.whl with \"Root-Is-Purelib: false\"",
    good: "demo-1.0-py3-none-any.whl with \"Root-Is-Purelib: true\"",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let (Some(file), Ok(filename)) = (wheel.wheel_file(), wheel.filename()) else {
        return;
    };
    let is_any = filename
        .tags
        .iter()
        .all(|tag| tag.abi == "none" && tag.platform == "any");
    let has_native = wheel
        .entries()
        .iter()
        .any(|entry| matches!(entry.path.extension(), Some("so" | "pyd")));
    let message = match file.root_is_purelib() {
        Some(false) if is_any && !has_native => {
            "Root-Is-Purelib is false, but the wheel is for any platform"
        }
        Some(true) if has_native && !is_any => {
            "Root-Is-Purelib is true, but the wheel has extension modules"
        }
        _ => return,
    };
    let mut finding = Finding::new(&RULE, message)
        .member(wheel.member("WHEEL"))
        .field("Root-Is-Purelib")
        .next("build the wheel with a current build backend");
    finding.place.line = file.line("Root-Is-Purelib");
    findings.add(finding);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn usual_combinations_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let native = wheel()
            .platlib()
            .tag("cp312-cp312-win_amd64")
            .file("demo/a.pyd", "x");
        expect(&in_wheel(&native, check), &[]);
    }

    #[test]
    fn contradictions_are_found() {
        expect(
            &in_wheel(&wheel().platlib(), check),
            &[
                "warning -: Root-Is-Purelib is false, but the wheel is for any platform (demo-1.0.dist-info/WHEEL)",
            ],
        );
    }
}
