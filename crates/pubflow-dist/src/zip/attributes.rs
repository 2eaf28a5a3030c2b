//! What the central directory says about who wrote a member and what kind of file it is. The
//! central directory alone says it, so nothing but plain sense can tell that it is damaged.

use std::collections::HashMap;

use super::central::Central;
use crate::problem::{Problem, ProblemKind};

/// Systems in the upper byte of "made by" whose attributes readers understand: DOS and Unix.
const DOS: u16 = 0;
const UNIX: u16 = 3;
/// Version that a member needs which no ordinary field can describe.
const ZIP64_VERSION: u16 = 45;
/// The newest version of the specification that readers know.
const NEWEST: u16 = 63;
/// Flags that mean something other than what is told elsewhere: patched data, strong encryption,
/// masked headers, and those that are reserved.
const ODD_FLAGS: u16 = 0xf7f0;
/// DOS attributes that say something about a file: read-only, directory, archive.
const DOS_DIRECTORY: u32 = 0x10;
const DOS_ORDINARY: u32 = 0x01 | 0x20 | DOS_DIRECTORY;

/// Everything odd about the attributes of the members.
pub(super) fn problems(entries: &[Central]) -> Vec<Problem> {
    let usual = usual_writer(entries);
    let has_modes = entries.iter().any(|entry| entry.attributes >> 16 != 0);
    let mut problems = Vec::new();
    for entry in entries {
        let mut add = |kind| {
            problems.push(Problem {
                kind,
                member: Some(entry.name.clone()),
            });
        };
        if entry.needs > NEWEST {
            add(ProblemKind::VersionNeeded {
                version: entry.needs,
            });
        }
        if entry.flags & ODD_FLAGS != 0 {
            add(ProblemKind::OddFlags { flags: entry.flags });
        }
        if let Some(what) = entry.oddity() {
            add(ProblemKind::OddAttributes { what });
        }
        if has_modes && entry.attributes >> 16 == 0 && !entry.name.ends_with('/') {
            let what = "no mode, although other members have one";
            add(ProblemKind::OddAttributes { what });
        }
        let zip64 = (usual & 0xff00) | ZIP64_VERSION.max(usual & 0xff);
        let is_usual =
            entry.made_by == usual || (entry.needs == ZIP64_VERSION && entry.made_by == zip64);
        if !is_usual {
            add(ProblemKind::OtherWriter);
        }
    }
    problems
}

/// The writer that most members name, the smallest of several.
fn usual_writer(entries: &[Central]) -> u16 {
    let mut counts: HashMap<u16, usize> = HashMap::new();
    for entry in entries {
        *counts.entry(entry.made_by).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(writer, count)| (*count, std::cmp::Reverse(*writer)));
    most.map_or(0, |(writer, _)| writer)
}

impl Central {
    /// Unix permission bits, with setuid, setgid and sticky.
    pub(super) fn mode(&self) -> u32 {
        (self.attributes >> 16) & 0o7777
    }

    /// Whether its Unix mode says that it is a symbolic link.
    pub(super) fn is_symlink(&self) -> bool {
        self.file_type() == 0o120_000
    }

    fn file_type(&self) -> u32 {
        (self.attributes >> 16) & 0o170_000
    }

    /// What contradicts itself in its attributes.
    fn oddity(&self) -> Option<&'static str> {
        let is_directory = self.name.ends_with('/');
        let dos = self.attributes & 0xffff;
        let fits_kind = match self.file_type() {
            0 | 0o120_000 => true,
            0o040_000 => is_directory,
            0o100_000 => !is_directory,
            _ => false,
        };
        if !fits_kind {
            Some("a file type that does not fit its name")
        } else if !matches!(self.made_by >> 8, DOS | UNIX) {
            Some("a system that no reader knows")
        } else if self.made_by & 0xff > NEWEST {
            Some("a version of the format that does not exist")
        } else if self.internal > 1 {
            Some("unknown internal attributes")
        } else if dos & !DOS_ORDINARY != 0 || (dos & DOS_DIRECTORY != 0 && !is_directory) {
            Some("DOS attributes that do not fit an ordinary file")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, change: impl FnOnce(&mut Central)) -> Central {
        let mut central = Central {
            raw_name: name.as_bytes().to_vec(),
            name: name.to_owned(),
            made_by: 0x0314,
            needs: 20,
            flags: 0,
            method: 8,
            time: 0,
            crc: 0,
            packed: 0,
            size: 0,
            offset: 0,
            internal: 0,
            attributes: 0o100_644 << 16,
        };
        change(&mut central);
        central
    }

    #[track_caller]
    fn check(name: &str, change: impl FnOnce(&mut Central), expected: &[ProblemKind]) {
        let entries = [entry("a", |_| {}), entry("b", |_| {}), entry(name, change)];
        let found: Vec<_> = problems(&entries).into_iter().map(|p| p.kind).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_ordinary_writers_leave_is_quiet() {
        check("a", |_| {}, &[]);
        check("a/", |entry| entry.attributes = 0o040_755 << 16 | 0x10, &[]);
        let zip64 = |entry: &mut Central| (entry.needs, entry.made_by) = (45, 0x032d);
        check("a", zip64, &[]);
        check("a", |entry| entry.internal = 1, &[]);
    }

    #[test]
    fn what_contradicts_itself_is_found() {
        let odd = |what| [ProblemKind::OddAttributes { what }];
        check(
            "a",
            |entry| entry.made_by = 0x0315,
            &[ProblemKind::OtherWriter],
        );
        check(
            "a",
            |entry| entry.needs = 64,
            &[ProblemKind::VersionNeeded { version: 64 }],
        );
        check(
            "a",
            |entry| entry.flags = 0x40,
            &[ProblemKind::OddFlags { flags: 0x40 }],
        );
        let wrong = odd("a file type that does not fit its name");
        check("a", |entry| entry.attributes = 0o040_755 << 16, &wrong);
        check("a/", |_| {}, &wrong);
        check("a", |entry| entry.attributes = 0o010_644 << 16, &wrong);
        let wrong = odd("no mode, although other members have one");
        check("a", |entry| entry.attributes = 0x20, &wrong);
        let wrong = odd("unknown internal attributes");
        check("a", |entry| entry.internal = 4, &wrong);
        let wrong = odd("DOS attributes that do not fit an ordinary file");
        check("a", |entry| entry.attributes |= 0x40, &wrong);
        check("a", |entry| entry.attributes |= 0x10, &wrong);
    }
}
