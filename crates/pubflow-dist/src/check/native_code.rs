//! P1202: native code and the tags of the wheel.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::entry::Entry;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1202",
    name: "native-code-tag",
    severity: Severity::Warning,
    source: "PEP 425",
    refused_by: &[],
    about: "A wheel for any platform holds native code, or one for a certain platform holds \
            native code of another.",
    why: "Installers choose wheels by their tags, so the wheel is installed where it cannot be \
            imported.",
    cure: "Let the backend know about the extension modules, or build the wheel with cibuildwheel.",
    bad: "demo-1.0-py3-none-any.whl with demo/core.so",
    good: "demo-1.0-cp312-cp312-manylinux_2_28_x86_64.whl with demo/core.so",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Ok(filename) = wheel.filename() else {
        return;
    };
    let platforms = filename.tag_set.platforms();
    let is_any = platforms.iter().any(|platform| platform == "any");
    let is_windows = platforms.iter().any(|platform| platform.starts_with("win"));
    let found = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let for_windows = system(entry)?;
            let path = entry.path.as_str();
            let message = if is_any {
                format!("`{path}` is native code, but the wheel is for any platform")
            } else if for_windows != is_windows {
                let platform = &platforms[0];
                format!("`{path}` is native code of another system than `{platform}`")
            } else {
                return None;
            };
            Some(
                Finding::new(&RULE, message)
                    .member(path)
                    .next("build the wheel for its platform, for example with cibuildwheel"),
            )
        });
    report::capped(&RULE, found, findings);
}

/// For native code whether it is for Windows, by the file's name.
fn system(entry: &Entry) -> Option<bool> {
    match entry.path.extension()? {
        "pyd" | "dll" => Some(true),
        "so" | "dylib" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn native_code_for_its_platform_is_quiet() {
        let builder = wheel().tag("cp312-cp312-win_amd64").file("demo/a.pyd", "x");
        expect(&in_wheel(&builder, check), &[]);
        let builder = wheel()
            .tag("cp312-cp312-manylinux_2_17_x86_64")
            .file("demo/a.so", "x");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn native_code_under_the_wrong_tag_is_found() {
        expect(
            &in_wheel(&wheel().file("demo/a.so", "x"), check),
            &[
                "warning -: `demo/a.so` is native code, but the wheel is for any platform (demo/a.so)",
            ],
        );
        let builder = wheel()
            .tag("cp312-cp312-manylinux_2_17_x86_64")
            .file("demo/a.pyd", "x");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/a.pyd` is native code of another system than `manylinux_2_17_x86_64` (demo/a.pyd)",
            ],
        );
    }
}
