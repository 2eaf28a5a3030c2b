//! What changed between two distributions, as a value: for `diff`, for the checks against the last
//! release, and for whoever has to approve a release.
//!
//! Files are paired by the path they have when the version is left out of it, so that two releases
//! can be compared; values of metadata are compared by their meaning. Nothing is kept of a file but
//! its digest, except of texts that changed, which are read again within a budget.

mod fields;
mod files;
mod matching;
mod news;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use pubflow_spec::DistributionKind;

use crate::distribution::{Distribution, OpenError};
use crate::start_file::{StartFile, start_files};

pub use fields::{BuildSystemChange, Dependencies, FieldChange, RequirementChange};
pub use files::{ChangedFile, FileSide, Files, MovedFile};
pub use matching::closest;
pub use news::{News, NewsKind};
pub use text::TextChange;

/// Names that one side has and the other lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Only in the new one, sorted.
    pub added: Vec<String>,
    /// Only in the old one, sorted.
    pub removed: Vec<String>,
}

impl Names {
    /// What differs between two lists.
    fn of(old: impl IntoIterator<Item = String>, new: impl IntoIterator<Item = String>) -> Self {
        let old: std::collections::BTreeSet<String> = old.into_iter().collect();
        let new: std::collections::BTreeSet<String> = new.into_iter().collect();
        Self {
            added: new.difference(&old).cloned().collect(),
            removed: old.difference(&new).cloned().collect(),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

/// One entry point that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPointChange {
    /// Its group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The object before; none for a new one.
    pub old: Option<String>,
    /// The object now; none for one that is gone.
    pub new: Option<String>,
}

/// One of the two distributions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// File name.
    pub filename: String,
    /// What its name tells.
    pub kind: Option<DistributionKind>,
    /// Name and version as the metadata tell them.
    pub release: Option<(String, String)>,
    /// Size of the file.
    pub bytes: u64,
    /// Files in it.
    pub files: usize,
    /// Bytes of them, unpacked.
    pub unpacked_bytes: u64,
    /// `Requires-Python`.
    pub requires_python: Option<String>,
}

/// What changed between two distributions.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The old one.
    pub old: Side,
    /// The new one.
    pub new: Side,
    /// Files added, removed, moved and changed.
    pub files: Files,
    /// Fields of core metadata other than dependencies.
    pub fields: Vec<FieldChange>,
    /// `Requires-Dist`.
    pub dependencies: Dependencies,
    /// The `[build-system]` table of sdists.
    pub build_system: BuildSystemChange,
    /// Entry points of wheels, by group and name.
    pub entry_points: Vec<EntryPointChange>,
    /// Compatibility tags of wheels.
    pub tags: Names,
    /// Names that can be imported.
    pub top_level: Names,
    /// Native code, by path.
    pub native: Names,
    /// Files of `.data/scripts`.
    pub scripts: Names,
    /// What runs at every start of Python and is new or other than before.
    pub new_start_files: Vec<StartFile>,
    /// Start files that are gone.
    pub removed_start_files: Vec<String>,
    /// What is wrong with the one archive and not with the other.
    pub problems: Names,
}

impl Comparison {
    /// Compares two distributions. An sdist and a wheel are compared as far as they can be: by
    /// metadata, and the wheel's files with those of the same place in the sdist.
    ///
    /// # Errors
    /// [`OpenError`] when the system cannot read one of the files.
    pub fn of(old: &Distribution, new: &Distribution) -> Result<Self, OpenError> {
        let fields = fields::changes(old, new);
        let is_across = old.kind() != new.kind();
        let files = Files::of(old, new, &fields)?;
        let (old_starts, new_starts) = match is_across {
            true => (Vec::new(), Vec::new()),
            false => (start_files(old)?, start_files(new)?),
        };
        let is_known = |file: &StartFile| {
            old_starts
                .iter()
                .any(|known| known.path == file.path && known.runs == file.runs)
        };
        let is_gone = |file: &&StartFile| !new_starts.iter().any(|new| new.path == file.path);
        // Of an sdist and a wheel only what both have can differ.
        let names = |of: fn(&Distribution) -> Vec<String>| match is_across {
            true => Names::default(),
            false => Names::of(of(old), of(new)),
        };
        Ok(Self {
            fields,
            dependencies: Dependencies::of(old, new),
            build_system: BuildSystemChange::of(old, new),
            entry_points: entry_points(old, new),
            tags: names(tags),
            top_level: names(top_level),
            native: names(files::native),
            scripts: names(scripts),
            problems: names(problems),
            removed_start_files: old_starts
                .iter()
                .filter(is_gone)
                .map(|file| file.path.clone())
                .collect(),
            new_start_files: new_starts
                .iter()
                .filter(|file| !is_known(file))
                .cloned()
                .collect(),
            old: Side::of(old),
            new: Side::of(new),
            files,
        })
    }

    /// Whether the two hold the same: every file with its bytes, mode and place, and the same things
    /// are wrong. Dates, order and compression of the archives do not count.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.files.is_same()
            && self.fields.is_empty()
            && self.dependencies.is_empty()
            && self.tags.is_empty()
            && self.problems.is_empty()
    }

    /// Whether one is an sdist and the other a wheel.
    #[must_use]
    pub fn is_across_kinds(&self) -> bool {
        self.old.kind != self.new.kind
    }
}

impl Side {
    fn of(distribution: &Distribution) -> Self {
        let path = distribution.path();
        let files = distribution
            .entries()
            .iter()
            .filter(|entry| entry.is_file());
        let metadata = distribution.metadata();
        let field = |name: &str| {
            let value = metadata?.first(name)?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        Self {
            filename: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            kind: distribution.kind(),
            release: field("Name").zip(field("Version")),
            bytes: distribution.archive().map_or(0, crate::Archive::size),
            files: files.clone().count(),
            unpacked_bytes: files.fold(0, |sum: u64, entry| sum.saturating_add(entry.size)),
            requires_python: field("Requires-Python"),
        }
    }

    /// The version as the metadata tell it, else the file name.
    #[must_use]
    pub fn version(&self) -> &str {
        self.release
            .as_ref()
            .map_or(&self.filename, |(_, version)| version)
    }
}

fn entry_points(old: &Distribution, new: &Distribution) -> Vec<EntryPointChange> {
    let of = |distribution: &Distribution| -> BTreeMap<(String, String), String> {
        let Distribution::Wheel(wheel) = distribution else {
            return BTreeMap::new();
        };
        let points = wheel
            .entry_points()
            .map_or(&[][..], |points| points.points());
        points
            .iter()
            .map(|point| {
                (
                    (point.group.clone(), point.name.clone()),
                    point.value.clone(),
                )
            })
            .collect()
    };
    if old.kind() != new.kind() {
        return Vec::new();
    }
    let (old, new) = (of(old), of(new));
    let keys: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| EntryPointChange {
            group: key.0.clone(),
            name: key.1.clone(),
            old: old.get(key).cloned(),
            new: new.get(key).cloned(),
        })
        .collect()
}

fn tags(distribution: &Distribution) -> Vec<String> {
    match distribution {
        Distribution::Wheel(wheel) => wheel.filename().map_or_else(
            |_| Vec::new(),
            |filename| filename.tags.iter().map(ToString::to_string).collect(),
        ),
        Distribution::Sdist(_) | Distribution::Unknown(_) => Vec::new(),
    }
}

fn top_level(distribution: &Distribution) -> Vec<String> {
    match distribution {
        Distribution::Wheel(wheel) => wheel.top_level_modules(),
        Distribution::Sdist(_) | Distribution::Unknown(_) => Vec::new(),
    }
}

fn scripts(distribution: &Distribution) -> Vec<String> {
    let Distribution::Wheel(wheel) = distribution else {
        return Vec::new();
    };
    let Some(data) = wheel.data_directory() else {
        return Vec::new();
    };
    wheel
        .entries()
        .iter()
        .filter(|entry| entry.is_file())
        .filter_map(|entry| entry.path.below(&data)?.strip_prefix("scripts/"))
        .map(str::to_owned)
        .collect()
}

/// What is wrong with an archive, in words that do not depend on its version.
fn problems(distribution: &Distribution) -> Vec<String> {
    let words = distribution.problems().iter().map(|problem| {
        let member = problem.member.as_ref();
        match member.map(|member| files::paired_path(distribution, member)) {
            Some(member) => format!("{} ({member})", problem.kind),
            None => problem.kind.to_string(),
        }
    });
    words.collect()
}
