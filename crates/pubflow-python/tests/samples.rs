//! Builds of the sample projects.
//!
//! Those with build requirements take them from wherever pip is configured to on this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::{Inherited, find_program};
use pubflow_python::build::{BuildRequest, Built, build};
use pubflow_python::installer::{InstallerChoice, Network};
use tempfile::TempDir;

/// A copy of a sample project: builds write into the tree.
struct Sample {
    scratch: TempDir,
}

impl Sample {
    fn copy(name: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/projects");
        copy_tree(&samples.join(name), &scratch.path().join("tree"));
        Self { scratch }
    }

    fn build(&self, installer: InstallerChoice, network: Network) -> Built {
        let built = build(&BuildRequest {
            project: &self.scratch.path().join("tree"),
            out_dir: &self.out(),
            python: None,
            installer,
            network,
            config_settings: &[],
            source_date_epoch: Some(1_700_000_000),
            pass_environment: &[],
            inherited: &Inherited::capture(),
            deadline: Duration::from_secs(280),
            log: None,
            cancel: None,
        });
        built.unwrap_or_else(|error| panic!("{error}: {:?}", error.log))
    }

    fn out(&self) -> PathBuf {
        self.scratch.path().join("out")
    }
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[track_caller]
fn check(sample: &str, network: Network, expected: [&str; 2]) {
    let built = Sample::copy(sample).build(InstallerChoice::Pip, network);
    assert_eq!(
        [built.sdist.filename.as_str(), built.wheel.filename.as_str()],
        expected
    );
}

#[test]
fn a_project_of_hatchling_is_built() {
    let expected = [
        "pubflow_hello-1.0.0.tar.gz",
        "pubflow_hello-1.0.0-py3-none-any.whl",
    ];
    check("hello", Network::Online, expected);
}

#[test]
fn a_project_from_before_pyproject_is_built() {
    let expected = [
        "pubflow_setuptools_legacy-0.3.0.tar.gz",
        "pubflow_setuptools_legacy-0.3.0-py3-none-any.whl",
    ];
    check("setuptools-legacy", Network::Online, expected);
}

#[test]
fn a_project_without_requirements_is_built_the_same_twice_and_by_either_installer() {
    let by_pip = Sample::copy("in-tree").build(InstallerChoice::Pip, Network::Offline);
    let uv = find_program("uv", &Inherited::capture());
    let other = match uv {
        Some(_) => InstallerChoice::Uv,
        None => {
            eprintln!(
                "uv is not installed here: pip builds twice, the comparison with uv is left out"
            );
            InstallerChoice::Pip
        }
    };
    let again = Sample::copy("in-tree").build(other, Network::Offline);
    assert_eq!(by_pip.sdist.digests, again.sdist.digests);
    assert_eq!(by_pip.wheel.digests, again.wheel.digests);
}
