//! P1305: paths of the machine that built the distribution.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report, secrets};

pub(super) static RULE: Rule = Rule {
    code: "P1305",
    name: "build-paths",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A member holds the path of a source tree or tool in somebody's home directory. Paths \
            of well-known build services and of invented users are not reported.",
    why: "It tells a user name and how the machine is laid out, and a path that is used at run \
            time exists on no other machine.",
    cure: "Generate the file without absolute paths, or exclude it; for compiled code, set the \
            compiler's option that maps path prefixes.",
    bad: "DATA = \"/home/ada/src/demo/data\"",
    good: "DATA = importlib.resources.files(\"demo\") / \"data\"",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let found = archive.entries().iter().filter_map(|entry| {
        let path = entry.path.as_str();
        let content = archive.content(path)?;
        let build = content.found.build_path.as_ref()?;
        // A path in documentation is an example; sources that were not read hold many.
        let is_example = entry.path.extension() == Some("py")
            && content
                .source
                .as_ref()
                .is_none_or(|source| source.is_documentation(build.line));
        if is_example || secrets::is_aside(&entry.path) || is_prose(entry.path.file_name()) {
            return None;
        }
        let finding = Finding::new(&RULE, format!("`{path}` holds the path `{}`", build.path))
            .member(path)
            .next("generate the file without absolute paths, or exclude it");
        // Lines of compiled code say nothing.
        Some(match entry.path.extension() {
            Some("so" | "pyd" | "dll" | "dylib" | "a") => finding,
            _ => finding.line(build.line),
        })
    });
    report::capped(&RULE, found, findings);
}

/// Files for people to read, where a path is an example.
fn is_prose(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(lower.as_str(), "metadata" | "pkg-info" | "authors" | "news")
        || [
            "readme",
            "changelog",
            "changes",
            "history",
            "licen",
            "copying",
        ]
        .iter()
        .any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn examples_and_build_services_are_quiet() {
        let text =
            "A = '/home/user/work/src'\nB = '/home/runner/work/demo'\nC = '/home/jsmith/x'\n";
        let builder = wheel()
            .file("demo/a.py", text)
            .file("demo/b.py", "'''\n>>> f('/home/jsmith/work/x')\n'''\n")
            .file("demo/README.md", "see /home/jsmith/projects/demo");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn source_trees_of_persons_are_found() {
        let builder = wheel().file("demo/_build.py", "SRC = '/home/jsmith/work/demo'\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/_build.py` holds the path `/home/jsmith/work/demo` (demo/_build.py)",
            ],
        );
    }
}
