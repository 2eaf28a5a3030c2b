//! P1207: extension modules for the Python of the tag.

use std::collections::HashSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::native_platform::{Suffix, suffix};
use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1207",
    name: "native-suffix",
    severity: Severity::Error,
    source: "PEP 425, PEP 3149",
    refused_by: &[Refuser::Spec],
    about: "The suffix of an extension module names another Python than the tag of the wheel, and \
            no module of the same name fits.",
    why: "Python looks for its own suffix only, so the module cannot be imported where the wheel \
            is installed.",
    cure: "A left-over `build` directory or a wheel that was retagged by hand is the usual cause: \
            clean, and build again.",
    bad: "demo-1.0-cp312-cp312-win_amd64.whl with core.cp311-win_amd64.pyd",
    good: "demo-1.0-cp312-cp312-win_amd64.whl with core.cp312-win_amd64.pyd",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Ok(filename) = wheel.filename() else {
        return;
    };
    // What each alternative imports: its own suffix, with `t` for free-threaded builds.
    let mut pythons: HashSet<&str> = HashSet::new();
    let mut is_stable = false;
    for abi in filename.tag_set.abis() {
        match abi.strip_prefix("cp") {
            Some(version) => drop(pythons.insert(version.trim_end_matches(['m', 'u']))),
            None if abi == "abi3" => is_stable = true,
            None => return,
        }
    }
    let modules: Vec<(&str, &str, Suffix<'_>)> = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let (stem, suffix) = suffix(entry.path.file_name())?;
            let path = entry.path.as_str();
            let directory = path.strip_suffix(entry.path.file_name())?;
            Some((path, &path[..directory.len() + stem.len()], suffix))
        })
        .collect();
    let fits = |suffix: &Suffix<'_>| match suffix {
        Suffix::Cpython(version) => pythons.contains(version.trim_end_matches(['m', 'u'])),
        Suffix::Abi3 | Suffix::Other => true,
    };
    let fitting: HashSet<&str> = modules
        .iter()
        .filter(|(_, _, suffix)| fits(suffix))
        .map(|(_, module, _)| *module)
        .collect();
    // A wheel for the stable interface may carry a faster module for one Python beside it.
    if is_stable && !fitting.is_empty() {
        return;
    }
    let found = modules
        .iter()
        .filter(|(_, module, suffix)| !fits(suffix) && !fitting.contains(module))
        .map(|(path, _, _)| {
            let tag = filename.tag_set.abis().join(".");
            let message = format!("`{path}` cannot be imported by a Python of the tag `{tag}`");
            Finding::new(&RULE, message)
                .member(*path)
                .next("remove the `build` directory and build again")
        });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    const OLD: &str = "demo/a.cpython-311-x86_64-linux-gnu.so";

    #[test]
    fn suffixes_of_the_tag_are_quiet() {
        let right = "demo/a.cpython-312-x86_64-linux-gnu.so";
        let builder = wheel()
            .tag("cp312-cp312-manylinux_2_17_x86_64")
            .file(right, "x");
        expect(&in_wheel(&builder, check), &[]);
        // The left-over does no harm beside the right one.
        expect(&in_wheel(&builder.file(OLD, "x"), check), &[]);
        let stable = wheel().tag("cp39-abi3-win_amd64").file("demo/a.pyd", "x");
        expect(&in_wheel(&stable, check), &[]);
        let bundle = wheel().tag("py3-none-manylinux_2_17_x86_64").file(OLD, "x");
        expect(&in_wheel(&bundle, check), &[]);
    }

    #[test]
    fn suffixes_of_another_python_are_found() {
        let message = format!(
            "error spec: `{OLD}` cannot be imported by a Python of the tag `cp312` ({OLD})"
        );
        let builder = wheel()
            .tag("cp312-cp312-manylinux_2_17_x86_64")
            .file(OLD, "x");
        expect(&in_wheel(&builder, check), &[&message]);
        let stable = wheel()
            .tag("cp39-abi3-manylinux_2_17_x86_64")
            .file(OLD, "x");
        assert_eq!(in_wheel(&stable, check).len(), 1);
    }
}
