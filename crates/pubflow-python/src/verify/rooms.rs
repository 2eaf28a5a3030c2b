//! The directories of one verification: an environment, a throw-away home, a place to work in. They
//! lie outside of any source tree, so nothing is imported from there by accident.

use std::io;
use std::path::{Path, PathBuf};

use pubflow_process::{Environment, Inherited};
use tempfile::TempDir;

/// The directories of one verification; they go away with this value.
#[derive(Debug)]
pub(super) struct Rooms {
    root: TempDir,
}

impl Rooms {
    /// Makes them below `scratch`.
    pub(super) fn make_in(scratch: &Path) -> io::Result<Self> {
        let root = tempfile::Builder::new()
            .prefix("verify-")
            .tempdir_in(scratch)?;
        let rooms = Self { root };
        for directory in [rooms.home(), rooms.temporary(), rooms.work()] {
            std::fs::create_dir(directory)?;
        }
        Ok(rooms)
    }

    /// Where the environment is made.
    pub(super) fn environment(&self) -> PathBuf {
        self.root.path().join("env")
    }

    /// The home directory of foreign code.
    pub(super) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The empty directory that foreign code runs in.
    pub(super) fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// A file of ours.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn temporary(&self) -> PathBuf {
        self.root.path().join("tmp")
    }

    /// The variables that foreign code gets.
    pub(super) fn untrusted(&self, inherited: &Inherited) -> Environment {
        let mut variables =
            Environment::untrusted(inherited, &self.home()).set("PYTHONSAFEPATH", "1");
        // Beside the home directory and not in it: what is written here is no offence.
        for name in ["TMPDIR", "TEMP", "TMP"] {
            variables = variables.set(name, self.temporary());
        }
        variables
    }
}
