//! P1211: the Python tag promises versions that Requires-Python excludes.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::{Prereleases, SpecifierSet, Version};

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1211",
    name: "python-tag-excluded",
    severity: Severity::Warning,
    source: "PEP 425",
    refused_by: &[],
    about: "The wheel's Python tag names a Python that Requires-Python excludes altogether.",
    why: "Tools that go by the tag list the wheel for Pythons it cannot run on; mostly \
            `universal` was forgotten in the settings when Python 2 was dropped.",
    cure: "Take the setting out, or widen `requires-python`.",
    bad: "demo-1.0-py2.py3-none-any.whl with Requires-Python: >=3.8",
    good: "demo-1.0-py3-none-any.whl with Requires-Python: >=3.8",
};

/// Newer than every micro release there will be.
const MOST_MINOR: u32 = 40;

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let (Ok(filename), Some(metadata)) = (wheel.filename(), wheel.metadata()) else {
        return;
    };
    let Some(Ok(required)) = metadata.first("Requires-Python").map(SpecifierSet::parse) else {
        return;
    };
    for python in filename.tag_set.pythons() {
        // What an implementation counts for itself says nothing about Python's own version.
        let number = python.strip_prefix("py").or(python.strip_prefix("cp"));
        let Some(number) = number.filter(|number| !number.is_empty()) else {
            continue;
        };
        let (major, minor) = number.split_at(1);
        let Ok(major) = major.parse::<u32>() else {
            continue;
        };
        let minors = match minor.parse::<u32>() {
            Ok(minor) => minor..=minor,
            Err(_) if minor.is_empty() => 0..=MOST_MINOR,
            Err(_) => continue,
        };
        // A wheel for an older Python's stable interface is for every newer one too.
        let is_open =
            filename.tag_set.abis().iter().any(|abi| abi == "abi3") || python.starts_with("py");
        let last = if is_open { MOST_MINOR } else { *minors.end() };
        let is_allowed = (*minors.start()..=last).any(|minor| allows(&required, major, minor));
        if !is_allowed {
            let text = metadata.first("Requires-Python").unwrap_or_default().trim();
            let message = format!("the tag is for `{python}`, but Requires-Python is `{text}`");
            findings.add(
                Finding::new(&RULE, message)
                    .member(wheel.member("METADATA"))
                    .field("Requires-Python")
                    .next("take `universal` out of the backend's settings, or correct `requires-python`"),
            );
        }
    }
}

/// Whether some micro release of the version is allowed.
fn allows(required: &SpecifierSet, major: u32, minor: u32) -> bool {
    [0, 1, 99].iter().any(|micro| {
        Version::parse(&format!("{major}.{minor}.{micro}"))
            .is_ok_and(|version| required.contains(&version, Prereleases::Allow))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn tags_that_fit_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        for (tag, required) in [
            ("py3-none-any", ">=3.8"),
            ("cp38-abi3-win_amd64", ">=3.9"),
            ("py2.py3-none-any", ">=2.7,!=3.0.*"),
            ("pp310-pypy310_pp73-win_amd64", ">=3.10"),
        ] {
            let builder = wheel()
                .tag(tag)
                .metadata_line(&format!("Requires-Python: {required}"));
            expect(&in_wheel(&builder, check), &[]);
        }
    }

    #[test]
    fn tags_for_excluded_pythons_are_found() {
        for (tag, required, python) in [
            ("py2.py3-none-any", ">=3.8", "py2"),
            ("cp38-cp38-win_amd64", ">=3.9", "cp38"),
        ] {
            let builder = wheel()
                .tag(tag)
                .metadata_line(&format!("Requires-Python: {required}"));
            let message = format!(
                "warning -: the tag is for `{python}`, but Requires-Python is `{required}` (demo-1.0.dist-info/METADATA)"
            );
            expect(&in_wheel(&builder, check), &[&message]);
        }
    }
}
