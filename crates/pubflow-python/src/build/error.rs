//! Why a build stopped, and at which point of it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_dist::UnpackError;
use pubflow_metadata::pyproject::Problem;
use pubflow_process::ProcessError;
use pubflow_spec::RequirementError;
use thiserror::Error;

use super::consistency::Difference;
use crate::installer::InstallerError;
use crate::interpreter::InterpreterError;

/// The points at which a build can stop; their names are part of the command line's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuildStage {
    /// Reading the project.
    Parse,
    /// Reading and installing what the build requires.
    Requires,
    /// Resolving backend-path.
    BackendPath,
    /// Importing the backend.
    BackendImport,
    /// Asking what the sdist requires.
    GetRequiresForBuildSdist,
    /// Building the sdist.
    BuildSdist,
    /// Unpacking the sdist.
    Extract,
    /// Asking what the wheel requires.
    GetRequiresForBuildWheel,
    /// Asking for the wheel's metadata.
    PrepareMetadataForBuildWheel,
    /// Building the wheel.
    BuildWheel,
    /// Comparing what was built.
    Consistency,
}

impl BuildStage {
    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Requires => "requires",
            Self::BackendPath => "backend-path",
            Self::BackendImport => "backend-import",
            Self::GetRequiresForBuildSdist => "get_requires_for_build_sdist",
            Self::BuildSdist => "build_sdist",
            Self::Extract => "extract",
            Self::GetRequiresForBuildWheel => "get_requires_for_build_wheel",
            Self::PrepareMetadataForBuildWheel => "prepare_metadata_for_build_wheel",
            Self::BuildWheel => "build_wheel",
            Self::Consistency => "consistency",
        }
    }
}

impl fmt::Display for BuildStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a hook did instead of its work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HookFailure {
    /// The backend does not have it.
    #[error("the backend has no such hook")]
    Absent,
    /// It says that this cannot be done here.
    #[error("the backend says that it cannot do this here: {}", first_line(.0))]
    Unsupported(String),
    /// It raised.
    #[error("it raised {}", first_line(.0))]
    Raised(String),
    /// Its process ended without a result.
    #[error("{0}")]
    Died(String),
    /// It returned something that is no result of this hook.
    #[error("it returned {found}, not {expected}")]
    WrongType {
        /// What it should have returned, in words.
        expected: &'static str,
        /// What it returned, as JSON.
        found: String,
    },
    /// It returned a path, or nothing.
    #[error("it returned `{0}`, which is not the name of a file")]
    NotAName(String),
    /// There is no such file.
    #[error("it returned `{0}`, but made no such file")]
    NoSuchFile(String),
    /// The name is not a distribution's.
    #[error("it returned `{name}`: {why}")]
    BadName {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// It listed a requirement that is none.
    #[error("it asks for `{requirement}`: {error}")]
    BadRequirement {
        /// The text.
        requirement: String,
        /// What is wrong with it.
        error: RequirementError,
    },
    /// What it made holds no readable metadata.
    #[error("`{0}` holds no readable core metadata")]
    NoMetadata(String),
}

/// Why a build stopped.
#[derive(Debug, Error)]
pub enum BuildReason {
    /// There is nothing to build.
    #[error("`{}` is not a Python project", .0.display())]
    NotAProject(PathBuf),
    /// pyproject.toml says nothing about a project, and nothing else does either.
    #[error("`{}` has neither [build-system] nor [project], and there is no setup.py", .0.display())]
    NoBuildSystem(PathBuf),
    /// pyproject.toml is wrong.
    #[error("{0}")]
    Pyproject(Problem),
    /// A table of pyproject.toml is misspelt.
    #[error("pyproject.toml has no table `{meant}`, but `{found}`")]
    MisspeltTable {
        /// The table that is there.
        found: String,
        /// The table that is meant.
        meant: &'static str,
    },
    /// The unpacked sdist cannot be built from.
    #[error("the sdist does not hold the project's pyproject.toml")]
    SdistWithoutPyproject,
    /// A requirement is none.
    #[error("build requirement `{requirement}` is invalid: {error}")]
    Requirement {
        /// The text.
        requirement: String,
        /// What is wrong with it.
        error: RequirementError,
    },
    /// `requires-python` is no version specifier.
    #[error("`project.requires-python` is invalid: `{0}`")]
    RequiresPython(String),
    /// There is no interpreter to build with.
    #[error(transparent)]
    Interpreter(#[from] InterpreterError),
    /// The environment cannot be made.
    #[error(transparent)]
    Installer(#[from] InstallerError),
    /// A build without isolation finds something missing.
    #[error("`{}` does not have what the build requires: {}", python.display(), missing.join(", "))]
    NotInstalled {
        /// The requirements that are not met.
        missing: Vec<String>,
        /// The interpreter.
        python: PathBuf,
    },
    /// An entry of backend-path points out of the tree.
    #[error("backend-path `{0}` leaves the project")]
    BackendPathOutside(String),
    /// An entry of backend-path is no directory.
    #[error("backend-path `{0}` is not a directory of the project")]
    BackendPathMissing(String),
    /// build-backend is no reference to an object.
    #[error("build-backend `{0}` is not of the form `module:object`")]
    BackendName(String),
    /// The backend cannot be loaded.
    #[error("build backend `{backend}` cannot be loaded: {}", first_line(why))]
    BackendImport {
        /// The backend.
        backend: String,
        /// The interpreter's words.
        why: String,
    },
    /// A hook failed.
    #[error("hook `{hook}` failed: {failure}")]
    Hook {
        /// Its name.
        hook: &'static str,
        /// How.
        failure: HookFailure,
    },
    /// The sdist cannot be unpacked.
    #[error("`{filename}` cannot be unpacked: {}", without_path(error))]
    Extract {
        /// The sdist.
        filename: String,
        /// Why.
        error: UnpackError,
    },
    /// What was built does not agree.
    #[error("{0}")]
    Differs(#[from] Difference),
    /// A child could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A file or directory of ours cannot be used.
    #[error("`{}`: {error}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The system's words.
        error: io::Error,
    },
}

/// Why a build stopped, where, and what was printed last.
#[derive(Debug, Error)]
#[error("{reason}")]
pub struct BuildError {
    /// The point at which it stopped.
    pub at: BuildStage,
    /// Why.
    pub reason: Box<BuildReason>,
    /// The end of the output of what failed.
    pub log: Option<String>,
}

impl BuildError {
    pub(super) fn new(at: BuildStage, reason: impl Into<BuildReason>) -> Self {
        let reason = reason.into();
        let log = match &reason {
            BuildReason::Installer(error) => error.log().map(str::to_owned),
            _ => None,
        };
        Self {
            at,
            reason: Box::new(reason),
            log,
        }
    }

    pub(super) fn io(at: BuildStage, path: &Path, error: io::Error) -> Self {
        Self::new(
            at,
            BuildReason::Io {
                path: path.to_path_buf(),
                error,
            },
        )
    }

    pub(super) fn with_log(mut self, log: String) -> Self {
        self.log = Some(log).filter(|log| !log.is_empty());
        self
    }

    /// Whether this machine is the reason, not the project: no interpreter, no installer, no disk.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        match self.reason.as_ref() {
            BuildReason::Interpreter(_) | BuildReason::Io { .. } => true,
            BuildReason::Installer(error) => !matches!(
                error,
                InstallerError::Install { .. } | InstallerError::NeedsNetwork { .. }
            ),
            BuildReason::Process(error) => !matches!(
                error,
                ProcessError::Deadline { .. } | ProcessError::Cancelled { .. }
            ),
            _ => false,
        }
    }

    /// Whether the caller cancelled the build.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self.reason.as_ref(),
            BuildReason::Process(ProcessError::Cancelled { .. })
                | BuildReason::Installer(InstallerError::Process(ProcessError::Cancelled { .. }))
        )
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        self.reason.to_string()
    }

    /// Why it is wrong, where the message does not say it all.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        let why = match self.reason.as_ref() {
            BuildReason::NotAProject(_) => {
                "a project has a pyproject.toml, a setup.py or a setup.cfg at its top"
            }
            BuildReason::NoBuildSystem(_) => {
                "build front ends would take it for a setuptools project without a name"
            }
            BuildReason::Pyproject(problem) => {
                return problem
                    .at
                    .map(|at| format!("pyproject.toml, line {}, column {}", at.line, at.column));
            }
            BuildReason::MisspeltTable { .. } => {
                "without it build front ends silently fall back to setuptools"
            }
            BuildReason::SdistWithoutPyproject => {
                "whoever builds from the sdist would fall back to setuptools"
            }
            BuildReason::NotInstalled { .. } => {
                "without isolation hooks run in the interpreter as it is, and nothing is installed"
            }
            BuildReason::BackendPathOutside(_) => {
                "a backend in the tree must lie in the tree, symbolic links resolved"
            }
            BuildReason::Hook { failure, .. } => match failure {
                HookFailure::NotAName(_) | HookFailure::NoSuchFile(_) => {
                    "the hook returns the base name of the file that it made in the directory it was given"
                }
                HookFailure::Died(_) => "it called exit, or something killed it",
                _ => return None,
            },
            BuildReason::Differs(_) => {
                "installers and indexes read these in turn and rely on them to agree"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }

    /// What to type or edit.
    #[must_use]
    pub fn next(&self) -> String {
        let next = match self.reason.as_ref() {
            BuildReason::NotAProject(_) => "name the project's directory: `pubflow build DIR`",
            BuildReason::NoBuildSystem(_) => "add [build-system] and [project] to pyproject.toml",
            BuildReason::Pyproject(_) => "correct pyproject.toml",
            BuildReason::MisspeltTable { found, meant } => {
                return format!("rename `[{found}]` to `[{meant}]` in pyproject.toml");
            }
            BuildReason::SdistWithoutPyproject => {
                "tell the build backend to include pyproject.toml in the sdist"
            }
            BuildReason::Requirement { .. } => "correct `build-system.requires` in pyproject.toml",
            BuildReason::RequiresPython(_) => "correct `project.requires-python` in pyproject.toml",
            BuildReason::Interpreter(_) => {
                "install a Python that the project admits, or name one with `--python`"
            }
            BuildReason::Installer(error) => return installer_next(error).to_owned(),
            BuildReason::NotInstalled { .. } => {
                "install them there, name another interpreter with `--python`, or leave `--no-isolation` out"
            }
            BuildReason::BackendPathOutside(_) | BuildReason::BackendPathMissing(_) => {
                "correct `build-system.backend-path` in pyproject.toml"
            }
            BuildReason::BackendName(_) => "correct `build-system.build-backend` in pyproject.toml",
            BuildReason::BackendImport { .. } => {
                "correct `build-backend`, or add what provides it to `build-system.requires`"
            }
            BuildReason::Hook { .. } => {
                "read the end of the backend's output above, correct the project, build again"
            }
            BuildReason::Extract { .. } => {
                "take the offending member out of the sdist: see the build backend's inclusion settings"
            }
            BuildReason::Differs(difference) => return difference.next().to_owned(),
            BuildReason::Process(ProcessError::Deadline { .. }) => {
                "see in the output above what it was waiting for"
            }
            BuildReason::Process(_) => "run the build again",
            BuildReason::Io { .. } => "see that the directory is there, writable and not full",
        };
        next.to_owned()
    }
}

/// Why an archive is refused, without the place that it was taken to.
fn without_path(error: &UnpackError) -> String {
    match error {
        UnpackError::Unsafe { problem, .. } => match &problem.member {
            Some(member) => format!("{} (`{member}`)", problem.kind),
            None => problem.kind.to_string(),
        },
        UnpackError::NoRoot { .. } => "it does not have one directory at its top".to_owned(),
        other => other.to_string(),
    }
}

/// A message is one line; the rest of a long one stands in the log.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn installer_next(error: &InstallerError) -> &'static str {
    match error {
        InstallerError::NoUv => "install uv, or leave the choice of installer to pubflow",
        InstallerError::NoPip { .. } => {
            "install uv, or pip and venv for this interpreter (on Debian: python3-venv)"
        }
        InstallerError::Directory { .. } | InstallerError::Environment { .. } => {
            "see the installer's output above"
        }
        InstallerError::NeedsNetwork { .. } => "build without `--offline`",
        InstallerError::Install { .. } => {
            "correct `build-system.requires`, or the installer's configuration of indexes; its output is below"
        }
        InstallerError::Process(_) => "run the build again",
    }
}
