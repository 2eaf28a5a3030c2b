//! P1105: entry points that ask for extras.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::wheel::{ObjectReference, Wheel};

pub(super) static RULE: Rule = Rule {
    code: "P1105",
    name: "entry-point-extras",
    severity: Severity::Note,
    source: "entry points specification",
    refused_by: &[],
    about: "An entry point names extras behind its object.",
    why: "The entry points specification advises against it: installers write the script \
            whether the extra was asked for or not, and most readers ignore the brackets.",
    cure: "Import what the extra brings inside of the function, and tell the user what to \
            install.",
    bad: "[console_scripts]\ndemo = demo:main [cli]",
    good: "[console_scripts]\ndemo = demo:main",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let points = wheel
        .entry_points()
        .map_or(&[][..], |points| points.points());
    let found = points.iter().filter_map(|point| {
        let extras = ObjectReference::parse(&point.value)?.extras?;
        let message = format!(
            "the entry point `{}` asks for the extra `{extras}`",
            point.name
        );
        Some(
            Finding::new(&RULE, message)
                .member(wheel.member("entry_points.txt"))
                .line(point.line)
                .next("take the brackets out of the reference"),
        )
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn plain_references_are_quiet() {
        let builder = wheel().entry_points("[console_scripts]\ndemo = demo:main\n");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn extras_are_found() {
        let builder = wheel().entry_points("[console_scripts]\ndemo = demo:main [cli]\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "note -: the entry point `demo` asks for the extra `cli` (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
    }
}
