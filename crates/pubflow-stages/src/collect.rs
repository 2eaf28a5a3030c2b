//! Joins what other machines have built: reads their fragments, compares every byte with them, and
//! puts one set of distributions into one directory.
//!
//! Wheels that no fragment speaks for are taken too, and said to be so: not every machine has pubflow.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use pubflow_spec::{DistributionFilename, Sha256};

use crate::expect::{ExpectError, Expected};
use crate::files::{FilesError, release_of};
use crate::fragment::{ENDING, Fragment, FragmentError};
use crate::unit::{UnitError, UnitFile, unit_file};

/// How deep below a named directory is looked: what CI services unpack lies one folder down.
const DEPTH: usize = 3;

/// What the joined set has to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The units that there must be; empty for no bound.
    pub units: Vec<String>,
    /// Digest of the plan that they must have; none for no bound.
    pub plan: Option<Sha256>,
    /// The commit that they must be from; none for any, as long as it is one.
    pub commit: Option<String>,
    /// The distributions that there must be.
    pub expected: Expected,
}

/// A set of distributions that belong together.
#[derive(Debug)]
pub struct Collected {
    /// Each with its digest, sorted by name.
    pub files: Vec<UnitFile>,
    /// The commit that the fragments name.
    pub commit: Option<String>,
    /// The units whose fragments were found.
    pub units: Vec<String>,
    /// Names of distributions that no fragment speaks for.
    pub unvouched: Vec<String>,
}

/// Why nothing was joined.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A directory or file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// A fragment cannot be read.
    #[error(transparent)]
    Fragment(#[from] FragmentError),
    /// A distribution cannot be read.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// There is nothing to join.
    #[error("there is no distribution in {}", shown(directories))]
    Nothing {
        /// Where it was looked.
        directories: Vec<PathBuf>,
    },
    /// The files make no release.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A fragment names a file that is not beside it.
    #[error("`{file}` of the unit `{unit}` is not there")]
    Missing {
        /// The unit.
        unit: String,
        /// The file.
        file: String,
    },
    /// A file is not what the fragment beside it says.
    #[error("`{}` is not what the unit `{unit}` has built", path.display())]
    Changed {
        /// The unit.
        unit: String,
        /// The file.
        path: PathBuf,
        /// The digest in the fragment.
        built: Sha256,
        /// The digest of the file.
        found: Sha256,
    },
    /// A file lies beside a fragment that does not name it.
    #[error("`{}` lies beside the fragment of `{unit}`, which does not name it", path.display())]
    Added {
        /// The unit.
        unit: String,
        /// The file.
        path: PathBuf,
    },
    /// Two files of one name are not the same.
    #[error("there are two files `{name}` with other bytes")]
    Twice {
        /// The name.
        name: String,
        /// Where, and with which digest.
        places: Vec<(PathBuf, Sha256)>,
    },
    /// Two fragments are not of one build.
    #[error("the fragments are of different builds: {what}")]
    Apart {
        /// What differs: commit or plan.
        what: &'static str,
        /// Values with the units that have them.
        values: Vec<(String, String)>,
    },
    /// Units are missing.
    #[error("{} missing: {}", if units.len() == 1 { "a unit is" } else { "units are" }, units.join(", "))]
    NoUnit {
        /// Which.
        units: Vec<String>,
    },
    /// The set is not the one that was expected.
    #[error("the set is not what is expected")]
    Unexpected {
        /// What differs.
        #[source]
        source: ExpectError,
    },
}

impl CollectError {
    /// Whether two machines disagree about the bytes of one name.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Twice { .. } | Self::Changed { .. })
    }
}

fn shown(directories: &[PathBuf]) -> String {
    let shown = directories
        .iter()
        .map(|path| format!("`{}`", path.display()));
    shown.collect::<Vec<_>>().join(", ")
}

/// Reads the directories and joins what lies in them. Nothing is written.
///
/// # Errors
/// See [`CollectError`].
pub fn collect(directories: &[PathBuf], wanted: &Wanted) -> Result<Collected, CollectError> {
    let mut folders = BTreeMap::new();
    for directory in directories {
        look_into(directory, DEPTH, &mut folders)?;
    }
    let mut fragments = Vec::new();
    let mut files: BTreeMap<String, UnitFile> = BTreeMap::new();
    let mut unvouched = BTreeSet::new();
    for folder in folders.values() {
        let found: Vec<UnitFile> = folder
            .distributions
            .iter()
            .map(|path| unit_file(path))
            .collect::<Result<_, _>>()?;
        let of_folder: Vec<Fragment> = folder
            .fragments
            .iter()
            .map(|path| Fragment::read(path))
            .collect::<Result<_, _>>()?;
        compare(&of_folder, &found)?;
        for file in found {
            let name = file.filename.as_str().to_owned();
            if of_folder.is_empty() {
                unvouched.insert(name.clone());
            }
            join(&mut files, name, file)?;
        }
        fragments.extend(of_folder);
    }
    if files.is_empty() {
        return Err(CollectError::Nothing {
            directories: directories.to_vec(),
        });
    }
    for fragment in &fragments {
        for file in &fragment.files {
            unvouched.remove(&file.name);
        }
    }
    let files: Vec<UnitFile> = files.into_values().collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    release_of(&paths)?;
    let commit = one_build(&fragments, wanted)?;
    let units: BTreeSet<String> = fragments.iter().map(|one| one.unit.clone()).collect();
    let missing = wanted.units.iter().filter(|unit| !units.contains(*unit));
    let missing: Vec<String> = missing.cloned().collect();
    if !missing.is_empty() {
        return Err(CollectError::NoUnit { units: missing });
    }
    let names: Vec<&DistributionFilename> = files.iter().map(|file| &file.filename).collect();
    let compared = wanted.expected.compare(&names);
    compared.map_err(|source| CollectError::Unexpected { source })?;
    Ok(Collected {
        files,
        commit,
        units: units.into_iter().collect(),
        unvouched: unvouched.into_iter().collect(),
    })
}

/// One directory of what was named.
#[derive(Debug, Default)]
struct Folder {
    distributions: Vec<PathBuf>,
    fragments: Vec<PathBuf>,
}

/// Remembers what lies in a directory and in those below it, by their real paths: a directory that is
/// named twice is read once.
fn look_into(
    directory: &Path,
    depth: usize,
    folders: &mut BTreeMap<PathBuf, Folder>,
) -> Result<(), CollectError> {
    let read = |source| CollectError::Read {
        path: directory.to_path_buf(),
        source,
    };
    let real = directory.canonicalize().map_err(read)?;
    if folders.contains_key(&real) {
        return Ok(());
    }
    let mut folder = Folder::default();
    let mut below = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(read)?;
        if kind.is_dir() && depth > 0 {
            below.push(entry.path());
        } else if kind.is_file() && name.ends_with(ENDING) {
            folder.fragments.push(entry.path());
        } else if kind.is_file() && DistributionFilename::parse(&name).is_ok() {
            folder.distributions.push(entry.path());
        }
    }
    folder.distributions.sort();
    folder.fragments.sort();
    folders.insert(real, folder);
    below.sort();
    below
        .iter()
        .try_for_each(|path| look_into(path, depth - 1, folders))
}

/// The files of a directory against the fragments in it.
fn compare(fragments: &[Fragment], files: &[UnitFile]) -> Result<(), CollectError> {
    let by_name = |name: &str| files.iter().find(|file| file.filename.as_str() == name);
    for fragment in fragments {
        for named in &fragment.files {
            let file = by_name(&named.name).ok_or_else(|| CollectError::Missing {
                unit: fragment.unit.clone(),
                file: named.name.clone(),
            })?;
            if file.sha256 != named.sha256 || file.size != named.size {
                return Err(CollectError::Changed {
                    unit: fragment.unit.clone(),
                    path: file.path.clone(),
                    built: named.sha256,
                    found: file.sha256,
                });
            }
        }
    }
    let Some(first) = fragments.first() else {
        return Ok(());
    };
    let is_named = |file: &&UnitFile| {
        let mut named = fragments.iter().flat_map(|fragment| &fragment.files);
        named.any(|one| one.name == file.filename.as_str())
    };
    match files.iter().find(|file| !is_named(file)) {
        None => Ok(()),
        Some(file) => Err(CollectError::Added {
            unit: first.unit.clone(),
            path: file.path.clone(),
        }),
    }
}

/// Adds a file to the set; the same bytes twice are no harm.
fn join(
    files: &mut BTreeMap<String, UnitFile>,
    name: String,
    file: UnitFile,
) -> Result<(), CollectError> {
    match files.get(&name) {
        Some(held) if held.sha256 != file.sha256 => Err(CollectError::Twice {
            name,
            places: vec![
                (held.path.clone(), held.sha256),
                (file.path.clone(), file.sha256),
            ],
        }),
        Some(_) => Ok(()),
        None => {
            files.insert(name, file);
            Ok(())
        }
    }
}

/// The one commit of all fragments, which must also have one plan.
fn one_build(fragments: &[Fragment], wanted: &Wanted) -> Result<Option<String>, CollectError> {
    let no_commit = || "no commit".to_owned();
    let of = |value: &dyn Fn(&Fragment) -> String, wanted: Option<String>, what| {
        let here = wanted.map(|value| (value, "here".to_owned()));
        let values = fragments.iter().map(|one| (value(one), one.unit.clone()));
        let values: Vec<(String, String)> = here.into_iter().chain(values).collect();
        match values.iter().all(|(value, _)| *value == values[0].0) {
            true => Ok(()),
            false => Err(CollectError::Apart { what, values }),
        }
    };
    if fragments.is_empty() {
        return Ok(None);
    }
    let commit = |one: &Fragment| one.commit.clone().unwrap_or_else(no_commit);
    of(&commit, wanted.commit.clone(), "commit")?;
    let plan = wanted.plan.map(|plan| plan.to_string());
    of(&|one| one.plan.to_string(), plan, "plan")?;
    Ok(fragments[0].commit.clone())
}
