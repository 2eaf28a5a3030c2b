//! Where the links of an archive lead.
//!
//! Spec: PEP 721, "data" filter: no absolute targets, none outside of the tree.

use std::collections::HashMap;

use crate::entry::{Entry, EntryKind, tree_order};
use crate::problem::{Problem, ProblemKind};

/// Longer chains of links are taken for loops, as Linux does.
const MAX_HOPS: usize = 40;

/// What a link's target text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A path of the archive.
    Inside(String),
    /// A path above the archive, or above its one top directory.
    Outside,
    /// An absolute path.
    Absolute,
}

/// Where the symbolic link at `path` leads, by its text alone.
pub(crate) fn symlink_target(path: &str, target: &str) -> Target {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    resolve(directory, target)
}

/// Where a hard link leads: its text counts from the root of the archive.
pub(crate) fn hard_link_target(target: &str) -> Target {
    resolve("", target)
}

fn resolve(directory: &str, target: &str) -> Target {
    let bytes = target.as_bytes();
    let has_drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if target.starts_with(['/', '\\']) || has_drive {
        return Target::Absolute;
    }
    let top = directory.split('/').next().unwrap_or_default();
    let mut parts: Vec<&str> = directory
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Target::Outside;
                }
            }
            part => parts.push(part),
        }
    }
    // Build front ends unpack below the top directory, so a path beside it is outside too.
    if !top.is_empty() && parts.first() != Some(&top) {
        return Target::Outside;
    }
    Target::Inside(parts.join("/"))
}

/// What is wrong with the links among `entries`.
pub(crate) fn link_problems(entries: &[Entry]) -> Vec<Problem> {
    let by_path: HashMap<&str, &Entry> = entries
        .iter()
        .map(|entry| (entry.path.as_str(), entry))
        .collect();
    let mut links = entries
        .iter()
        .filter(|entry| target_of(entry).is_some())
        .peekable();
    if links.peek().is_none() {
        return Vec::new();
    }
    let mut paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    paths.sort_by(|a, b| tree_order(a, b));
    let mut problems = Vec::new();
    for entry in links {
        if let Some(kind) = judge(entry, &by_path, &paths) {
            problems.push(Problem {
                kind,
                member: Some(entry.path.as_str().to_owned()),
            });
        }
    }
    problems
}

/// Whether `directory` is one because a member lies below it; `paths` are in tree order.
fn is_implied(paths: &[&str], directory: &str) -> bool {
    let inside = format!("{directory}/");
    let at = paths.partition_point(|path| tree_order(path, &inside).is_lt());
    directory.is_empty() || paths.get(at).is_some_and(|path| path.starts_with(&inside))
}

fn judge(entry: &Entry, by_path: &HashMap<&str, &Entry>, paths: &[&str]) -> Option<ProblemKind> {
    let (text, mut target) = target_of(entry)?;
    let text = text.to_owned();
    for _ in 0..MAX_HOPS {
        let path = match target {
            Target::Absolute => return Some(ProblemKind::LinkAbsolute { target: text }),
            Target::Outside => return Some(ProblemKind::LinkOutside { target: text }),
            Target::Inside(path) => path,
        };
        let Some(next) = by_path.get(path.as_str()) else {
            return (!is_implied(paths, &path))
                .then_some(ProblemKind::LinkDangling { target: text });
        };
        match target_of(next) {
            Some((_, further)) => target = further,
            None => return None,
        }
    }
    Some(ProblemKind::LinkLoop)
}

fn target_of(entry: &Entry) -> Option<(&str, Target)> {
    match &entry.kind {
        EntryKind::Symlink(text) => Some((text, symlink_target(entry.path.as_str(), text))),
        EntryKind::HardLink(text) => Some((text, hard_link_target(text))),
        EntryKind::File
        | EntryKind::Directory
        | EntryKind::Device
        | EntryKind::Fifo
        | EntryKind::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_by_their_text() {
        let inside = |path: &str| Target::Inside(path.to_owned());
        assert_eq!(symlink_target("a/b/l", "../c"), inside("a/c"));
        assert_eq!(symlink_target("a/l", "c/./d"), inside("a/c/d"));
        assert_eq!(symlink_target("a/l", "../c"), Target::Outside);
        assert_eq!(symlink_target("a/l", "../../c"), Target::Outside);
        assert_eq!(symlink_target("a/l", "/etc"), Target::Absolute);
        assert_eq!(symlink_target("a/l", "C:\\x"), Target::Absolute);
        assert_eq!(hard_link_target("a/c"), inside("a/c"));
        assert_eq!(hard_link_target("../c"), Target::Outside);
    }

    #[track_caller]
    fn check(target: &str, expected: Option<&ProblemKind>) {
        let entry = |path: &str, kind| Entry {
            path: crate::entry::EntryPath::new(path),
            size: 0,
            sha256: None,
            mode: 0o644,
            has_mode: true,
            kind,
        };
        let entries = [
            entry("a/link", EntryKind::Symlink(target.to_owned())),
            entry("a/dir/file", EntryKind::File),
        ];
        let problems = link_problems(&entries);
        assert_eq!(problems.first().map(|problem| &problem.kind), expected);
    }

    #[test]
    fn links_into_the_tree_are_fine_and_others_are_told_apart() {
        check("dir/file", None);
        check("dir", None);
        check("link", Some(&ProblemKind::LinkLoop));
        check(
            "nothing",
            Some(&ProblemKind::LinkDangling {
                target: "nothing".to_owned(),
            }),
        );
        check(
            "../../x",
            Some(&ProblemKind::LinkOutside {
                target: "../../x".to_owned(),
            }),
        );
    }
}
