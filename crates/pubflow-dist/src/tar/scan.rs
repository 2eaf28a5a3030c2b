//! The walk through a TAR archive: members hashed on the way, links judged at the end.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead};

use pubflow_spec::Sha256;
use sha2::Digest as _;

use super::reader::{Member, MemberKind, TarReader};
use crate::archive::tree_conflicts;
use crate::content::{Content, Examiner};
use crate::entry::{Entry, EntryKind, EntryPath};
use crate::limits::Limits;
use crate::link::link_problems;
use crate::problem::{Problem, ProblemKind};

/// The shape of a bomb; the numbers are those of the index's rule about ZIP archives (R095).
const RATIO_FROM_BYTES: u64 = 64 << 20;
const RATIO: u64 = 50;
/// 2038-01-19: the last second that 32 bits can count from 1970.
const LATEST: u64 = 0x7fff_ffff;

/// What was found in a TAR archive.
#[derive(Debug, Default)]
pub(crate) struct TarScan {
    /// Members in the order of the archive; of several of one name the last.
    pub(crate) entries: Vec<Entry>,
    pub(crate) kept: BTreeMap<String, Vec<u8>>,
    pub(crate) problems: Vec<Problem>,
    /// What was learned about the contents, by path.
    pub(crate) contents: HashMap<String, Content>,
    /// At least the first header could be read.
    pub(crate) readable: bool,
}

/// Reads the gzip-compressed archive in `file`, which is `file_len` bytes long; keeps the content
/// of the members that `keep` names.
///
/// # Errors
/// Only those of reading `file`.
pub(crate) fn scan<R: BufRead>(
    file: R,
    file_len: u64,
    limits: &Limits,
    keep: &dyn Fn(&str) -> bool,
) -> io::Result<TarScan> {
    let mut reader = TarReader::new(file, limits)?;
    let mut walk = Walk {
        limits,
        keep,
        scan: TarScan::default(),
        index: HashMap::new(),
        members: 0,
        total: 0,
        buffer: vec![0; 64 << 10],
    };
    let mut gave_up = false;
    while let Some(member) = reader.next_member()? {
        if !walk.take(&mut reader, &member)? {
            gave_up = true;
            break;
        }
    }
    let Walk {
        mut scan, total, ..
    } = walk;
    scan.readable = !scan.entries.is_empty();
    if gave_up {
        reader.problems.push(ProblemKind::TarCut);
    }
    let budget = limits.total_bytes.saturating_sub(total);
    for kind in reader.finish(budget)? {
        // Giving up is said once, as a used-up budget.
        if !(gave_up && kind == ProblemKind::TarCut) {
            scan.problems.push(Problem { kind, member: None });
        }
    }
    scan.problems.extend(link_problems(&scan.entries));
    scan.problems.extend(tree_conflicts(&scan.entries));
    if total > RATIO_FROM_BYTES && total > file_len.saturating_mul(RATIO) {
        scan.problems.push(Problem {
            kind: ProblemKind::TarRatio { bytes: total },
            member: None,
        });
    }
    Ok(scan)
}

struct Walk<'a> {
    limits: &'a Limits,
    keep: &'a dyn Fn(&str) -> bool,
    scan: TarScan,
    /// Raw names to places in `scan.entries`.
    index: HashMap<Vec<u8>, usize>,
    /// Members so far.
    members: usize,
    total: u64,
    buffer: Vec<u8>,
}

impl Walk<'_> {
    /// Takes one member over; false when a budget is used up.
    fn take<R: BufRead>(&mut self, reader: &mut TarReader<R>, member: &Member) -> io::Result<bool> {
        self.members += 1;
        // Members of one name are one entry and as much work as others.
        let limit = if self.members > self.limits.members {
            Some(("members", self.limits.members as u64))
        } else if member.raw_name.len().max(member.raw_link.len()) > self.limits.name_bytes {
            Some(("bytes of member name", self.limits.name_bytes as u64))
        } else if member.size
            > self
                .limits
                .member_bytes
                .min(self.limits.total_bytes - self.total)
        {
            Some(("bytes to unpack", self.limits.total_bytes))
        } else {
            None
        };
        if let Some((what, limit)) = limit {
            self.problem(ProblemKind::Limit { what, limit }, None);
            return Ok(false);
        }
        let name = String::from_utf8_lossy(&member.raw_name).into_owned();
        for kind in &member.problems {
            self.problem(kind.clone(), Some(&name));
        }
        if std::str::from_utf8(&member.raw_name).is_err() {
            self.problem(ProblemKind::TarNameNotUtf8, Some(&name));
        }
        let (sha256, size) = self.content(reader, member, &name)?;
        self.total += size;
        let entry = Entry {
            path: EntryPath::new(&name),
            size,
            sha256,
            mode: member.mode,
            has_mode: true,
            kind: kind_of(member),
        };
        for fault in entry.path.faults() {
            self.problem(ProblemKind::TarPath(fault), Some(&name));
        }
        if member.mtime > LATEST {
            let seconds = member.mtime;
            self.problem(ProblemKind::LateTime { seconds }, Some(&name));
        }
        if let Some(what) = special(&entry.kind) {
            self.problem(ProblemKind::SpecialFile { what }, Some(&name));
        }
        self.add(entry, &member.raw_name, &name);
        Ok(true)
    }

    fn problem(&mut self, kind: ProblemKind, member: Option<&str>) {
        self.scan.problems.push(Problem {
            kind,
            member: member.map(str::to_owned),
        });
    }

    fn content<R: BufRead>(
        &mut self,
        reader: &mut TarReader<R>,
        member: &Member,
        name: &str,
    ) -> io::Result<(Option<Sha256>, u64)> {
        if !matches!(member.kind, MemberKind::File | MemberKind::Sparse) {
            return Ok((None, 0));
        }
        let mut hasher = sha2::Sha256::new();
        let mut keep = (self.keep)(name);
        if keep && member.size > self.limits.kept_bytes {
            let kind = ProblemKind::Limit {
                what: "bytes of a metadata file",
                limit: self.limits.kept_bytes,
            };
            self.problem(kind, Some(name));
            keep = false;
        }
        let mut kept = Vec::new();
        let mut examiner = Examiner::of_sdist(name);
        let mut size = 0u64;
        loop {
            let got = reader.read_content(&mut self.buffer)?;
            if got == 0 {
                break;
            }
            size += got as u64;
            hasher.update(&self.buffer[..got]);
            examiner.take(&self.buffer[..got]);
            if keep {
                kept.extend_from_slice(&self.buffer[..got]);
            }
        }
        let path = EntryPath::new(name).as_str().to_owned();
        let content = examiner.finish();
        // The last member of a name counts.
        self.scan.contents.remove(&path);
        if !content.is_empty() {
            self.scan.contents.insert(path, content);
        }
        if size < member.size {
            return Ok((None, size));
        }
        if keep {
            self.scan.kept.insert(name.to_owned(), kept);
        }
        let digest: [u8; 32] = hasher.finalize().into();
        Ok((Some(Sha256::from_bytes(digest)), size))
    }

    /// Adds an entry; a second one of the same name takes the first one's place.
    fn add(&mut self, entry: Entry, raw_name: &[u8], name: &str) {
        let Some(&place) = self.index.get(raw_name) else {
            self.index
                .insert(raw_name.to_vec(), self.scan.entries.len());
            self.scan.entries.push(entry);
            return;
        };
        let before = &self.scan.entries[place];
        let same = before.kind == entry.kind && before.sha256 == entry.sha256;
        // Many writers add a directory more than once; that means nothing.
        if !(same && entry.kind == EntryKind::Directory) {
            let kind = if same {
                ProblemKind::TarDuplicateSame
            } else {
                ProblemKind::TarDuplicateOther
            };
            self.problem(kind, Some(name));
        }
        if !entry.is_file() {
            self.scan.kept.remove(name);
        }
        self.scan.entries[place] = entry;
    }
}

fn kind_of(member: &Member) -> EntryKind {
    let link = || String::from_utf8_lossy(&member.raw_link).into_owned();
    match member.kind {
        MemberKind::File | MemberKind::Sparse => EntryKind::File,
        MemberKind::HardLink => EntryKind::HardLink(link()),
        MemberKind::Symlink => EntryKind::Symlink(link()),
        MemberKind::Device => EntryKind::Device,
        MemberKind::Directory => EntryKind::Directory,
        MemberKind::Fifo => EntryKind::Fifo,
        MemberKind::Unknown(flag) => EntryKind::Unknown(flag),
    }
}

fn special(kind: &EntryKind) -> Option<&'static str> {
    match kind {
        EntryKind::Device => Some("a device"),
        EntryKind::Fifo => Some("a named pipe"),
        EntryKind::Unknown(_) => Some("of an unknown kind"),
        EntryKind::File | EntryKind::Directory | EntryKind::Symlink(_) | EntryKind::HardLink(_) => {
            None
        }
    }
}
