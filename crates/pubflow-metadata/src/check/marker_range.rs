//! P304: markers that never hold, or always.

use std::collections::BTreeMap;

use pubflow_finding::{Findings, Rule, Severity};
use pubflow_spec::{Marker, MarkerEnvironment, MarkerVariable};

use super::PyprojectSubject;
use super::dependency_invalid::requirements;
use super::python_release::{PythonRelease, supported};

/// Different markers of one file that are tried on every Python, which takes a while.
const MOST_MARKERS: usize = 1000;

/// Comparisons in one marker that are made for every Python.
const MOST_VARIABLES: usize = 50;

/// Comparisons that never hold because the value is spelt otherwise, and what is meant.
const NEVER: [(&str, &str); 16] = [
    ("implementation_name == \"CPython\"", "\"cpython\""),
    ("implementation_name == \"PyPy\"", "\"pypy\""),
    ("os_name == \"linux\"", "\"posix\""),
    ("os_name == \"windows\"", "\"nt\""),
    ("os_name == \"Windows\"", "\"nt\""),
    (
        "platform_python_implementation == \"cpython\"",
        "\"CPython\"",
    ),
    ("platform_python_implementation == \"pypy\"", "\"PyPy\""),
    ("platform_system == \"darwin\"", "\"Darwin\""),
    ("platform_system == \"linux\"", "\"Linux\""),
    ("platform_system == \"macos\"", "\"Darwin\""),
    ("platform_system == \"win32\"", "\"Windows\""),
    ("platform_system == \"windows\"", "\"Windows\""),
    ("sys_platform == \"Linux\"", "\"linux\""),
    ("sys_platform == \"Windows\"", "\"win32\""),
    ("sys_platform == \"macos\"", "\"darwin\""),
    ("sys_platform == \"windows\"", "\"win32\""),
];

pub(super) static RULE: Rule = Rule {
    code: "P304",
    name: "marker-range",
    severity: Severity::Warning,
    source: "dependency specifiers (PEP 508)",
    refused_by: &[],
    about: "A marker holds nowhere, or everywhere, in the range of `requires-python`. One that \
            always holds is a note.",
    why: "A marker that holds for no Python that `requires-python` admits makes its dependency \
            dead text, and so does a platform that is spelt otherwise by Python itself: the value \
            of `sys_platform` on Windows is `win32`.",
    cure: "Remove the dependency or the marker, or correct the value.",
    bad: "requires-python = \">=3.10\"\n\
            dependencies = [\"tomli; python_version < '3.9'\", \"colorama; sys_platform == 'windows'\"]",
    good: "requires-python = \">=3.10\"\ndependencies = [\"colorama; sys_platform == 'win32'\"]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let pythons = supported(subject).unwrap_or_default();
    let mut shares: BTreeMap<String, Share> = BTreeMap::new();
    for (value, requirement) in requirements(&subject.pyproject) {
        let Some(marker) = &requirement.marker else {
            continue;
        };
        let text = marker.to_string();
        if let Some((comparison, meant)) = NEVER.iter().find(|(never, _)| text.contains(never)) {
            let message = format!("marker never holds: `{comparison}`");
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.next(format!("compare with {meant}")));
            continue;
        }
        if shares.len() == MOST_MARKERS {
            return;
        }
        let share = shares
            .entry(text.clone())
            .or_insert_with(|| share(marker, &pythons));
        match share {
            Share::None => {
                let message = format!("marker holds for no supported Python: `{text}`");
                findings.add(subject.finding(&RULE, &value.path, message));
            }
            Share::All => {
                let message = format!("marker holds for every supported Python: `{text}`");
                let finding = subject.finding(&RULE, &value.path, message);
                findings.add(finding.severity(Severity::Note));
            }
            Share::Some => {}
        }
    }
}

/// For how many of the Pythons a marker holds.
enum Share {
    None,
    Some,
    All,
}

/// Markers that ask for more than the version of Python hold for some.
fn share(marker: &Marker, pythons: &[PythonRelease]) -> Share {
    let asks_version_only = marker.variables().iter().all(|variable| {
        matches!(
            variable,
            MarkerVariable::PythonVersion | MarkerVariable::PythonFullVersion
        )
    });
    let is_short = marker.variables().len() <= MOST_VARIABLES;
    if !asks_version_only || !is_short || pythons.is_empty() {
        return Share::Some;
    }
    let mut n_held = 0;
    for python in pythons {
        let environment = MarkerEnvironment::new()
            .with("python_version", &python.version)
            .with("python_full_version", &python.full);
        match marker.evaluate(&environment) {
            Ok(holds) => n_held += usize::from(holds),
            Err(_) => return Share::Some,
        }
    }
    match n_held {
        0 => Share::None,
        n if n == pythons.len() => Share::All,
        _ => Share::Some,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    fn marked(marker: &str) -> Vec<String> {
        let text =
            format!("[project]\nrequires-python = '>=3.9'\ndependencies = ['a; {marker}']\n");
        pyproject(check, text)
    }

    #[test]
    fn fires() {
        let at = "project.dependencies[0] 3: marker";
        assert_eq!(
            marked("python_version < \"3.9\""),
            [format!(
                "{at} holds for no supported Python: `python_version < \"3.9\"`"
            )]
        );
        assert_eq!(
            marked("python_full_version >= \"3\""),
            [format!(
                "{at} holds for every supported Python: `python_full_version >= \"3\"`"
            )]
        );
        assert_eq!(
            marked("extra == \"x\" and sys_platform == \"windows\""),
            [format!("{at} never holds: `sys_platform == \"windows\"`")]
        );
    }

    #[test]
    fn stays_quiet() {
        for marker in [
            "python_version < \"3.11\"",
            "python_full_version < \"3.12.4\"",
            "python_version < \"3.9\" and os_name == \"nt\"",
            "sys_platform == \"win32\"",
        ] {
            assert!(marked(marker).is_empty(), "{marker}");
        }
        assert!(
            pyproject(
                check,
                "[project]\ndependencies = ['a', 'b; python_version<\"3\"']\n"
            )
            .is_empty()
        );
    }
}
