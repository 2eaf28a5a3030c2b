//! P1101: `entry_points.txt` can be read.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::wheel::{EntryPointProblemKind, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1101",
    name: "entry-point-file",
    severity: Severity::Error,
    source: "R132, entry points specification",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "`entry_points.txt` is not UTF-8, has a line without `=` or in front of the first \
            `[group]`, or has a group or a name twice.",
    why: "The index refuses the wheel since May 2026, and installers fail at the first line that \
            they cannot read.",
    cure: "Look at `[project.scripts]` and `[project.entry-points]` in pyproject.toml, or at what \
            generates the file.",
    bad: "demo = demo:main\n[console_scripts]",
    good: "[console_scripts]\ndemo = demo:main",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(points) = wheel.entry_points() else {
        return;
    };
    let member = wheel.member("entry_points.txt");
    let found = points.problems().iter().map(|problem| {
        let finding = Finding::new(&RULE, problem.kind.to_string())
            .refused_by(refused_by(&problem.kind))
            .why("the index refuses it: has invalid entry points")
            .member(&member)
            .next("correct the entry points in pyproject.toml and build again");
        match problem.line {
            0 => finding,
            line => finding.line(line),
        }
    });
    report::capped(&RULE, found, findings);
}

fn refused_by(kind: &EntryPointProblemKind) -> &'static [Refuser] {
    match kind {
        EntryPointProblemKind::NotUtf8 | EntryPointProblemKind::NoEquals(_) => {
            &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec]
        }
        EntryPointProblemKind::NoGroup(_)
        | EntryPointProblemKind::NoName
        | EntryPointProblemKind::DuplicateGroup(_)
        | EntryPointProblemKind::DuplicateName(_) => &[Refuser::Pypi, Refuser::Spec],
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn readable_files_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let text = "# ours\n[console_scripts]\nfoo = demo:main\n\n[plugins]\na b = x\n";
        expect(&in_wheel(&wheel().entry_points(text), check), &[]);
    }

    #[test]
    fn unreadable_files_are_refused() {
        expect(
            &in_wheel(
                &wheel().entry_points("[console_scripts]\nfoo : demo:main\n"),
                check,
            ),
            &[
                "error pypi,pip,uv,spec: `foo : demo:main` has no `=` (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
        expect(
            &in_wheel(
                &wheel().entry_points(b"[console_scripts]\nfoo = caf\xe9:main\n"),
                check,
            ),
            &[
                "error pypi,pip,uv,spec: the file is not UTF-8 (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
        expect(
            &in_wheel(&wheel().entry_points("[g]\na = b\na = c\n"), check),
            &[
                "error pypi,spec: the entry `a` is there twice (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
    }
}
