//! Files: added, removed, moved, changed.

use std::collections::{BTreeMap, BTreeSet};

use pubflow_spec::Sha256;

use super::fields::FieldChange;
use super::text::{self, TextChange};
use crate::distribution::{Distribution, OpenError};
use crate::entry::{Entry, EntryKind};
use crate::overview::native_files;

/// A changed text larger than this is told by size and digest.
const TEXT_BYTES: u64 = 1 << 20;
/// Changed texts beyond this, all together, are told by size and digest.
const ALL_TEXT_BYTES: u64 = 32 << 20;

/// Files that differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Only in the new one.
    pub added: Vec<FileSide>,
    /// Only in the old one.
    pub removed: Vec<FileSide>,
    /// The same content at another place.
    pub moved: Vec<MovedFile>,
    /// Other content, mode or kind at the same place.
    pub changed: Vec<ChangedFile>,
    /// Files that are the same in both.
    pub same: usize,
    /// Of an sdist compared with a wheel: files that no wheel need have.
    pub not_compared: usize,
}

/// A file on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSide {
    /// Its place without the version: `*.dist-info/METADATA`, and of an sdist the path below the
    /// directory at the top.
    pub path: String,
    /// Its path in the archive.
    pub member: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Digest of its content; none for what is no file or could not be read.
    pub sha256: Option<Sha256>,
    /// Unix permission bits, where the archive tells them.
    pub mode: Option<u32>,
    /// What it is.
    pub kind: EntryKind,
}

/// The same content at another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedFile {
    /// Where it was.
    pub from: FileSide,
    /// Where it is now.
    pub to: FileSide,
}

/// A file that is on both sides and differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// The file before.
    pub old: FileSide,
    /// The file now.
    pub new: FileSide,
    /// What changed in it.
    pub text: TextChange,
}

impl Files {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.moved.is_empty()
            && self.changed.is_empty()
    }

    pub(super) fn of(
        old: &Distribution,
        new: &Distribution,
        fields: &[FieldChange],
    ) -> Result<Self, OpenError> {
        let mut olds = sides(old);
        let mut news = sides(new);
        let mut files = Self::default();
        if old.kind() != new.kind() {
            for (sdist, wheel, of_wheel) in [(old, &mut news, new), (new, &mut olds, old)] {
                if let (Distribution::Sdist(_), Distribution::Wheel(_)) = (sdist, of_wheel) {
                    *wheel = in_place_of_sdist(std::mem::take(wheel), &sides(sdist));
                }
            }
            keep_what_a_wheel_has(old, &mut olds, &news, &mut files);
            keep_what_a_wheel_has(new, &mut news, &olds, &mut files);
        }
        let paths: BTreeSet<String> = olds.keys().chain(news.keys()).cloned().collect();
        let mut changed = Vec::new();
        for path in paths {
            match (olds.remove(&path), news.remove(&path)) {
                (Some(old), Some(new)) if old.is_like(&new) => files.same += 1,
                (Some(old), Some(new)) => changed.push((old, new)),
                (Some(old), None) => files.removed.push(old),
                (None, Some(new)) => files.added.push(new),
                (None, None) => {}
            }
        }
        files.find_moved();
        files.changed = with_texts(old, new, changed, fields)?;
        Ok(files)
    }

    /// Takes what was removed here and added there with the same content for moved.
    fn find_moved(&mut self) {
        let mut by_digest: BTreeMap<Sha256, Vec<FileSide>> = BTreeMap::new();
        let mut removed = Vec::new();
        for file in std::mem::take(&mut self.removed) {
            match file.sha256.filter(|_| file.bytes > 0) {
                Some(sha256) => by_digest.entry(sha256).or_default().push(file),
                None => removed.push(file),
            }
        }
        for file in std::mem::take(&mut self.added) {
            let candidates = file.sha256.and_then(|sha256| by_digest.get_mut(&sha256));
            match candidates.filter(|found| !found.is_empty()) {
                Some(found) => {
                    let from = found.remove(0);
                    self.moved.push(MovedFile { from, to: file });
                }
                None => self.added.push(file),
            }
        }
        removed.extend(by_digest.into_values().flatten());
        removed.sort_by(|a, b| a.path.cmp(&b.path));
        self.removed = removed;
    }
}

impl FileSide {
    fn of(distribution: &Distribution, entry: &Entry) -> Self {
        Self {
            path: paired_path(distribution, entry.path.as_str()),
            member: entry.path.as_str().to_owned(),
            bytes: entry.size,
            sha256: entry.sha256,
            mode: entry.has_mode.then_some(entry.mode & 0o7777),
            kind: entry.kind.clone(),
        }
    }

    /// Whether installers make the same of both. What could not be read is like nothing.
    fn is_like(&self, other: &Self) -> bool {
        let is_content_alike = match &self.kind {
            EntryKind::File => self.sha256.is_some() && self.sha256 == other.sha256,
            _ => true,
        };
        // Of the mode installers keep only whether a file is executable.
        let executable = |side: &Self| side.mode.is_some_and(|mode| mode & 0o111 != 0);
        let special = |side: &Self| side.mode.unwrap_or_default() & 0o7000;
        is_content_alike
            && self.kind == other.kind
            && executable(self) == executable(other)
            && special(self) == special(other)
    }

    /// Whether the content is the same and known.
    #[must_use]
    pub fn has_content_of(&self, other: &Self) -> bool {
        self.kind == other.kind && self.sha256.is_some() && self.sha256 == other.sha256
    }
}

/// The place of a member without what changes from version to version.
pub(super) fn paired_path(distribution: &Distribution, member: &str) -> String {
    match distribution {
        Distribution::Wheel(wheel) => {
            let below = |directory: &str| member.strip_prefix(directory)?.strip_prefix('/');
            let data = wheel.data_directory();
            if let Some(rest) = wheel.dist_info().and_then(below) {
                format!("*.dist-info/{rest}")
            } else if let Some(rest) = data.as_deref().and_then(below) {
                format!("*.data/{rest}")
            } else {
                without_graft(member)
            }
        }
        Distribution::Sdist(sdist) => sdist
            .root()
            .and_then(|root| member.strip_prefix(root)?.strip_prefix('/'))
            .unwrap_or(member)
            .to_owned(),
        Distribution::Unknown(_) => member.to_owned(),
    }
}

/// The path of a library that a repair tool copied into the wheel, without the digest that it wrote
/// into the name: `demo.libs/libz-1a2b3c4d.so.1` as `demo.libs/libz-*.so.1`.
fn without_graft(member: &str) -> String {
    let whole = || member.to_owned();
    let Some((directory, name)) = member.rsplit_once('/') else {
        return whole();
    };
    let Some(at) = name.find('-').filter(|_| directory.ends_with(".libs")) else {
        return whole();
    };
    let stem = name.find('.').unwrap_or(name.len());
    let is_digest = |part: &&str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let Some((before, after)) = name.get(at..stem).zip(name.get(stem..)) else {
        return whole();
    };
    // `libgfortran-040039e1-0352e75f`: each repair adds one.
    let parts: Vec<&str> = before
        .split('-')
        .map(|part| if is_digest(&part) { "*" } else { part })
        .collect();
    format!("{directory}/{}{}{after}", &name[..at], parts.join("-"))
}

/// Paths of native code without their versions.
pub(super) fn native(distribution: &Distribution) -> Vec<String> {
    native_files(distribution)
        .into_iter()
        .map(|file| paired_path(distribution, &file.path))
        .collect()
}

/// Everything but directories, by paired path. A path that several members would share belongs to
/// the first of them; the others keep their own, and none is left out.
fn sides(distribution: &Distribution) -> BTreeMap<String, FileSide> {
    let mut sides: BTreeMap<String, FileSide> = BTreeMap::new();
    for (place, entry) in distribution.entries().iter().enumerate() {
        if entry.kind == EntryKind::Directory {
            continue;
        }
        let mut side = FileSide::of(distribution, entry);
        if sides.contains_key(&side.path) {
            side.path.clone_from(&side.member);
        }
        if sides.contains_key(&side.path) {
            side.path = format!("{} (member {})", side.member, place + 1);
        }
        sides.insert(side.path.clone(), side);
    }
    sides
}

/// The wheel's files under the paths that the sdist has them: below `src/`, most often.
fn in_place_of_sdist(
    wheel: BTreeMap<String, FileSide>,
    sdist: &BTreeMap<String, FileSide>,
) -> BTreeMap<String, FileSide> {
    // The shortest path of the sdist that ends like the wheel's.
    let mut endings: BTreeMap<&str, &str> = BTreeMap::new();
    for path in sdist.keys() {
        let starts = path.match_indices('/').map(|(at, _)| at + 1).take(4);
        for start in std::iter::once(0).chain(starts) {
            let known = endings.entry(&path[start..]).or_insert(path);
            if path.len() < known.len() {
                *known = path;
            }
        }
    }
    let mut placed = BTreeMap::new();
    for mut file in wheel.into_values() {
        let is_own = file.path.starts_with("*.dist-info/");
        let path = endings.get(file.path.as_str()).filter(|_| !is_own);
        if let Some(path) = path.filter(|path| !placed.contains_key(**path)) {
            file.path = (*path).to_owned();
        }
        placed.insert(file.path.clone(), file);
    }
    placed
}

/// Takes out of the sdist's files what the wheel lacks: tests, documentation, what builds it; and
/// out of the wheel's what is made for it.
fn keep_what_a_wheel_has(
    distribution: &Distribution,
    sides: &mut BTreeMap<String, FileSide>,
    others: &BTreeMap<String, FileSide>,
    files: &mut Files,
) {
    match distribution {
        Distribution::Sdist(_) => {
            let n_before = sides.len();
            sides.retain(|path, _| others.contains_key(path));
            files.not_compared += n_before - sides.len();
        }
        Distribution::Wheel(_) => sides.retain(|path, _| !path.starts_with("*.dist-info/")),
        Distribution::Unknown(_) => {}
    }
}

/// Adds to each pair what changed in it; texts are read again, within the budgets.
fn with_texts(
    old: &Distribution,
    new: &Distribution,
    pairs: Vec<(FileSide, FileSide)>,
    fields: &[FieldChange],
) -> Result<Vec<ChangedFile>, OpenError> {
    let mut judged: Vec<(FileSide, FileSide, Option<TextChange>)> = Vec::new();
    let (mut old_paths, mut new_paths) = (BTreeSet::new(), BTreeSet::new());
    let mut left = ALL_TEXT_BYTES;
    for (old, new) in pairs {
        let bytes = old.bytes.saturating_add(new.bytes);
        let text = if old.kind != EntryKind::File || new.kind != EntryKind::File {
            Some(TextChange::Kind)
        } else if old.has_content_of(&new) {
            Some(TextChange::Mode)
        } else if old.path == "*.dist-info/RECORD" {
            Some(TextChange::Follows)
        } else if is_metadata(&old.path) && !fields.is_empty() {
            Some(TextChange::Fields)
        } else if old.bytes.max(new.bytes) > TEXT_BYTES || bytes > left {
            Some(TextChange::Large)
        } else {
            left -= bytes;
            old_paths.insert(old.member.clone());
            new_paths.insert(new.member.clone());
            None
        };
        judged.push((old, new, text));
    }
    let olds = old.read_members(&old_paths, TEXT_BYTES)?;
    let news = new.read_members(&new_paths, TEXT_BYTES)?;
    let changed = judged.into_iter().map(|(old, new, text)| {
        let text = text.unwrap_or_else(|| match (olds.get(&old.member), news.get(&new.member)) {
            (Some(before), Some(after)) => text::change(before, after),
            _ => TextChange::Unread,
        });
        ChangedFile { old, new, text }
    });
    Ok(changed.collect())
}

/// Files whose content is told field by field.
fn is_metadata(path: &str) -> bool {
    matches!(path, "*.dist-info/METADATA" | "PKG-INFO") || path.ends_with(".egg-info/PKG-INFO")
}
