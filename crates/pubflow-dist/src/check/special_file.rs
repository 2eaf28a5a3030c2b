//! P1403: devices and named pipes.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1403",
    name: "special-file",
    severity: Severity::Error,
    source: "PEP 721",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "The sdist holds a device node, a named pipe or a member of a kind that no reader \
            knows.",
    why: "Installers refuse to unpack it.",
    cure: "Remove the file from the project, or exclude it from the sdist.",
    bad: "demo-1.0/queue (a named pipe)",
    good: "demo-1.0/queue.py",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "exclude the file from the sdist and build again";
    report::family(subject.archive(), Family::Special, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::TarMember;

    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn files_and_directories_are_quiet() {
        let directory = TarMember::special(b'5', "demo-1.0/empty", "");
        expect(&in_sdist(&sdist().member(directory), check), &[]);
    }

    #[test]
    fn a_device_and_a_pipe_are_refused() {
        let device = TarMember::special(b'3', "demo-1.0/null", "");
        let pipe = TarMember::special(b'6', "demo-1.0/pipe", "");
        expect(
            &in_sdist(&sdist().member(device).member(pipe), check),
            &[
                "error pip,uv,spec: the member is a device (demo-1.0/null)",
                "error pip,uv,spec: the member is a named pipe (demo-1.0/pipe)",
            ],
        );
    }
}
