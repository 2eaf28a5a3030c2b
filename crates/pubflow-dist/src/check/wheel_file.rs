//! P904: what WHEEL must say.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P904",
    name: "wheel-file",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[Refuser::Spec],
    about: "`WHEEL` lacks `Wheel-Version` or `Root-Is-Purelib`, gives one a value it cannot have, \
            or is of a major version that installers do not know.",
    why: "Installers refuse an unknown or missing version, and guess where the files go when \
            Root-Is-Purelib says neither `true` nor `false`.",
    cure: "Build with a current backend.",
    bad: "Wheel-Version: 3.0\nRoot-Is-Purelib: yes",
    good: "Wheel-Version: 1.0\nRoot-Is-Purelib: true",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(file) = wheel.wheel_file() else {
        return;
    };
    let member = wheel.member("WHEEL");
    let mut add = |message: String, field: &str, refused_by: &[Refuser]| {
        let mut finding = Finding::new(&RULE, message)
            .refused_by(refused_by)
            .member(&member)
            .field(field)
            .next("build the wheel with a current build backend");
        finding.place.line = file.line(field);
        findings.add(finding);
    };
    let installers = &[Refuser::Pip, Refuser::Uv, Refuser::Spec];
    match (file.wheel_version(), file.first("Wheel-Version")) {
        (Some((1, _)), _) => {}
        (Some((major, minor)), _) => add(
            format!("Wheel-Version is {major}.{minor}, installers know 1"),
            "Wheel-Version",
            installers,
        ),
        (None, Some(text)) => add(
            format!("Wheel-Version is `{text}`, not two numbers"),
            "Wheel-Version",
            installers,
        ),
        (None, None) => add(
            "Wheel-Version is missing".to_owned(),
            "Wheel-Version",
            installers,
        ),
    }
    if file.root_is_purelib().is_none() {
        let message = match file.first("Root-Is-Purelib") {
            Some(text) => format!("Root-Is-Purelib is `{text}`, neither `true` nor `false`"),
            None => "Root-Is-Purelib is missing".to_owned(),
        };
        add(message, "Root-Is-Purelib", &[Refuser::Spec]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn a_usual_wheel_file_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        expect(&in_wheel(&wheel().platlib(), check), &[]);
    }

    #[test]
    fn what_is_missing_or_nonsense_is_found() {
        let text = "Root-Is-Purelib: maybe\nTag: py3-none-any\n";
        expect(
            &in_wheel(&wheel().wheel_file(text), check),
            &[
                "error pip,uv,spec: Wheel-Version is missing (demo-1.0.dist-info/WHEEL)",
                "error spec: Root-Is-Purelib is `maybe`, neither `true` nor `false` (demo-1.0.dist-info/WHEEL)",
            ],
        );
        let text = "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n";
        expect(
            &in_wheel(&wheel().wheel_file(text), check),
            &[
                "error pip,uv,spec: Wheel-Version is 2.0, installers know 1 (demo-1.0.dist-info/WHEEL)",
            ],
        );
    }
}
