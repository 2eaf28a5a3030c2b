//! P1006: `.dist-info` stands at the end of the wheel.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1006",
    name: "record-order",
    severity: Severity::Note,
    source: "PEP 427",
    refused_by: &[],
    about: "The files of `.dist-info` do not stand at the end of the archive, as the \
            specification recommends.",
    why: "Only tools that replace the metadata of a wheel in place profit from the order.",
    cure: "Current build backends keep it.",
    bad: "demo-1.0.dist-info/METADATA\ndemo/__init__.py",
    good: "demo/__init__.py\ndemo-1.0.dist-info/METADATA",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(directory) = wheel.dist_info() else {
        return;
    };
    let is_inside = |entry: &&crate::Entry| entry.path.below(directory).is_some();
    let n_inside = wheel.entries().iter().filter(is_inside).count();
    let tail = wheel.entries().iter().rev().take(n_inside);
    if tail.filter(is_inside).count() < n_inside {
        let message = format!("`{directory}` does not stand at the end of the wheel");
        findings.add(Finding::new(&RULE, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn the_recommended_order_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn another_order_is_a_note() {
        let builder = wheel()
            .file("demo-1.0.dist-info/licenses/LICENSE", "x")
            .file("z.py", "");
        expect(
            &in_wheel(&builder, check),
            &["note -: `demo-1.0.dist-info` does not stand at the end of the wheel"],
        );
    }
}
