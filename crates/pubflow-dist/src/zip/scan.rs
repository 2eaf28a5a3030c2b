//! The walk through a ZIP archive, front to back.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::num::NonZeroUsize;

use super::central::{self, Central};
use super::content::{Outcome, Task, read_all};
use super::local::Local;
use super::{FLAG_ENCRYPTED, attributes};
use crate::content::Content;
use crate::entry::{Entry, EntryKind, EntryPath};
use crate::limits::Limits;
use crate::problem::{Problem, ProblemKind};
use crate::read_at::ReadAt;
use crate::window::Window;

/// R095: the index refuses a wheel that is larger than this when unpacked and whose ratio is
/// above [`RATIO`].
const RATIO_FROM_BYTES: u64 = 64 << 20;
const RATIO: u64 = 50;
/// Less than this is not worth a word.
const WASTE_FROM_BYTES: u64 = 64 << 10;

/// Members whose content a caller asked for, by path.
pub(crate) type Kept = BTreeMap<String, Vec<u8>>;

/// What was found in a ZIP archive.
#[derive(Debug, Default)]
pub(crate) struct ZipScan {
    /// Members in the order of the central directory; of several of one name the last.
    pub(crate) entries: Vec<Entry>,
    pub(crate) kept: Kept,
    pub(crate) problems: Vec<Problem>,
    /// The members are known: there is a central directory that could be read.
    pub(crate) readable: bool,
    /// What was learned about the contents, by path.
    pub(crate) contents: HashMap<String, Content>,
}

/// Reads the archive in `source` on at most `threads` threads; keeps the content of the members
/// that `keep` names.
///
/// # Errors
/// Only those of reading `source`.
pub(crate) fn scan<S: ReadAt>(
    source: &S,
    limits: &Limits,
    threads: NonZeroUsize,
    keep: &dyn Fn(&str) -> bool,
) -> io::Result<ZipScan> {
    let mut file = Window::new(source);
    let mut scan = ZipScan::default();
    let Some(directory) = central::read(&mut file, limits)? else {
        scan.problem(ProblemKind::NotZip, None);
        return Ok(scan);
    };
    scan.readable = !directory
        .problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::CentralDirectory);
    scan.problems = directory.problems;
    let centrals = directory.entries.as_slice();
    let last = last_of_each_name(centrals);
    scan.find_duplicates(centrals);
    scan.problems.extend(attributes::problems(centrals));
    let mut walk = Walk {
        file,
        limits,
        problems: &mut scan.problems,
        position: 0,
        claimed: 0,
    };
    let places = walk.run(centrals, directory.start)?;
    let mut tasks = Vec::new();
    for (central, (place, is_last)) in centrals.iter().zip(places.iter().zip(&last)) {
        if let Some(Place::Content { data }) = place {
            tasks.push(Task {
                central,
                data: *data,
                keep: *is_last && keep(&central.name),
                examine: *is_last,
            });
        }
    }
    let outcomes = read_all(source, &tasks, limits, threads)?;
    scan.find_waste(&outcomes);
    let mut outcomes = outcomes.into_iter();
    for (central, (place, is_last)) in centrals.iter().zip(places.iter().zip(&last)) {
        let outcome = match place {
            None => continue,
            Some(Place::Unread) => Outcome::default(),
            Some(Place::Content { .. }) => outcomes.next().unwrap_or_default(),
        };
        scan.take(central, outcome, *is_last);
    }
    scan.find_ratio(centrals, source.size());
    scan.find_path_problems();
    Ok(scan)
}

/// Whether a reader of ZIP archives would find one in `source`, whatever its name.
///
/// # Errors
/// Only those of reading `source`.
pub(crate) fn is_zip<S: ReadAt>(source: &S, limits: &Limits) -> io::Result<bool> {
    let directory = central::read(&mut Window::new(source), limits)?;
    Ok(directory.is_some_and(|directory| !directory.entries.is_empty()))
}

/// Reads the content of the members that `wanted` names again; what is not there, damaged, or larger
/// than `limits.kept_bytes` is left out.
///
/// # Errors
/// Only those of reading `source`.
pub(crate) fn read_some<S: ReadAt>(
    source: &S,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> io::Result<Kept> {
    let mut file = Window::new(source);
    let Some(directory) = central::read(&mut file, limits)? else {
        return Ok(Kept::new());
    };
    let mut walk = Walk {
        file,
        limits,
        problems: &mut Vec::new(),
        position: 0,
        claimed: 0,
    };
    let last = last_of_each_name(&directory.entries);
    let mut tasks = Vec::new();
    for (central, is_last) in directory.entries.iter().zip(last) {
        if is_last
            && wanted(&central.name)
            && let Some(Place::Content { data }) = walk.member(central, directory.start)?
        {
            tasks.push(Task {
                central,
                data,
                keep: true,
                examine: false,
            });
        }
    }
    let outcomes = read_all(source, &tasks, limits, NonZeroUsize::MIN)?;
    let read = tasks.iter().zip(outcomes).filter_map(|(task, outcome)| {
        outcome.sha256?;
        Some((task.central.name.clone(), outcome.kept?))
    });
    Ok(read.collect())
}

/// For each entry whether it is the last of its name: the one that `zipfile` reads.
fn last_of_each_name(entries: &[Central]) -> Vec<bool> {
    let mut last = vec![false; entries.len()];
    let mut by_name = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        by_name.insert(entry.raw_name.as_slice(), index);
    }
    for index in by_name.into_values() {
        last[index] = true;
    }
    last
}

impl ZipScan {
    fn problem(&mut self, kind: ProblemKind, member: Option<&str>) {
        self.problems.push(Problem {
            kind,
            member: member.map(str::to_owned),
        });
    }

    /// Takes over what came out of a member.
    fn take(&mut self, central: &Central, outcome: Outcome, is_last: bool) {
        if let Some(kind) = outcome.problem {
            self.problem(kind, Some(&central.name));
        }
        if !is_last {
            return;
        }
        let path = EntryPath::new(&central.name);
        if !outcome.content.is_empty() {
            self.contents
                .insert(path.as_str().to_owned(), outcome.content);
        }
        if let Some(kept) = outcome.kept {
            self.kept.insert(central.name.clone(), kept);
        }
        let kind = match outcome.target {
            Some(target) => EntryKind::Symlink(target),
            None if central.name.ends_with('/') => EntryKind::Directory,
            None => EntryKind::File,
        };
        self.entries.push(Entry {
            path,
            size: central.size,
            sha256: outcome.sha256,
            mode: central.mode(),
            has_mode: central.attributes >> 16 != 0,
            kind,
        });
    }

    fn find_duplicates(&mut self, entries: &[Central]) {
        let mut seen: HashMap<&[u8], &Central> = HashMap::new();
        for entry in entries {
            if let Some(before) = seen.insert(&entry.raw_name, entry) {
                let same = before.crc == entry.crc && before.size == entry.size;
                let kind = if same {
                    ProblemKind::DuplicateSame
                } else if entry.name.ends_with(".dist-info/METADATA") {
                    ProblemKind::DuplicateMetadata
                } else {
                    ProblemKind::DuplicateOther
                };
                self.problem(kind, Some(&entry.name));
            }
        }
    }

    fn find_waste(&mut self, outcomes: &[Outcome]) {
        let wasted = outcomes.iter().map(|outcome| outcome.wasted);
        let members = wasted.clone().filter(|wasted| *wasted > 0).count();
        let bytes = wasted.fold(0, u64::saturating_add);
        if bytes >= WASTE_FROM_BYTES {
            self.problem(ProblemKind::Stored { members, bytes }, None);
        }
    }

    fn find_ratio(&mut self, entries: &[Central], file_len: u64) {
        let bytes = entries
            .iter()
            .fold(0u64, |sum, entry| sum.saturating_add(entry.size));
        if bytes > RATIO_FROM_BYTES && bytes / RATIO >= file_len.max(1) {
            // Exactly 50 times is allowed.
            if bytes > file_len.saturating_mul(RATIO) {
                self.problem(ProblemKind::Ratio { bytes }, None);
            }
        }
    }

    fn find_path_problems(&mut self) {
        let mut problems = Vec::new();
        for entry in &self.entries {
            let member = Some(entry.path.as_str().to_owned());
            for fault in entry.path.faults() {
                problems.push(Problem {
                    kind: ProblemKind::ZipPath(fault),
                    member: member.clone(),
                });
            }
            if let EntryKind::Symlink(target) = &entry.kind {
                problems.push(Problem {
                    kind: ProblemKind::ZipSymlink {
                        target: target.clone(),
                    },
                    member,
                });
            }
        }
        problems.extend(crate::archive::tree_conflicts(&self.entries));
        self.problems.append(&mut problems);
    }
}

/// Where the content of a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Its compressed bytes begin at `data`.
    Content { data: u64 },
    /// It is not read: it cannot be, or a limit forbids it.
    Unread,
}

struct Walk<'a, 's, S> {
    file: Window<'s, S>,
    limits: &'a Limits,
    problems: &'a mut Vec<Problem>,
    /// End of what has been accounted for.
    position: u64,
    /// Bytes that the members walked over claim to hold.
    claimed: u64,
}

impl<S: ReadAt> Walk<'_, '_, S> {
    /// Finds the members in the order in which they lie in the file, and gives the places beside
    /// `entries`; none for a member that is not there.
    fn run(&mut self, entries: &[Central], directory: u64) -> io::Result<Vec<Option<Place>>> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|index| entries[*index].offset);
        let mut places = vec![None; entries.len()];
        for (nth, index) in order.iter().enumerate() {
            let central = &entries[*index];
            if central.offset >= directory {
                self.problem(ProblemKind::CentralOnly, &central.name);
                continue;
            }
            let overlaps = central.offset < self.position;
            if overlaps {
                self.problem(ProblemKind::Overlap, &central.name);
            }
            self.account_until(central.offset)?;
            let next = order
                .get(nth + 1)
                .map_or(directory, |next| entries[*next].offset.min(directory));
            let place = self.member(central, next)?;
            // One small stretch of data can stand for any number of large members.
            places[*index] = place.map(|place| if overlaps { Place::Unread } else { place });
        }
        self.account_until(directory)?;
        Ok(places)
    }

    fn problem(&mut self, kind: ProblemKind, member: &str) {
        self.problems.push(Problem {
            kind,
            member: Some(member.to_owned()),
        });
    }

    /// Explains the bytes up to `until`: local headers that nobody lists, or stray bytes.
    fn account_until(&mut self, until: u64) -> io::Result<()> {
        while self.position < until {
            let local = Local::read(&mut self.file, self.position, until)?;
            let end = local
                .as_ref()
                .map_or(0, |local| local.data.saturating_add(local.packed));
            match local {
                Some(local) if end <= until => {
                    let name = String::from_utf8_lossy(&local.raw_name).into_owned();
                    self.problem(ProblemKind::LocalOnly, &name);
                    self.position = end;
                }
                _ => {
                    let (at, bytes) = (self.position, until - self.position);
                    self.problems.push(Problem {
                        kind: ProblemKind::StrayBytes { at, bytes },
                        member: None,
                    });
                    self.position = until;
                }
            }
        }
        Ok(())
    }

    /// Finds the member that `central` lists and moves behind it.
    fn member(&mut self, central: &Central, next: u64) -> io::Result<Option<Place>> {
        let name = central.name.as_str();
        let until = self.file.len();
        let Some(local) = Local::read(&mut self.file, central.offset, until)? else {
            self.problem(ProblemKind::CentralOnly, name);
            return Ok(None);
        };
        for kind in local.problems(central) {
            self.problem(kind, name);
        }
        self.position = self.position.max(local.end(central, next));
        let max = self.limits.total_bytes - self.claimed;
        let max = max.min(self.limits.member_bytes);
        let unreadable = if local.data.saturating_add(central.packed) > until {
            Some(ProblemKind::BadData)
        } else if central.flags & FLAG_ENCRYPTED != 0 {
            Some(ProblemKind::Encrypted)
        } else if !central.is_readable() {
            let method = central.method;
            Some(ProblemKind::Method { method })
        } else if central.size > max {
            Some(ProblemKind::Limit {
                what: "bytes to unpack",
                limit: max,
            })
        } else {
            None
        };
        if let Some(kind) = unreadable {
            self.problem(kind, name);
            return Ok(Some(Place::Unread));
        }
        self.claimed += central.size;
        Ok(Some(Place::Content { data: local.data }))
    }
}
