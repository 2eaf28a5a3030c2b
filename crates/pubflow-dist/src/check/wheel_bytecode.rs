//! P909: bytecode in a wheel.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P909",
    name: "wheel-bytecode",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The wheel holds compiled Python files (`.pyc`, `.pyo`) or `__pycache__`.",
    why: "They fit one Python version only, installers write their own, and stale ones can shadow \
            the sources.",
    cure: "Clean the tree before the build, or exclude them in the backend's settings.",
    bad: "demo/__init__.py\ndemo/__pycache__/__init__.cpython-312.pyc",
    good: "demo/__init__.py",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let found = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter(|entry| matches!(entry.path.extension(), Some("pyc" | "pyo")))
        .map(|entry| {
            Finding::new(&RULE, format!("`{}` is bytecode", entry.path))
                .member(entry.path.as_str())
                .next("exclude `__pycache__` from the wheel and build again")
        });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn sources_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn bytecode_is_found() {
        let builder = wheel().file("demo/__pycache__/a.cpython-312.pyc", "x");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/__pycache__/a.cpython-312.pyc` is bytecode (demo/__pycache__/a.cpython-312.pyc)",
            ],
        );
    }
}
