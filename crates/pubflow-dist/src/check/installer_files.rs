//! P923: files that only an installer may write.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P923",
    name: "installer-files",
    severity: Severity::Warning,
    source: "PEP 376, PEP 627",
    refused_by: &[],
    about: "`.dist-info` holds `INSTALLER`, `REQUESTED` or `direct_url.json`.",
    why: "Installers write these; in a wheel they claim that something else installed it, and \
            from where.",
    cure: "The wheel was packed from an installation: build it from the sources.",
    bad: "demo-1.0.dist-info/INSTALLER\ndemo-1.0.dist-info/direct_url.json",
    good: "demo-1.0.dist-info/METADATA",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    for file in ["INSTALLER", "REQUESTED", "direct_url.json"] {
        let member = wheel.member(file);
        if wheel.archive().file(&member).is_some() {
            findings.add(
                Finding::new(
                    &RULE,
                    format!("`{file}` belongs to an installation, not to a wheel"),
                )
                .member(member)
                .next("build the wheel from the sources"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn usual_files_are_quiet() {
        expect(
            &in_wheel(&wheel().info_file("top_level.txt", "demo\n"), check),
            &[],
        );
    }

    #[test]
    fn an_installers_mark_is_found() {
        expect(
            &in_wheel(&wheel().info_file("INSTALLER", "pip\n"), check),
            &[
                "warning -: `INSTALLER` belongs to an installation, not to a wheel (demo-1.0.dist-info/INSTALLER)",
            ],
        );
    }
}
