//! P104: `build-backend` and `backend-path`.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::ObjectReference;

use super::PyprojectSubject;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P104",
    name: "backend-reference",
    severity: Severity::Error,
    source: "PEP 517",
    refused_by: &[Refuser::Pip, Refuser::Spec],
    about: "`build-backend` names an object to import: dotted identifiers, optionally a colon and \
            more of them. `backend-path` lists directories of the project itself to import it \
            from; front ends refuse an absolute path and one that leaves the project.",
    why: "Front ends import the backend before anything else; a reference that is none, or a path \
            out of the tree, ends the build there, and PEP 517 forbids it because it would run \
            code that does not belong to the project.",
    cure: "Write the module of the backend as its documentation gives it, and `backend-path` \
            relative to the project.",
    bad: "build-backend = \"hatchling-build\"\nbackend-path = [\"/opt/backends\"]",
    good: "build-backend = \"hatchling.build\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("build-system") else {
        return;
    };
    let build_system = TomlPath::of(&["build-system"]);
    if let Some(item) = table.get("build-backend") {
        let path = build_system.key("build-backend");
        match item.as_str() {
            None => {
                let problem = subject.pyproject.wrong_type(&path, "a string", item);
                findings.add(subject.problem(&RULE, &problem));
            }
            Some(text) => {
                if let Some(finding) = reference_fault(subject, &path, text) {
                    findings.add(finding);
                }
            }
        }
    }
    let Some(item) = table.get("backend-path") else {
        return;
    };
    let path = build_system.key("backend-path");
    let array = item.as_array();
    if array.is_none_or(|array| array.iter().any(|value| !value.is_str())) {
        let problem = subject
            .pyproject
            .wrong_type(&path, "an array of strings", item);
        findings.add(subject.problem(&RULE, &problem));
    }
    for value in subject.pyproject.strings_at(&path) {
        if leaves_the_tree(value.text) {
            let message = format!("backend path leaves the project: `{}`", value.text);
            findings.add(subject.finding(&RULE, &value.path, message));
        }
    }
}

/// The finding that a text is no reference to a backend, which has no extras.
fn reference_fault(subject: &PyprojectSubject, path: &TomlPath, text: &str) -> Option<Finding> {
    let why = match ObjectReference::parse(text) {
        Ok(reference) if reference.extras.is_empty() => return None,
        Ok(_) => "a build backend has no extras".to_owned(),
        Err(error) => error.to_string(),
    };
    let message = format!("build backend is no object reference: `{text}`");
    Some(subject.finding(&RULE, path, message).why(why))
}

/// Absolute on any system, or with more steps up than down at some point.
pub(super) fn leaves_the_tree(path: &str) -> bool {
    let slashed = path.replace('\\', "/");
    let has_drive = slashed.as_bytes().get(1) == Some(&b':');
    if slashed.starts_with('/') || has_drive {
        return true;
    }
    let mut depth = 0_usize;
    for part in slashed.split('/') {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text =
            "[build-system]\nbuild-backend = 'a-b'\nbackend-path = ['a/../..', '/x', 'C:\\x']\n";
        assert_eq!(
            pyproject(check, text),
            [
                "build-system.build-backend 2: build backend is no object reference: `a-b`",
                "build-system.backend-path[0] 3: backend path leaves the project: `a/../..`",
                "build-system.backend-path[1] 3: backend path leaves the project: `/x`",
                "build-system.backend-path[2] 3: backend path leaves the project: `C:\\x`",
            ]
        );
        assert_eq!(
            pyproject(
                check,
                "[build-system]\nbuild-backend = 1\nbackend-path = '.'\n"
            )
            .len(),
            2
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[build-system]\nbuild-backend = 'setuptools.build_meta:__legacy__'\n\
                    backend-path = ['.', 'a/../b']\n";
        assert!(pyproject(check, good).is_empty());
        assert!(pyproject(check, "").is_empty());
    }
}
