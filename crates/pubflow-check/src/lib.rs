//! From paths to subjects to findings: what a path is, which checks look at it, and one list of
//! all rules.
//!
//! Nothing is sent, run or unpacked. The findings of a subject come out sorted, whatever the
//! threads did.

mod against;
mod description;
mod dist_folder;
mod fixing;
mod folder;
mod looked_at;
mod pair;
mod path;
mod project;
mod readme_agreement;
mod selection;
mod selector;
mod stale;
mod subject;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use pubflow_finding::{Finding, Rule, Severity};
use pubflow_spec::Sha256;

pub use against::Predecessor;
pub use fixing::{FixLevel, FixedFile, fix_pyproject};
pub use path::{SubjectKind, is_project};
pub use selection::{FileIgnore, FilePattern, Ignore, PatternError, Selection, Target};
pub use selector::{Selector, UnknownRule};
pub use subject::check_distribution;

/// How to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Threads for the subjects, and for the members of a wheel where there are few subjects.
    pub threads: NonZeroUsize,
    /// The last release, to tell what is new since.
    pub against: Option<Predecessor>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            threads: NonZeroUsize::MIN,
            against: None,
        }
    }
}

/// What was found in one subject.
#[derive(Debug)]
pub struct SubjectReport {
    /// The path, as it was given or found below a directory that was given.
    pub path: PathBuf,
    /// What it was taken for.
    pub kind: SubjectKind,
    /// Digest of a distribution's bytes.
    pub sha256: Option<Sha256>,
    /// Sorted findings.
    pub findings: Vec<Finding>,
    /// Findings that a selection left out.
    pub n_ignored: usize,
}

impl SubjectReport {
    /// Whether nothing here is an error; with `strict`, nothing is worse than a note.
    #[must_use]
    pub fn passes(&self, strict: bool) -> bool {
        let worst = if strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        self.findings.iter().all(|finding| finding.severity < worst)
    }
}

/// A path that could not be looked at.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be read", path.display())]
pub struct CheckError {
    /// The path.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl CheckError {
    /// The system's words.
    #[must_use]
    pub fn why(&self) -> String {
        self.source.to_string()
    }
}

/// Checks everything that `paths` stand for, in the order of the paths.
///
/// # Errors
/// [`CheckError`] for a path where nothing is, or a directory or file that the system does not let
/// us read. What is wrong with the content is never an error but a finding.
pub fn check_paths(
    paths: &[PathBuf],
    options: &CheckOptions,
) -> Result<Vec<SubjectReport>, CheckError> {
    let subjects = subjects_of(paths)?;
    // What the subjects leave idle goes to the members of each.
    let inner = options.threads.get() / subjects.len().max(1);
    let inner = NonZeroUsize::new(inner).unwrap_or(NonZeroUsize::MIN);
    let mut checked = in_parallel(&subjects, options.threads, |(path, kind)| {
        subject::check(path, *kind, inner)
    })
    .into_iter()
    .collect::<Result<Vec<_>, _>>()?;
    pair::check(&mut checked);
    dist_folder::check(&mut checked);
    if let Some(predecessor) = &options.against {
        against::check(&mut checked, predecessor)?;
    }
    Ok(checked.into_iter().map(|checked| checked.report).collect())
}

/// The paths with patterns such as `dist/*` written out, as a shell would have done, and without what
/// lies beside distributions and is none: signatures, attestations and ignore files.
///
/// # Errors
/// [`CheckError`] for a pattern that fits nothing.
pub fn written_out(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CheckError> {
    let mut files = Vec::new();
    for path in paths {
        let text = path.to_string_lossy();
        // A file may be called so after all.
        let is_pattern = text.contains(['*', '?', '[']) && fs::symlink_metadata(path).is_err();
        if !is_pattern {
            files.push(path.clone());
            continue;
        }
        let found = glob::glob(&text).into_iter().flatten().flatten();
        let before = files.len();
        files.extend(found);
        if files.len() == before {
            let why = "no file fits this pattern";
            return Err(CheckError {
                path: path.clone(),
                source: io::Error::new(io::ErrorKind::NotFound, why),
            });
        }
    }
    files.retain(|path| path.is_dir() || !path::lies_beside(path));
    Ok(files)
}

/// The files among what `paths` stand for that can be fixed: each pyproject.toml, of a project or by
/// itself.
///
/// # Errors
/// [`CheckError`] for a path where nothing is, or that cannot be listed.
pub fn fixable_files(paths: &[PathBuf]) -> Result<Vec<(PathBuf, SubjectKind)>, CheckError> {
    let found = subjects_of(paths)?.into_iter();
    let mut files: Vec<_> = found
        .filter_map(|(path, kind)| match kind {
            SubjectKind::Project => {
                let file = path::inside(&path, "pyproject.toml");
                file.is_file().then_some((file, SubjectKind::Pyproject))
            }
            SubjectKind::Pyproject => Some((path, kind)),
            _ => None,
        })
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
    Ok(files)
}

/// The sdists and wheels among everything that `paths` stand for.
///
/// # Errors
/// As [`check_paths`].
pub fn distributions_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CheckError> {
    let is_distribution =
        |kind: SubjectKind| matches!(kind, SubjectKind::Wheel | SubjectKind::Sdist);
    let found = subjects_of(paths)?.into_iter();
    let of_kind = found.filter(|(_, kind)| is_distribution(*kind));
    Ok(of_kind.map(|(path, _)| path).collect())
}

/// Everything that `paths` stand for, in their order.
fn subjects_of(paths: &[PathBuf]) -> Result<Vec<(PathBuf, SubjectKind)>, CheckError> {
    let mut subjects = Vec::new();
    for path in paths {
        let found = path::subjects(path).map_err(|source| CheckError {
            path: path.clone(),
            source,
        })?;
        subjects.extend(found);
    }
    Ok(subjects)
}

/// Maps `items` on several threads; the results keep the order of the items.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: NonZeroUsize,
    map: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let (next, results) = (
        AtomicUsize::new(0),
        Mutex::new(Vec::with_capacity(items.len())),
    );
    let work = || {
        while let Some((n, item)) = {
            let n = next.fetch_add(1, Ordering::Relaxed);
            items.get(n).map(|item| (n, item))
        } {
            let result = map(item);
            results
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((n, result));
        }
    };
    let n_helpers = threads.get().min(items.len()).saturating_sub(1);
    std::thread::scope(|scope| {
        for _ in 0..n_helpers {
            scope.spawn(work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(n, _)| *n);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Every rule that `check` can report.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    rules.extend(pubflow_metadata::check::rules());
    rules.extend(pubflow_dist::check::rules());
    rules.extend(pubflow_readme::check::rules());
    rules.extend([
        &folder::RULE,
        &readme_agreement::RULE,
        &selection::RULE,
        &stale::RULE,
    ]);
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    rules
}

/// The path as it is shown.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
