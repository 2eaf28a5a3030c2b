//! A copy of a sample project, and building it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::Inherited;
use pubflow_python::build::{BuildRequest, Built, Comparisons, Isolation, Memory, build};
use pubflow_python::installer::{InstallerChoice, Network};
use tempfile::TempDir;

/// A copy: builds write into the tree.
pub(crate) struct Sample {
    scratch: TempDir,
}

impl Sample {
    pub(crate) fn copy(name: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/projects");
        copy_tree(&samples.join(name), &scratch.path().join("tree"));
        Self { scratch }
    }

    pub(crate) fn build(&self, installer: InstallerChoice, network: Network) -> Built {
        let built = build(&BuildRequest {
            project: &self.scratch.path().join("tree"),
            out_dir: &self.out(),
            python: None,
            installer,
            network,
            isolation: Isolation::Isolated,
            constraints: None,
            memory: Memory::Recent,
            comparisons: Comparisons::default(),
            config_settings: &[],
            source_date_epoch: Some(1_700_000_000),
            pass_environment: &[],
            inherited: &inherited(),
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

/// What this process was started with, and a cache that all tests share.
pub(crate) fn inherited() -> Inherited {
    Inherited::capture().with(
        "PUBFLOW_CACHE_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"),
    )
}
