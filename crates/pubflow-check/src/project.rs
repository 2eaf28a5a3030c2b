//! A source tree, or a pyproject.toml by itself: what is read for the checks, within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use pubflow_dist::Sdist;
use pubflow_finding::{Findings, Refuser};
use pubflow_metadata::check::{CHECKS_PYPROJECT, CHECKS_TREE, ProjectTree, PyprojectSubject};
use pubflow_metadata::pyproject::{Pyproject, TomlPath};
use pubflow_spec::ProjectName;

use crate::path::inside;
use crate::{description, shown};

/// Files of the project's directory that are looked at; more have no effect.
const MOST_FILES: usize = 10_000;

/// Bytes of a text of the tree that are looked at.
const LARGEST_TEXT: u64 = 1 << 20;

/// Checks that what an installer needs for a build is there and well-formed.
const NEEDED_TO_BUILD: [&str; 5] = ["P001", "P002", "P102", "P104", "P105"];

/// Checks a project's directory; findings of its pyproject.toml are placed there.
pub(crate) fn check_project(directory: &Path, findings: &mut Findings) -> io::Result<()> {
    let files = files_of(directory)?;
    let tree = ProjectTree {
        files,
        texts: BTreeMap::new(),
    };
    for check in CHECKS_TREE {
        (check.run)(&tree, findings);
    }
    let file = inside(directory, "pyproject.toml");
    if file.is_file() {
        let bytes = fs::read(&file)?;
        let mut found = Findings::for_path(shown(&file));
        check_pyproject(&bytes, Some(directory), &mut found);
        description::check_readme(directory, &Pyproject::from_bytes(&bytes), findings);
        for finding in found.into_sorted() {
            findings.add(finding);
        }
    }
    Ok(())
}

/// Checks a pyproject.toml, with the tree around it where there is one.
pub(crate) fn check_pyproject(bytes: &[u8], tree: Option<&Path>, findings: &mut Findings) {
    let pyproject = Pyproject::from_bytes(bytes);
    let missing_files = tree.map_or_else(Vec::new, |tree| missing_files(&pyproject, tree));
    let tree = tree.and_then(|tree| read_tree(tree, &pyproject).ok());
    let subject = PyprojectSubject {
        pyproject,
        missing_files,
        tree,
    };
    for check in CHECKS_PYPROJECT {
        (check.run)(&subject, findings);
    }
}

/// Checks an sdist's own pyproject.toml for what keeps installers from building it. All else in it
/// is past mending there, and told where the project is checked.
pub(crate) fn check_sdist(sdist: &Sdist, findings: &mut Findings) {
    let Some(bytes) = sdist.pyproject_bytes() else {
        return;
    };
    let pyproject = Pyproject::from_bytes(bytes);
    let subject = PyprojectSubject::bare(pyproject);
    let mut found = Findings::default();
    for check in CHECKS_PYPROJECT
        .iter()
        .filter(|check| NEEDED_TO_BUILD.contains(&check.rule.code))
    {
        (check.run)(&subject, &mut found);
    }
    let refuses = |refuser: &Refuser| matches!(refuser, Refuser::Pip | Refuser::Uv);
    for finding in found.into_sorted() {
        if finding.refused_by.iter().any(refuses) {
            findings.add(finding.member(sdist.member("pyproject.toml")));
        }
    }
}

/// Names of the regular files directly in a directory.
fn files_of(directory: &Path) -> io::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(directory)?.take(MOST_FILES) {
        let entry = entry?;
        if entry.path().is_file() {
            files.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(files)
}

fn read_tree(directory: &Path, pyproject: &Pyproject) -> io::Result<ProjectTree> {
    let files = files_of(directory)?;
    let name = pyproject.project_name().map(ProjectName::parse);
    let import_name = name.and_then(Result::ok).map(|name| name.underscored());
    let wanted = ProjectTree::wanted_texts(&files, import_name.as_deref());
    let texts = wanted
        .into_iter()
        // Opening what is no regular file may wait for ever.
        .filter(|path| directory.join(path).is_file())
        .filter_map(|path| {
            let text = read_text(&directory.join(&path)).ok()?;
            Some((path, text))
        })
        .collect();
    Ok(ProjectTree { files, texts })
}

/// The beginning of a text; what is not UTF-8 in it does not matter.
fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    file.take(LARGEST_TEXT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Files that pyproject.toml names and that are not in the tree; patterns name none.
fn missing_files(pyproject: &Pyproject, tree: &Path) -> Vec<String> {
    let mut named = pyproject.named_files();
    let licences = pyproject.strings_at(&TomlPath::of(&["project", "license-files"]));
    let is_pattern = |name: &str| name.contains(['*', '?', '[']);
    named.extend(licences.into_iter().filter(|file| !is_pattern(file.text)));
    named
        .iter()
        .map(|file| file.text)
        .filter(|name| !tree.join(name).is_file())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use pubflow_dist::{Distribution, Limits};
    use pubflow_testkit::SdistBuilder;

    use super::*;

    fn codes(directory: &Path) -> Vec<(&'static str, String)> {
        let mut findings = Findings::for_path("demo");
        check_project(directory, &mut findings).unwrap();
        let findings = findings.into_sorted().into_iter();
        findings
            .map(|finding| (finding.rule.code, finding.message))
            .collect()
    }

    #[test]
    fn the_tree_is_read_for_the_checks() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        write(
            "pyproject.toml",
            "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n\
             [project]\nname = 'demo'\nversion = '1.1'\nrequires-python = '>=3.9'\n\
             license-files = ['LICENSE', 'NOTICE*', 'x/y']\nreadme = 'README.md'\n\
             description = 'Something of use'\nurls.Source = 'https://example.org'\n\
             classifiers = ['Development Status :: 4 - Beta', 'Programming Language :: Python :: 3.9']\n",
        );
        write("LICENSE", "");
        write("demo.py", "__version__ = '1.0'\n");
        write("CHANGES.md", "## 1.0\n");
        let found = codes(dir.path());
        let expected = [
            ("P211", "readme does not exist: `README.md`"),
            ("P407", "licence file pattern matches no file: `NOTICE*`"),
            ("P407", "licence file pattern matches no file: `x/y`"),
            ("P506", "`version` is 1.1, but `demo.py` says 1.0"),
            ("P507", "`CHANGES.md` has no entry for version 1.1"),
        ];
        let mut found: Vec<_> = found
            .iter()
            .map(|(code, text)| (*code, text.as_str()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_sdist_is_told_what_keeps_it_from_being_built_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let found = |pyproject: &str| -> Vec<(&'static str, Option<String>)> {
            let builder = SdistBuilder::new("demo", "1.0").pyproject(pyproject);
            let path = builder.build_in(dir.path());
            let opened = Distribution::open(&path, &Limits::default()).unwrap();
            let Distribution::Sdist(sdist) = opened else {
                return Vec::new();
            };
            let mut findings = Findings::default();
            check_sdist(&sdist, &mut findings);
            let findings = findings.into_sorted().into_iter();
            findings.map(|f| (f.rule.code, f.place.member)).collect()
        };
        let member = Some("demo-1.0/pyproject.toml".to_owned());
        assert_eq!(found("[project\n"), [("P001", member.clone())]);
        assert_eq!(found("[build-system]\n"), [("P102", member)]);
        assert_eq!(found("[project]\nname = 'demo'\nlicence = 'x'\n"), []);
    }

    #[test]
    fn a_project_without_pyproject_has_a_finding() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("setup.py"), "").unwrap();
        let message = "project has setup.py but no pyproject.toml".to_owned();
        assert_eq!(codes(dir.path()), [("P004", message)]);
    }
}
