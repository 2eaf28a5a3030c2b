//! Build units: parts of a release that are made on different machines, by the project's own build or
//! by a command such as cibuildwheel. Each leaves its distributions and a fragment that says what
//! they are; [`collect`](crate::collect()) joins them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_dist::digest_file;
use pubflow_process::{
    Cancel, Command, Environment, Inherited, ProcessError, find_program, log_tail, run,
};
use pubflow_spec::{DistributionFilename, Sha256};

use crate::expect::{ExpectError, Expected};
use crate::files::{FilesError, release_of};

/// Lines of a command's output that are shown when it fails.
const SHOWN_LINES: usize = 40;

/// One part of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildUnit {
    /// Its name, which is part of file names.
    pub id: String,
    /// The machine it is made on, for the jobs of a CI service; nothing here reads it.
    pub runner: Option<String>,
    /// Program and arguments, run in the project; `{out}` and `{project}` are replaced. Empty for the
    /// project's own sdist and wheel.
    pub command: Vec<String>,
    /// Names of variables that the command gets besides; secrets never pass.
    pub environment: Vec<String>,
    /// What it has to make.
    pub expect: Vec<String>,
}

/// What identifies a set of units: fragments of another plan do not join.
#[must_use]
pub fn plan_digest(units: &[BuildUnit]) -> Sha256 {
    let mut text = String::new();
    for unit in units {
        // Each text with its length, so that no two plans read the same.
        let mut put = |text_of: &str| text.push_str(&format!("{}:{text_of}\n", text_of.len()));
        put(&unit.id);
        for list in [&unit.command, &unit.expect] {
            put(&list.len().to_string());
            list.iter().for_each(|word| put(word));
        }
    }
    Sha256::of(text.as_bytes())
}

/// A command of a unit, and where it runs.
#[derive(Debug)]
pub struct UnitRun<'a> {
    /// The unit.
    pub unit: &'a BuildUnit,
    /// The source tree.
    pub project: &'a Path,
    /// Empty directory of ours that the command writes to.
    pub out: &'a Path,
    /// Time of the sources in seconds since 1970.
    pub source_date_epoch: Option<u64>,
    /// What pubflow was started with.
    pub inherited: &'a Inherited,
    /// The command is ended after this time.
    pub deadline: Duration,
    /// Ends it from another thread.
    pub cancel: Option<&'a Cancel>,
}

/// One distribution that a unit made.
#[derive(Debug, Clone)]
pub struct UnitFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub filename: DistributionFilename,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Sha256,
}

/// Why a unit was not built.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// The program is not there.
    #[error("`{program}`, the command of the unit `{unit}`, is not installed")]
    NoProgram {
        /// The unit.
        unit: String,
        /// The program.
        program: String,
    },
    /// The command failed.
    #[error("the command of the unit `{unit}` {did}")]
    Command {
        /// The unit.
        unit: String,
        /// How it ended.
        did: String,
        /// The end of its output.
        log: String,
    },
    /// It made nothing.
    #[error("the unit `{unit}` has made no distribution")]
    Nothing {
        /// The unit.
        unit: String,
        /// The end of its output.
        log: String,
    },
    /// What it made is not what was expected.
    #[error("the unit `{unit}` has not made what is expected of it")]
    Unexpected {
        /// The unit.
        unit: String,
        /// What differs.
        #[source]
        source: ExpectError,
    },
    /// Its files make no release.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A file cannot be read or written.
    #[error("`{}` cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: std::io::Error,
    },
    /// The command could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// Runs the command of a unit; what it made lies in the directory of the run afterwards. Blocks.
///
/// # Errors
/// See [`UnitError`].
pub fn run_unit(request: &UnitRun<'_>) -> Result<Vec<UnitFile>, UnitError> {
    let unit = &request.unit.id;
    let io = |path: &Path, source| UnitError::Io {
        path: path.to_path_buf(),
        source,
    };
    let project = std::path::absolute(request.project).map_err(|e| io(request.project, e))?;
    let filled = |word: &String| {
        word.replace("{out}", &request.out.to_string_lossy())
            .replace("{project}", &project.to_string_lossy())
    };
    let words: Vec<String> = request.unit.command.iter().map(filled).collect();
    let Some((program, arguments)) = words.split_first() else {
        return Err(UnitError::NoProgram {
            unit: unit.clone(),
            program: String::new(),
        });
    };
    let found = find_program(program, request.inherited).ok_or_else(|| UnitError::NoProgram {
        unit: unit.clone(),
        program: program.clone(),
    })?;
    let found = std::path::absolute(&found).map_err(|e| io(&found, e))?;
    let passed = request.unit.environment.iter().map(String::as_str);
    let mut environment = Environment::installer(request.inherited)
        .passing(request.inherited, passed)
        .set("PUBFLOW_UNIT", unit.as_str());
    if let Some(epoch) = request.source_date_epoch {
        environment = environment.set("SOURCE_DATE_EPOCH", epoch.to_string());
    }
    let kept = tempfile::NamedTempFile::new().map_err(|e| io(&std::env::temp_dir(), e))?;
    let command = Command::new(found)
        .args(arguments)
        .cwd(&project)
        .environment(environment)
        .log(kept.path())
        .deadline(request.deadline);
    let did = match run(&command, request.cancel) {
        Ok(finished) if finished.success() => None,
        Ok(finished) => Some(format!("ends with {}", finished.status)),
        Err(ProcessError::Deadline { limit, .. }) => {
            Some(format!("does not end within {} s", limit.as_secs()))
        }
        Err(error) => return Err(error.into()),
    };
    let log = log_tail(kept.path(), SHOWN_LINES);
    if let Some(did) = did {
        return Err(UnitError::Command {
            unit: unit.clone(),
            did,
            log,
        });
    }
    let files = distributions_below(request.out).map_err(|e| io(request.out, e))?;
    if files.is_empty() {
        return Err(UnitError::Nothing {
            unit: unit.clone(),
            log,
        });
    }
    look_at(request.unit, &files)
}

/// What a unit has made, each file with its digest, compared with what is expected of the unit.
///
/// # Errors
/// See [`UnitError`].
pub fn look_at(unit: &BuildUnit, files: &[PathBuf]) -> Result<Vec<UnitFile>, UnitError> {
    release_of(files)?;
    let files: Vec<UnitFile> = files
        .iter()
        .map(|path| unit_file(path))
        .collect::<Result<_, _>>()?;
    let names: Vec<&DistributionFilename> = files.iter().map(|file| &file.filename).collect();
    Expected::of(&unit.expect)
        .compare(&names)
        .map_err(|source| UnitError::Unexpected {
            unit: unit.id.clone(),
            source,
        })?;
    Ok(files)
}

/// A distribution with its digest.
pub(crate) fn unit_file(path: &Path) -> Result<UnitFile, UnitError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let filename =
        DistributionFilename::parse(&name).map_err(|error| FilesError::NotADistribution {
            path: path.to_path_buf(),
            why: error.to_string(),
        })?;
    let digests = digest_file(path).map_err(|source| UnitError::Io {
        path: path.to_path_buf(),
        source,
    })?;
    Ok(UnitFile {
        path: path.to_path_buf(),
        filename,
        size: digests.size,
        sha256: digests.sha256,
    })
}

/// Wheels and sdists directly in a directory, sorted; commands also write logs and folders.
fn distributions_below(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && DistributionFilename::parse(&name).is_ok() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
