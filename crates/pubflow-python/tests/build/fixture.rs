//! A project with a backend of its own, and building it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_process::Inherited;
use pubflow_python::build::{
    BuildError, BuildRequest, Built, Comparisons, Isolation, Memory, build,
};
use pubflow_python::installer::{InstallerChoice, Network};
use tempfile::TempDir;

const BACKEND: &str = include_str!("backend.py");
const PYPROJECT: &str = r#"[build-system]
requires = []
build-backend = "intree"
backend-path = ["backend"]

[project]
name = "demo-pkg"
version = "1.0"
description = "a sample"
"#;

pub(crate) struct Project {
    scratch: TempDir,
    pub(crate) inherited: Inherited,
    pub(crate) config_settings: Vec<(String, String)>,
    pub(crate) pass_environment: Vec<String>,
    pub(crate) source_date_epoch: Option<u64>,
    pub(crate) deadline: Duration,
    pub(crate) isolation: Isolation,
    pub(crate) comparisons: Comparisons,
}

impl Project {
    /// A good project, with `extra` appended to its backend.
    pub(crate) fn new(extra: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let tree = scratch.path().join("tree");
        std::fs::create_dir_all(tree.join("backend")).unwrap();
        std::fs::write(tree.join("pyproject.toml"), PYPROJECT).unwrap();
        std::fs::write(tree.join("demo_pkg.py"), "\"\"\"A sample.\"\"\"\n").unwrap();
        std::fs::write(
            tree.join("backend/intree.py"),
            format!("{BACKEND}\n\n{extra}\n"),
        )
        .unwrap();
        Self {
            scratch,
            inherited: inherited(),
            config_settings: Vec::new(),
            pass_environment: Vec::new(),
            source_date_epoch: None,
            deadline: Duration::from_secs(240),
            isolation: Isolation::Isolated,
            comparisons: Comparisons::default(),
        }
    }

    pub(crate) fn build(&self) -> Result<Built, BuildError> {
        build(&BuildRequest {
            project: &self.path("tree"),
            out_dir: &self.out(),
            python: None,
            installer: InstallerChoice::Auto,
            network: Network::Offline,
            isolation: self.isolation,
            constraints: None,
            memory: Memory::Recent,
            comparisons: self.comparisons,
            config_settings: &self.config_settings,
            source_date_epoch: self.source_date_epoch,
            pass_environment: &self.pass_environment,
            inherited: &self.inherited,
            deadline: self.deadline,
            log: Some(&self.path("log")),
            cancel: None,
        })
    }

    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path("tree").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path("tree").join(file), text).unwrap();
    }

    pub(crate) fn append(&self, extra: &str) {
        let path = self.path("tree/backend/intree.py");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text + extra).unwrap();
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.path("out")
    }

    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(self.path("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(crate) fn out_names(&self) -> Vec<String> {
        self.names_in("out")
    }

    pub(crate) fn tree_names(&self) -> Vec<String> {
        self.names_in("tree")
    }

    pub(crate) fn names_in(&self, directory: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path(directory))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.scratch.path().join(name)
    }
}

/// What this process was started with, and a cache that all tests share.
pub(crate) fn inherited() -> Inherited {
    Inherited::capture().with(
        "PUBFLOW_CACHE_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"),
    )
}
