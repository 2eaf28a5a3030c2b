//! P1203: a wheel for certain platforms without native code.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::native_platform::{natives, platforms};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1203",
    name: "native-code-missing",
    severity: Severity::Warning,
    source: "PEP 425",
    refused_by: &[],
    about: "The wheel is for certain platforms only, but holds no native code.",
    why: "Users of other platforms cannot install it although it would work for them, or the \
            extension modules are missing.",
    cure: "Check whether the compiler ran; a pure wheel is tagged `none-any`.",
    bad: "demo-1.0-cp312-cp312-win_amd64.whl without any native code",
    good: "demo-1.0-py3-none-any.whl",
};

/// Files that depend on the platform without being programs or libraries by their first bytes.
const ENDINGS: &[&str] = &[
    "a", "bin", "dll", "dylib", "exe", "jar", "lib", "node", "o", "pyd", "so", "wasm",
];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let platforms = platforms(wheel);
    let Some(platform) = platforms.first().filter(|_| wheel.archive().is_complete()) else {
        return;
    };
    let has_ending = |name: &str| {
        let mut parts = name.split('.').skip(1);
        parts.any(|part| ENDINGS.contains(&part))
    };
    let has_native = natives(wheel).next().is_some()
        || wheel
            .entries()
            .iter()
            .any(|entry| entry.is_file() && has_ending(entry.path.file_name()));
    if !has_native {
        let tag = platform.tag;
        findings.add(
            Finding::new(
                &RULE,
                format!("the wheel is for `{tag}` but holds no native code"),
            )
            .next("check the build of the extension modules, or build a pure wheel"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn native_code_and_pure_wheels_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let program = wheel().tag("py3-none-manylinux_2_17_x86_64").file(
            "demo-1.0.data/scripts/demo",
            [b"\x7fELF\x02\x01".as_slice(), &[0; 58]].concat(),
        );
        expect(&in_wheel(&program, check), &[]);
        let library = wheel().tag("py3-none-win_amd64").file("demo/a.dll", "x");
        expect(&in_wheel(&library, check), &[]);
    }

    #[test]
    fn a_platform_for_nothing_is_found() {
        expect(
            &in_wheel(&wheel().tag("cp312-cp312-win_amd64"), check),
            &["warning -: the wheel is for `win_amd64` but holds no native code"],
        );
    }
}
