//! P913: top-level names of the standard library.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::ProjectName;

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P913",
    name: "standard-library-names",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The wheel installs a module under the name of one of the standard library. A project \
            that carries the name itself, as backports do, is not reported.",
    why: "Python looks into the standard library first, so the module is never imported where it \
            exists, and shadows nothing but confuses everybody where it does not.",
    cure: "Move the module into the project's own package.",
    bad: "logging.py\ndemo/__init__.py",
    good: "demo/logging.py\ndemo/__init__.py",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let own = wheel
        .filename()
        .ok()
        .map(|filename| filename.name.normalized().to_owned());
    for module in wheel.top_level_modules() {
        let Ok(name) = ProjectName::parse(&module) else {
            continue;
        };
        let is_own = own
            .as_deref()
            .is_some_and(|own| own.contains(name.normalized()));
        // Names such as `test` and `tests` are told by P912.
        let is_common = module.starts_with("test");
        if name.is_standard_library_name() && !is_own && !is_common {
            let message = format!("the standard library has a module `{module}` too");
            findings.add(
                Finding::new(&RULE, message)
                    .member(module)
                    .next("move the module into the project's own package"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    use pubflow_testkit::WheelBuilder;

    #[test]
    fn own_names_and_backports_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/json.py", ""), check), &[]);
        let backport = WheelBuilder::new("enum34", "1.0").file("enum/__init__.py", "");
        expect(&in_wheel(&backport, check), &[]);
    }

    #[test]
    fn names_of_the_standard_library_are_found() {
        expect(
            &in_wheel(&wheel().file("json/__init__.py", ""), check),
            &["warning -: the standard library has a module `json` too (json)"],
        );
    }
}
