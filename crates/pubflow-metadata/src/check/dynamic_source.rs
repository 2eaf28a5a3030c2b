//! P205: dynamic fields that the backend has no source for.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::backend::{build_requirements, known_backend};
use super::pyproject::project;
use super::tree::ProjectTree;
use crate::pyproject::Pyproject;

pub(super) static RULE: Rule = Rule {
    code: "P205",
    name: "dynamic-source",
    severity: Severity::Warning,
    source: "PEP 621; documentation of the backends",
    refused_by: &[],
    about: "A field in `dynamic` is a promise that the build backend fills it in. Setuptools \
            needs an entry in `[tool.setuptools.dynamic]`, a setup.py or a plugin for it, \
            hatchling a `[tool.hatch.version]` or a metadata hook, and flit finds the version and \
            the description only.",
    why: "Otherwise the build fails, or the field is missing in the release.",
    cure: "Tell the backend where the value is, or write the value into `[project]`.",
    bad: "[project]\ndynamic = [\"version\"]        # hatchling, and no [tool.hatch.version]",
    good: "[project]\n\
            dynamic = [\"version\"]\n\
            [tool.hatch.version]\n\
            path = \"src/demo/__init__.py\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let (Some(tree), Some(backend)) = (&subject.tree, known_backend(subject)) else {
        return;
    };
    let has_plugins = build_requirements(subject)
        .iter()
        .map(|(_, requirement)| requirement.name.normalized())
        .any(|name| name != backend.distribution && name != "wheel");
    let has_source = match backend.distribution {
        "setuptools" if !has_plugins => setuptools_has,
        "hatchling" if !has_plugins => hatchling_has,
        "flit-core" => flit_has,
        _ => return,
    };
    for value in subject.pyproject.strings_at(&project(&["dynamic"])) {
        if !has_source(&subject.pyproject, tree, value.text) {
            let (field, name) = (value.text, backend.distribution);
            let message = format!("`{name}` finds no `{field}`, which is dynamic");
            let finding = subject.finding(&RULE, &value.path, message);
            findings.add(finding.next(match name {
                "setuptools" => format!("add `{field}` to `[tool.setuptools.dynamic]`"),
                "hatchling" if field == "version" => "add `[tool.hatch.version]`".to_owned(),
                _ => format!("write `{field}` into `[project]`"),
            }));
        }
    }
}

fn setuptools_has(pyproject: &Pyproject, tree: &ProjectTree, field: &str) -> bool {
    let field = match field {
        "scripts" | "gui-scripts" => "entry-points",
        _ => field,
    };
    let table = pyproject.table("tool.setuptools.dynamic");
    let has_script = ["setup.py", "setup.cfg"]
        .iter()
        .any(|name| tree.files.contains(*name));
    // Setuptools looks for licence files by itself.
    has_script || field == "license-files" || table.is_some_and(|table| table.contains_key(field))
}

fn hatchling_has(pyproject: &Pyproject, tree: &ProjectTree, field: &str) -> bool {
    let has = |path: &str| pyproject.table(path).is_some();
    let has_hook = has("tool.hatch.metadata.hooks") || tree.files.contains("hatch.toml");
    has_hook || field == "version" && has("tool.hatch.version")
}

fn flit_has(_: &Pyproject, _: &ProjectTree, field: &str) -> bool {
    matches!(
        field,
        "version" | "description" | "import-names" | "import-namespaces"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::probe::with_subject;

    fn found(requires: &str, backend: &str, rest: &str, files: &[&str]) -> Vec<String> {
        let text = format!(
            "[build-system]\nrequires = [{requires}]\nbuild-backend = '{backend}'\n[project]\n{rest}\n"
        );
        let mut subject = PyprojectSubject::bare(Pyproject::parse(&text));
        subject.tree = Some(ProjectTree {
            files: files.iter().map(|name| (*name).to_owned()).collect(),
            ..ProjectTree::default()
        });
        with_subject(check, &subject)
    }

    const SETUPTOOLS: &str = "setuptools.build_meta";

    #[test]
    fn fires() {
        assert_eq!(
            found(
                "'setuptools'",
                SETUPTOOLS,
                "dynamic = ['readme', 'version']\n[tool.setuptools.dynamic]\nversion.attr = 'x'",
                &[]
            ),
            ["project.dynamic[0] 5: `setuptools` finds no `readme`, which is dynamic"]
        );
        assert_eq!(
            found(
                "'hatchling'",
                "hatchling.build",
                "dynamic = ['version']",
                &[]
            ),
            ["project.dynamic[0] 5: `hatchling` finds no `version`, which is dynamic"]
        );
        assert_eq!(
            found(
                "'flit_core'",
                "flit_core.buildapi",
                "dynamic = ['version', 'urls']",
                &[]
            ),
            ["project.dynamic[1] 5: `flit-core` finds no `urls`, which is dynamic"]
        );
    }

    #[test]
    fn stays_quiet() {
        let version = "dynamic = ['version']";
        assert!(found("'setuptools'", SETUPTOOLS, version, &["setup.cfg"]).is_empty());
        assert!(found("'setuptools', 'setuptools-scm'", SETUPTOOLS, version, &[]).is_empty());
        let hatch = format!("{version}\n[tool.hatch.version]\npath = 'x'");
        assert!(found("'hatchling'", "hatchling.build", &hatch, &[]).is_empty());
        assert!(found("'flit_core'", "flit_core.buildapi", version, &[]).is_empty());
        let text = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n\
                    [project]\ndynamic = ['version']\n";
        let bare = PyprojectSubject::bare(Pyproject::parse(text));
        assert!(with_subject(check, &bare).is_empty());
    }
}
