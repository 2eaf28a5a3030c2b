//! P1102: names of scripts can be names of commands.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1102",
    name: "script-name",
    severity: Severity::Error,
    source: "R132, entry points specification",
    refused_by: &[Refuser::Pypi],
    about: "The name of a console or GUI script holds something else than letters, digits, `.`, \
            `-` and `_`.",
    why: "The index refuses the wheel since May 2026; a name with a path would write outside of \
            the directory of scripts, so installers refuse it as well.",
    cure: "Rename the script in `[project.scripts]`.",
    bad: "[console_scripts]\n../demo = demo:main",
    good: "[console_scripts]\ndemo = demo:main",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(points) = wheel.entry_points() else {
        return;
    };
    for point in points.scripts() {
        let name = &point.name;
        let is_plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
        if is_plain {
            continue;
        }
        let refused_by: &[Refuser] = if name.contains('/') {
            &[Refuser::Pypi, Refuser::Pip, Refuser::Uv]
        } else {
            &[Refuser::Pypi]
        };
        findings.add(
            Finding::new(
                &RULE,
                format!("the script name `{name}` cannot be a command"),
            )
            .refused_by(refused_by)
            .why("the index refuses it: has invalid entry points")
            .member(wheel.member("entry_points.txt"))
            .line(point.line)
            .next("rename the script in `[project.scripts]` and build again"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn words_dots_and_dashes_are_quiet() {
        let text = "[console_scripts]\n.foo-bar_1 = demo:main\n[plugins]\na/b = x\n";
        expect(&in_wheel(&wheel().entry_points(text), check), &[]);
    }

    #[test]
    fn blanks_are_refused_by_the_index_and_paths_by_installers() {
        let text = "[console_scripts]\nmy tool = demo:main\n[gui_scripts]\n../evil = demo:main\n";
        expect(
            &in_wheel(&wheel().entry_points(text), check),
            &[
                "error pypi: the script name `my tool` cannot be a command (demo-1.0.dist-info/entry_points.txt)",
                "error pypi,pip,uv: the script name `../evil` cannot be a command (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
    }
}
