//! P920: files that run at every start of Python.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
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

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
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
}
