//! P901: the file name of a wheel.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::WheelFilename;

use crate::wheel::Wheel;

/// R134: the index stores `{filename}.metadata`, and file systems end at 255 bytes.
const LONGEST: usize = 246;

pub(super) static RULE: Rule = Rule {
    code: "P901",
    name: "wheel-filename",
    severity: Severity::Error,
    source: "R123, R126, R134, PEP 427",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "The file name is not `{name}-{version}[-{build}]-{python}-{abi}-{platform}.whl`, or \
            one of its parts is not in normal form: the name in lower case with `_` for every \
            separator, the version as PEP 440 writes it, compressed tags sorted.",
    why: "Nobody installs a wheel whose name cannot be read; the index refuses names that are not \
            normalised.",
    cure: "Build with a current backend; never rename wheels.",
    bad: "Demo-Pkg-v1.0-py3-none-any.whl",
    good: "demo_pkg-1.0-py3-none-any.whl",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let given = wheel.archive().filename();
    let next = "build the wheel with a current build backend";
    let filename = match wheel.filename() {
        Ok(filename) => filename,
        Err(error) => {
            findings.add(
                Finding::new(&RULE, format!("`{given}` is not the file name of a wheel"))
                    .why(error.to_string())
                    .next(next),
            );
            return;
        }
    };
    if given.len() > LONGEST {
        findings.add(
            Finding::new(
                &RULE,
                format!(
                    "the file name has {} bytes, more than {LONGEST}",
                    given.len()
                ),
            )
            .refused_by(&[Refuser::Pypi])
            .why("the index refuses it: Filename is too long"),
        );
    }
    let name = filename.name.as_str();
    if name != filename.name.underscored() {
        findings.add(
            Finding::new(
                &RULE,
                format!(
                    "the name part is `{name}`, not `{}`",
                    filename.name.underscored()
                ),
            )
            .refused_by(&[Refuser::Pypi, Refuser::Spec])
            .why("the index refuses it: should contain the normalized project name")
            .next(next),
        );
    }
    for message in spellings(filename) {
        findings.add(
            Finding::new(&RULE, message)
                .severity(Severity::Warning)
                .refused_by(&[])
                .next(next),
        );
    }
}

/// Parts that everybody takes although the specification asks for another spelling.
fn spellings(filename: &WheelFilename) -> Vec<String> {
    let mut found = Vec::new();
    let version = filename.version.as_given();
    if version != filename.version.to_string() {
        found.push(format!(
            "the version part is `{version}`, not `{}`",
            filename.version
        ));
    }
    if !filename.tag_set.is_sorted() {
        found.push("the alternatives of a compressed tag are not sorted".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn normal_names_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        let builder = wheel()
            .build_tag("1")
            .tag("cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64");
        expect(
            &in_wheel(&builder, check),
            &["warning -: the alternatives of a compressed tag are not sorted"],
        );
        expect(&in_wheel(&wheel().tag("py2.py3-none-any"), check), &[]);
    }

    #[test]
    fn names_that_cannot_be_read_are_refused_by_everybody() {
        for name in [
            "demo-1.0.whl",
            "demo-1.0-x1-py3-none-any.whl",
            "demo-1!-py3-none-any.whl",
        ] {
            let message =
                format!("error pypi,pip,uv,spec: `{name}` is not the file name of a wheel");
            expect(&in_wheel(&wheel().filename(name), check), &[&message]);
        }
    }

    #[test]
    fn other_spellings_of_the_name_are_refused_by_the_index() {
        expect(
            &in_wheel(&wheel().filename("Demo.Pkg-1.0-py3-none-any.whl"), check),
            &["error pypi,spec: the name part is `Demo.Pkg`, not `demo_pkg`"],
        );
        expect(
            &in_wheel(&wheel().filename("demo-v1.0-py3-none-any.whl"), check),
            &["warning -: the version part is `v1.0`, not `1.0`"],
        );
        let long = format!("demo-1.0-{}-none-any.whl", "a".repeat(230));
        let found = in_wheel(&wheel().filename(&long), check);
        assert_eq!(found[0].refused_by, [Refuser::Pypi]);
    }
}
