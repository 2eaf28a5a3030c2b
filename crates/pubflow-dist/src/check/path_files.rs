//! P920: files that run at every start of Python.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::comparison::Comparison;
use crate::start_file::StartCode;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P920",
    name: "path-files",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The wheel installs a `.pth` file, `sitecustomize.py` or `usercustomize.py`.",
    why: "Python reads them at every start, in every program of the environment, whether it uses \
            the project or not; lines of a `.pth` file that begin with `import` are run. That \
            slows down all programs, and it is how stolen projects spread. The taken-over \
            releases of 2026 had a `.pth` file that the release before did not have \
            (osv.dev#5503).",
    cure: "Do without it; where it is the purpose of the project, ignore this finding with a \
            reason.",
    bad: "demo.pth: import demo_hook; demo_hook.run()",
    good: "demo/__init__.py",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let found = wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| {
            let path = wheel.installed_path(&entry.path)?;
            let is_start =
                path.ends_with(".pth") || matches!(path, "sitecustomize.py" | "usercustomize.py");
            (is_start && !path.contains('/')).then(|| {
                let message = format!("`{path}` is read at every start of Python");
                Finding::new(&RULE, message)
                    .member(entry.path.as_str())
                    .next("do without the file if you can")
            })
        });
    report::capped(&RULE, found, findings);
}

/// The same against the last release: code at every start that it had not is an error.
pub(super) fn check_new(comparison: &Comparison, findings: &mut Findings) {
    let version = comparison.old.version();
    let found = comparison
        .new_start_files
        .iter()
        .filter(|file| file.runs_code())
        .map(|file| {
            let path = &file.path;
            let message =
                format!("`{path}` runs code at every start of Python, and {version} did not");
            let finding = Finding::new(&RULE, message)
                .severity(Severity::Error)
                .member(&file.member)
                .next("see who added it; where it is meant, ignore this finding with a reason");
            match &file.runs {
                StartCode::Lines(lines) => finding.why(format!("it runs: {}", lines.join("\n"))),
                _ => finding,
            }
        });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_comparison, in_wheel, wheel};
    use super::*;

    #[test]
    fn files_below_packages_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/model.pth", "x"), check), &[]);
    }

    #[test]
    fn files_that_run_at_start_are_found() {
        let builder = wheel()
            .file("demo.pth", "import demo\n")
            .file("demo-1.0.data/purelib/sitecustomize.py", "");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `sitecustomize.py` is read at every start of Python (demo-1.0.data/purelib/sitecustomize.py)",
                "warning -: `demo.pth` is read at every start of Python (demo.pth)",
            ],
        );
    }

    #[test]
    fn code_that_the_last_release_did_not_run_is_an_error() {
        let with_code = wheel().file("demo.pth", "import demo\n");
        expect(&in_comparison(&with_code, &with_code, check_new), &[]);
        let harmless = wheel().file("demo.pth", "lib\n");
        expect(&in_comparison(&wheel(), &harmless, check_new), &[]);
        let found = in_comparison(&wheel(), &with_code, check_new);
        expect(
            &found,
            &["error -: `demo.pth` runs code at every start of Python, and 1.0 did not (demo.pth)"],
        );
        assert_eq!(found[0].why.as_deref(), Some("it runs: import demo"));
    }
}
