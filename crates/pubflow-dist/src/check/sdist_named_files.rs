//! P807: files that pyproject.toml names are in the sdist.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::pyproject::Pyproject;

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P807",
    name: "sdist-named-files",
    severity: Severity::Error,
    source: "PEP 517",
    refused_by: &[Refuser::Pip, Refuser::Uv],
    about: "pyproject.toml names a file or directory (`backend-path`, `readme`, a licence file), \
            or setup.py opens a file, that is not in the sdist. An sdist without any source but the build's own is reported \
            too.",
    why: "Without its backend the sdist cannot be built at all; without the others the build \
            fails or loses them, depending on the backend. A survey of 2020 found about one \
            project in twenty like this; yaplon#4, pipoe#5 and zhmcclient#651 tell how users meet \
            it.",
    cure: "Check what the backend leaves out of the sdist.",
    bad: "readme = \"README.md\", and no demo-1.0/README.md",
    good: "readme = \"README.md\", and demo-1.0/README.md",
};

/// Each name is compared with every member; no project has more in-tree backends than this.
const MOST_NAMED: usize = 20;

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    check_setup(sdist, findings);
    let Some(bytes) = sdist.pyproject_bytes() else {
        return;
    };
    if !sdist.archive().is_complete() {
        return;
    }
    let pyproject = Pyproject::from_bytes(bytes);
    let member = sdist.member("pyproject.toml");
    if let Ok(build_system) = pyproject.build_system() {
        for directory in build_system.backend_path.iter().take(MOST_NAMED) {
            if !has(sdist, directory) {
                let message = format!("the backend-path `{directory}` is not in the sdist");
                findings.add(
                    Finding::new(&RULE, message)
                        .member(&member)
                        .field("build-system.backend-path")
                        .next("include the build backend in the sdist"),
                );
            }
        }
    }
    for named in pyproject.named_files() {
        if !has(sdist, named.text) {
            let message = format!("`{}` is not in the sdist", named.text);
            let finding = Finding::new(&RULE, message)
                .severity(Severity::Warning)
                .refused_by(&[])
                .member(&member)
                .field(named.path.to_string())
                .next("include the file in the sdist, or take it out of pyproject.toml");
            findings.add(finding);
        }
    }
    if !has_sources(sdist, &pyproject) {
        findings.add(
            Finding::new(&RULE, "the sdist holds no source code")
                .severity(Severity::Warning)
                .refused_by(&[])
                .next("tell the build backend where the package is"),
        );
    }
}

/// Files that `setup.py` opens whenever it runs.
fn check_setup(sdist: &Sdist, findings: &mut Findings) {
    let member = sdist.member("setup.py");
    let archive = sdist.archive();
    let source = archive.content(&member).and_then(|c| c.source.as_ref());
    let Some(source) = source.filter(|_| archive.is_complete()) else {
        return;
    };
    let backend = sdist
        .pyproject_bytes()
        .map(Pyproject::from_bytes)
        .and_then(|pyproject| pyproject.build_system().ok()?.backend);
    if backend.is_some_and(|backend| !backend.starts_with("setuptools")) {
        return;
    }
    let missing = source.opened.iter().filter(|file| !has(sdist, &file.path));
    for file in missing.take(MOST_NAMED) {
        let message = format!("setup.py opens `{}`, which is not in the sdist", file.path);
        let finding = Finding::new(&RULE, message)
            .member(&member)
            .line(file.line)
            .next("include the file in the sdist: name it in MANIFEST.in");
        findings.add(if file.is_certain {
            finding
        } else {
            finding.severity(Severity::Note).refused_by(&[])
        });
    }
}

/// What needs to be there for a build to make anything: sources outside of the build backend, of
/// tests and of documentation. A release that only pulls in others has none.
fn has_sources(sdist: &Sdist, pyproject: &Pyproject) -> bool {
    let Some(root) = sdist.root() else {
        return true;
    };
    let is_meta = sdist
        .metadata()
        .is_some_and(|metadata| metadata.first("Requires-Dist").is_some());
    let backend = pyproject.build_system().map(|system| system.backend_path);
    let backend = backend.unwrap_or_default();
    let is_aside = |path: &str| {
        let top = path.split('/').next().unwrap_or_default();
        matches!(
            top,
            "test" | "tests" | "doc" | "docs" | "examples" | "setup.py" | "conftest.py"
        ) || path.ends_with(".egg-info")
            || backend.iter().any(|name| name.trim_matches('/') == top)
    };
    is_meta
        || sdist.entries().iter().any(|entry| {
            let path = entry.path.below(root).unwrap_or_default();
            entry.is_file() && is_source(path, entry.path.extension()) && !is_aside(path)
        })
}

/// Whether the file is more than text about the project. Scripts without an extension lie in a
/// directory, licences and the like do not.
fn is_source(path: &str, extension: Option<&str>) -> bool {
    match extension {
        Some(extension) => !matches!(
            extension,
            "md" | "rst" | "txt" | "toml" | "cfg" | "ini" | "in" | "lock" | "yml" | "yaml"
        ),
        None => path.contains('/'),
    }
}

/// Whether a file or directory of this path below the top directory is there. Paths that leave
/// the tree are left to the check of pyproject.toml.
fn has(sdist: &Sdist, path: &str) -> bool {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    if parts.is_empty() || parts.contains(&"..") || path.starts_with('/') {
        return true;
    }
    let full = sdist.member(&parts.join("/"));
    sdist.archive().entry(&full).is_some()
        || sdist
            .entries()
            .iter()
            .any(|entry| entry.path.below(&full).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    const IN_TREE: &str = "[build-system]\nrequires = []\nbuild-backend = \"be\"\n\
                           backend-path = [\"_be\"]\n";

    #[test]
    fn files_that_are_there_are_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
        let builder = sdist().pyproject(IN_TREE).file("_be/be.py", "");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn a_missing_backend_stops_installers() {
        expect(
            &in_sdist(&sdist().pyproject(IN_TREE), check),
            &["error pip,uv: the backend-path `_be` is not in the sdist (demo-1.0/pyproject.toml)"],
        );
    }

    #[test]
    fn a_file_that_setup_py_opens_is_needed() {
        let setup = "from setuptools import setup\n\
                     with open('requirements.txt') as f: requires = f.read()\n\
                     def long():\n    return open('README.md').read()\n\
                     if os.path.exists('x'): open('x')\n\
                     setup()\n";
        let builder = sdist().without("pyproject.toml").file("setup.py", setup);
        expect(
            &in_sdist(&builder, check),
            &[
                "error pip,uv: setup.py opens `requirements.txt`, which is not in the sdist (demo-1.0/setup.py)",
                "note -: setup.py opens `README.md`, which is not in the sdist (demo-1.0/setup.py)",
                "note -: setup.py opens `x`, which is not in the sdist (demo-1.0/setup.py)",
            ],
        );
        let builder = builder
            .file("requirements.txt", "")
            .file("README.md", "")
            .file("x", "");
        expect(&in_sdist(&builder, check), &[]);
    }

    #[test]
    fn an_sdist_without_sources_is_found() {
        use pubflow_testkit::SdistBuilder;
        let empty = SdistBuilder::new("demo", "1.0")
            .pyproject(IN_TREE)
            .file("_be/be.py", "")
            .file("README.md", "x");
        expect(
            &in_sdist(&empty, check),
            &["warning -: the sdist holds no source code"],
        );
        expect(&in_sdist(&empty.requires("other"), check), &[]);
    }

    #[test]
    fn a_missing_readme_is_a_warning() {
        let text = "[project]\nname = \"demo\"\nversion = \"1.0\"\nreadme = \"README.md\"\n";
        expect(
            &in_sdist(&sdist().pyproject(text), check),
            &["warning -: `README.md` is not in the sdist (demo-1.0/pyproject.toml)"],
        );
    }
}
