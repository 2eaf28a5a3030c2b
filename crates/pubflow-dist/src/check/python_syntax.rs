//! P919: modules that Python cannot compile.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::{Prereleases, SpecifierSet, Version};

use super::{report, secrets};
use crate::content::python::Source;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P919",
    name: "python-syntax",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A module cannot be compiled by Python 3 at all, or uses syntax that is newer than \
            what `Requires-Python` admits. In the `__init__.py` of a package at the top it is an \
            error: nobody can import the package.",
    why: "Installers copy it without a word (some print the compiler's message), and the first \
            import fails for the users it concerns.",
    cure: "Correct the module, exclude it, or raise `requires-python`.",
    bad: "requires-python = \">=3.8\"\ntype Point = tuple[int, int]       # Python 3.12",
    good: "requires-python = \">=3.12\"\ntype Point = tuple[int, int]",
};

/// The newest Python 3 whose syntax is known here.
const NEWEST: u32 = 14;

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let is_for_python_3 = wheel.filename().is_ok_and(|filename| {
        let pythons = filename.tag_set.pythons();
        pythons
            .iter()
            .any(|python| !python.starts_with("py2") && !python.starts_with("cp2"))
    });
    if !is_for_python_3 {
        return;
    }
    let oldest = oldest_python(wheel);
    let found = wheel.entries().iter().filter_map(|entry| {
        let member = entry.path.as_str();
        let path = wheel.installed_path(&entry.path)?;
        let source = wheel.archive().content(member)?.source.as_ref()?;
        if secrets::is_aside(&entry.path) || !is_module(path) {
            return None;
        }
        let (line, what) = fault(source, oldest, entry.path.file_name())?;
        let is_top = path.matches('/').count() == 1 && path.ends_with("/__init__.py");
        let severity = if is_top {
            Severity::Error
        } else {
            Severity::Warning
        };
        Some(
            Finding::new(&RULE, format!("`{member}` holds {what}"))
                .severity(severity)
                .member(member)
                .line(line)
                .next("correct the module, exclude it, or raise `requires-python`"),
        )
    });
    report::capped(&RULE, found, findings);
}

fn fault(source: &Source, oldest: Option<u32>, file: &str) -> Option<(usize, String)> {
    if let Some(fault) = source.fault {
        return Some((fault.line, fault.what.to_owned()));
    }
    let need = source.need?;
    let oldest = oldest.filter(|oldest| *oldest < need.minor)?;
    // Modules for certain versions say so in their names.
    if file.contains("py3") || file.contains("_3") {
        return None;
    }
    let (what, minor) = (need.what, need.minor);
    Some((
        need.line,
        format!("{what}, which needs Python 3.{minor}; Requires-Python admits 3.{oldest}"),
    ))
}

/// The oldest Python 3 that the metadata admit; none where they name none.
fn oldest_python(wheel: &Wheel) -> Option<u32> {
    let text = wheel.metadata()?.first("Requires-Python")?;
    let set = SpecifierSet::parse(text.trim()).ok()?;
    (0..=NEWEST).find(|minor| {
        // A late micro version, for those who exclude the first ones.
        let version = Version::parse(&format!("3.{minor}.99"));
        version.is_ok_and(|version| set.contains(&version, Prereleases::Allow))
    })
}

/// Whether the path can be imported, as far as its directories tell; templates cannot.
fn is_module(path: &str) -> bool {
    path.split('/').all(|part| {
        let name = part.strip_suffix(".py").unwrap_or(part);
        !name.contains(['-', '.', '{', ' ']) && !name.contains("template")
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn modules_that_compile_and_test_data_are_quiet() {
        let builder = wheel()
            .metadata_line("Requires-Python: >=3.8")
            .file("demo/a.py", "if (x := 1): print(f'{x}')\n")
            .file("demo/tests/bad.py", "print 'x'\n")
            .file("demo/project-template/bad.py", "import {{ name }} x\n");
        expect(&in_wheel(&builder, check), &[]);
        let unbounded = wheel().file("demo/a.py", "match x:\n    case 1: pass\n");
        expect(&in_wheel(&unbounded, check), &[]);
    }

    #[test]
    fn what_no_python_compiles_is_found() {
        let builder = wheel().file("demo/old.py", "\nprint 'x'\n");
        let found = in_wheel(&builder, check);
        expect(
            &found,
            &["warning -: `demo/old.py` holds a `print` statement of Python 2 (demo/old.py)"],
        );
        assert_eq!(found[0].place.line, Some(2));
        let top = wheel().file("other/__init__.py", "def (:\n");
        expect(
            &in_wheel(&top, check),
            &[
                "error -: `other/__init__.py` holds a bracket that is never closed (other/__init__.py)",
            ],
        );
    }

    #[test]
    fn syntax_newer_than_promised_is_found() {
        let builder = wheel()
            .metadata_line("Requires-Python: >=3.9")
            .file("demo/a.py", "match x:\n    case 1: pass\n");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/a.py` holds a `match` statement, which needs Python 3.10; Requires-Python admits 3.9 (demo/a.py)",
            ],
        );
    }
}
