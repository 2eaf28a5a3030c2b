//! P902: one `.dist-info` directory, of the right name.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::ProjectName;

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P902",
    name: "wheel-dist-info",
    severity: Severity::Error,
    source: "R099, PEP 427",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A wheel has exactly one directory `{name}-{version}.dist-info` at its top, spelt as \
            the first two parts of its file name.",
    why: "The index looks under exactly this name; installers refuse a wheel with none or with \
            several.",
    cure: "Renamed wheels and stale build directories are the usual causes: build again in a \
            clean tree.",
    bad: "demo-1.0-py3-none-any.whl\n  Demo-1.0.dist-info/\n  old-0.9.dist-info/",
    good: "demo-1.0-py3-none-any.whl\n  demo-1.0.dist-info/",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    if !wheel.archive().is_readable() {
        return;
    }
    let expected = wheel.expected_dist_info();
    let found = wheel.dist_infos();
    if found.is_empty() {
        findings.add(
            Finding::new(&RULE, "there is no `.dist-info` directory")
                .next("build the wheel with a build backend"),
        );
        return;
    }
    if !found.contains(&expected) {
        findings.add(
            Finding::new(
                &RULE,
                format!("the directory is `{}`, not `{expected}`", found[0]),
            )
            .refused_by(refused_by(wheel, &found[0]))
            .why(format!("the index looks for {expected}/WHEEL"))
            .next("build the wheel again instead of renaming it"),
        );
    }
    if let [first, second, ..] = found {
        findings.add(
            Finding::new(
                &RULE,
                format!("there are several `.dist-info` directories: `{first}`, `{second}`"),
            )
            .refused_by(&[Refuser::Pip, Refuser::Uv, Refuser::Spec])
            .next("build the wheel in a clean tree"),
        );
    }
}

/// pip minds only the project's name in it.
fn refused_by(wheel: &Wheel, directory: &str) -> &'static [Refuser] {
    let name = directory.split('-').next().map(ProjectName::parse);
    match (name, wheel.filename()) {
        (Some(Ok(name)), Ok(filename)) if name != filename.name => {
            &[Refuser::Pypi, Refuser::Pip, Refuser::Spec]
        }
        _ => &[Refuser::Pypi, Refuser::Spec],
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn the_one_directory_is_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
    }

    #[test]
    fn another_name_is_refused_by_the_index() {
        expect(
            &in_wheel(&wheel().dist_info("demo-2.0.dist-info"), check),
            &["error pypi,spec: the directory is `demo-2.0.dist-info`, not `demo-1.0.dist-info`"],
        );
        let found = in_wheel(&wheel().dist_info("other-1.0.dist-info"), check);
        assert_eq!(
            found[0].refused_by,
            [Refuser::Pypi, Refuser::Pip, Refuser::Spec]
        );
    }

    #[test]
    fn none_and_several_are_refused_by_installers() {
        expect(
            &in_wheel(&wheel().dist_info("metadata"), check),
            &["error pypi,pip,uv,spec: there is no `.dist-info` directory"],
        );
        expect(
            &in_wheel(&wheel().file("other-2.0.dist-info/METADATA", "x"), check),
            &[
                "error pip,uv,spec: there are several `.dist-info` directories: `other-2.0.dist-info`, `demo-1.0.dist-info`",
            ],
        );
    }
}
