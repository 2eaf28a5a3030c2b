//! P908: the `.data` directory of a wheel.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P908",
    name: "data-directory",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[Refuser::Spec],
    about: "A `.data` directory at the top of the wheel is called otherwise than the `.dist-info` \
            directory, or holds something else than `data`, `headers`, `platlib`, `purelib` and \
            `scripts`.",
    why: "Installers refuse the wheel, or install the files where nobody looks for them.",
    cure: "Build the wheel with a current build backend.",
    bad: "Demo-1.0.data/bin/demo",
    good: "demo-1.0.data/scripts/demo",
};

const SCHEMES: &[&str] = &["data", "headers", "platlib", "purelib", "scripts"];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(own) = wheel.data_directory() else {
        return;
    };
    let mut wrong: BTreeSet<(&str, String)> = BTreeSet::new();
    for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
        let mut parts = entry.path.components();
        let (Some(top), Some(scheme)) = (parts.next(), parts.next()) else {
            continue;
        };
        // Other directories may be called so; those of wheels have a version in their names.
        let is_data = top
            .strip_suffix(".data")
            .is_some_and(|stem| stem.contains('-'));
        if top == own && !SCHEMES.contains(&scheme) {
            let message = format!("`{top}` holds `{scheme}`, which installers do not know");
            wrong.insert((top, message));
        } else if is_data && top != own {
            wrong.insert((top, format!("the directory is called `{top}`, not `{own}`")));
        }
    }
    for (top, message) in wrong.into_iter().take(20) {
        findings.add(
            Finding::new(&RULE, message)
                .member(top)
                .next("build the wheel with a current build backend"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn known_schemes_are_quiet() {
        let builder = wheel()
            .file("demo-1.0.data/scripts/run", "#!python\n")
            .file("demo-1.0.data/data/share/x", "")
            .file("package.data/x", "");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn unknown_schemes_and_other_names_are_found() {
        let builder = wheel()
            .file("demo-1.0.data/extra/x", "")
            .file("demo-2.0.data/scripts/x", "");
        expect(
            &in_wheel(&builder, check),
            &[
                "error spec: `demo-1.0.data` holds `extra`, which installers do not know (demo-1.0.data)",
                "error spec: the directory is called `demo-2.0.data`, not `demo-1.0.data` (demo-2.0.data)",
            ],
        );
    }
}
