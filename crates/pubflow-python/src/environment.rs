//! A virtual environment: where its interpreter, scripts and modules are.
//!
//! Environments are made by the [`installer`](crate::installer).

use std::path::{Path, PathBuf};

use crate::interpreter::Interpreter;

/// A virtual environment on disk.
#[derive(Debug, Clone)]
pub struct PythonEnvironment {
    root: PathBuf,
    interpreter: Interpreter,
}

impl PythonEnvironment {
    /// The environment at `root`, made from `interpreter`.
    #[must_use]
    pub fn at(root: &Path, interpreter: &Interpreter) -> Self {
        Self {
            root: root.to_path_buf(),
            interpreter: interpreter.clone(),
        }
    }

    /// Its top directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The interpreter it was made from.
    #[must_use]
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Its own interpreter.
    #[must_use]
    pub fn python(&self) -> PathBuf {
        self.scripts()
            .join(format!("python{}", std::env::consts::EXE_SUFFIX))
    }

    /// Where programs are installed.
    #[must_use]
    pub fn scripts(&self) -> PathBuf {
        self.root
            .join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// Where pure modules are installed.
    #[must_use]
    pub fn site_packages(&self) -> PathBuf {
        if cfg!(windows) {
            return self.root.join("Lib").join("site-packages");
        }
        let (major, minor) = self.interpreter.minor();
        let suffix = if self.interpreter.free_threaded {
            "t"
        } else {
            ""
        };
        self.root
            .join(format!("lib/python{major}.{minor}{suffix}/site-packages"))
    }
}
