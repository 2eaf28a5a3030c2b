//! The walk through a ZIP archive, front to back.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Seek};

use pubflow_spec::Sha256;

use super::central::{self, Central};
use super::extra::Extra;
use super::inflate::{End, Inflated, Inflater, Job};
use super::window::Window;
use super::{u16_at, u32_at};
use crate::content::{Content, Examiner};
use crate::entry::{Entry, EntryKind, EntryPath};
use crate::limits::Limits;
use crate::problem::{HeaderField, Problem, ProblemKind, ZipRecord};

const LOCAL_LEN: u64 = 30;
const FLAG_ENCRYPTED: u16 = 0x0001;
const FLAG_DESCRIPTOR: u16 = 0x0008;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// R095: the index refuses a wheel that is larger than this when unpacked and whose ratio is
/// above [`RATIO`].
const RATIO_FROM_BYTES: u64 = 64 << 20;
const RATIO: u64 = 50;

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
    /// Offsets of the members in the file, beside `entries`.
    pub(crate) places: Vec<MemberPlace>,
}

/// Where a member's compressed bytes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemberPlace {
    pub(crate) data: u64,
    pub(crate) packed: u64,
    pub(crate) deflated: bool,
}

/// Reads the archive in `file`; keeps the content of the members that `keep` names.
///
/// # Errors
/// Only those of reading `file`.
pub(crate) fn scan<R: Read + Seek>(
    file: R,
    limits: &Limits,
    keep: &dyn Fn(&str) -> bool,
) -> io::Result<ZipScan> {
    let mut file = Window::new(file)?;
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
    let last = last_of_each_name(&directory.entries);
    scan.find_duplicates(&directory.entries);
    let file_len = file.len();
    let mut walk = Walk {
        file,
        limits,
        keep,
        examine: true,
        scan,
        inflater: Inflater::new(),
        position: 0,
        total: 0,
    };
    walk.run(&directory.entries, directory.start, &last)?;
    let mut scan = walk.scan;
    scan.find_ratio(&directory.entries, file_len);
    scan.find_path_problems();
    Ok(scan)
}

/// Whether a reader of ZIP archives would find one in `file`, whatever its name.
///
/// # Errors
/// Only those of reading `file`.
pub(crate) fn is_zip<R: Read + Seek>(file: R, limits: &Limits) -> io::Result<bool> {
    let mut file = Window::new(file)?;
    let directory = central::read(&mut file, limits)?;
    Ok(directory.is_some_and(|directory| !directory.entries.is_empty()))
}

/// Reads the content of one member again; `None` when it is not there, damaged, or larger than
/// `limits.kept_bytes`.
///
/// # Errors
/// Only those of reading `file`.
pub(crate) fn read_one<R: Read + Seek>(
    file: R,
    name: &str,
    limits: &Limits,
) -> io::Result<Option<Vec<u8>>> {
    let mut file = Window::new(file)?;
    let Some(mut directory) = central::read(&mut file, limits)? else {
        return Ok(None);
    };
    let place = directory
        .entries
        .iter()
        .rposition(|entry| entry.name == name);
    let Some(place) = place else {
        return Ok(None);
    };
    let central = directory.entries.swap_remove(place);
    let mut walk = Walk {
        file,
        limits,
        keep: &|_| true,
        examine: false,
        scan: ZipScan::default(),
        inflater: Inflater::new(),
        position: 0,
        total: 0,
    };
    let entry = walk.member(&central, true, directory.start)?;
    let whole = entry.is_some_and(|(entry, _)| entry.sha256.is_some());
    Ok(walk.scan.kept.remove(name).filter(|_| whole))
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

/// A local header, as far as it is compared.
struct Local {
    raw_name: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    extra: Extra,
    /// Offset of the member's data.
    data: u64,
    widened: bool,
}

struct Walk<'a, R> {
    file: Window<R>,
    limits: &'a Limits,
    keep: &'a dyn Fn(&str) -> bool,
    /// Whether to look at the contents too.
    examine: bool,
    scan: ZipScan,
    inflater: Inflater,
    /// End of what has been accounted for.
    position: u64,
    /// Bytes inflated so far.
    total: u64,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn run(&mut self, entries: &[Central], directory: u64, last: &[bool]) -> io::Result<()> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|index| entries[*index].offset);
        let mut found = BTreeMap::new();
        for (nth, index) in order.iter().enumerate() {
            let central = &entries[*index];
            if central.offset >= directory {
                self.scan
                    .problem(ProblemKind::CentralOnly, Some(&central.name));
                continue;
            }
            if central.offset < self.position {
                self.scan.problem(ProblemKind::Overlap, Some(&central.name));
            }
            self.account_until(central.offset)?;
            let next = order
                .get(nth + 1)
                .map_or(directory, |next| entries[*next].offset.min(directory));
            if let Some(entry) = self.member(central, last[*index], next)? {
                found.insert(*index, entry);
            }
        }
        self.account_until(directory)?;
        for (_, (entry, place)) in found.into_iter().filter(|(index, _)| last[*index]) {
            self.scan.entries.push(entry);
            self.scan.places.push(place);
        }
        Ok(())
    }

    /// Explains the bytes up to `until`: local headers that nobody lists, or stray bytes.
    fn account_until(&mut self, until: u64) -> io::Result<()> {
        while self.position < until {
            let local = self.local_at(self.position, until)?;
            let end = local
                .as_ref()
                .map_or(0, |local| local.data.saturating_add(local.packed));
            match local {
                Some(local) if end <= until => {
                    let name = String::from_utf8_lossy(&local.raw_name).into_owned();
                    self.scan.problem(ProblemKind::LocalOnly, Some(&name));
                    self.position = end;
                }
                _ => {
                    let (at, bytes) = (self.position, until - self.position);
                    self.scan
                        .problem(ProblemKind::StrayBytes { at, bytes }, None);
                    self.position = until;
                }
            }
        }
        Ok(())
    }

    /// The local header at `at`, if one is there and lies in front of `until`.
    fn local_at(&mut self, at: u64, until: u64) -> io::Result<Option<Local>> {
        if until - at < LOCAL_LEN {
            return Ok(None);
        }
        let header = self.file.read_at(at, LOCAL_LEN)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let name_len = u64::from(u16_at(&header, 26));
        let extra_len = u64::from(u16_at(&header, 28));
        let data = at + LOCAL_LEN + name_len + extra_len;
        if data > until {
            return Ok(None);
        }
        let mut raw_name = self.file.read_at(at + LOCAL_LEN, name_len + extra_len)?;
        let extra = Extra::parse(&raw_name[name_len as usize..]);
        raw_name.truncate(name_len as usize);
        let mut packed = u64::from(u32_at(&header, 18));
        let mut size = u64::from(u32_at(&header, 22));
        let method = u16_at(&header, 8);
        let widened = extra.widen([&mut size, &mut packed, &mut 0]);
        if !widened && method == STORED {
            // Stored members need one size only; the field may leave the other out.
            packed = size;
        }
        Ok(Some(Local {
            raw_name,
            flags: u16_at(&header, 6),
            method,
            crc: u32_at(&header, 14),
            packed,
            size,
            widened: widened || method == STORED,
            extra,
            data,
        }))
    }

    /// Reads the member that `central` lists and moves behind it.
    fn member(
        &mut self,
        central: &Central,
        wanted: bool,
        next: u64,
    ) -> io::Result<Option<(Entry, MemberPlace)>> {
        let until = self.file.len();
        let Some(local) = self.local_at(central.offset, until)? else {
            self.scan
                .problem(ProblemKind::CentralOnly, Some(&central.name));
            return Ok(None);
        };
        self.compare(central, &local);
        let end = local.data.saturating_add(central.packed);
        self.position = self.position.max(end);
        if local.flags & FLAG_DESCRIPTOR != 0
            && end <= next
            && matches!(next - end, 12 | 16 | 20 | 24)
        {
            self.position = self.position.max(next);
        }
        let place = MemberPlace {
            data: local.data,
            packed: central.packed,
            deflated: central.method == DEFLATED,
        };
        if end > until {
            self.scan.problem(ProblemKind::BadData, Some(&central.name));
            return Ok(Some((entry_of(central, None, None), place)));
        }
        self.content(central, place, wanted)
            .map(|entry| Some((entry, place)))
    }

    fn compare(&mut self, central: &Central, local: &Local) {
        let name = Some(central.name.as_str());
        if local.raw_name != central.raw_name {
            let local = String::from_utf8_lossy(&local.raw_name).into_owned();
            self.scan.problem(ProblemKind::NameMismatch { local }, name);
        }
        if local.extra.malformed {
            self.scan
                .problem(ProblemKind::ExtraField(ZipRecord::Local), name);
        }
        if let Some(path) = &local.extra.unicode_path
            && *path != local.raw_name
        {
            let extra = String::from_utf8_lossy(path).into_owned();
            self.scan.problem(ProblemKind::UnicodePath { extra }, name);
        }
        if !local.widened {
            self.scan
                .problem(ProblemKind::Zip64Extra(ZipRecord::Local), name);
        }
        let streamed = (local.flags | central.flags) & FLAG_DESCRIPTOR != 0;
        if streamed {
            self.scan.problem(ProblemKind::DataDescriptor, name);
        }
        // A streamed member's header may say nothing about size and checksum.
        let differs = |local: u64, central: u64| local != central && !(streamed && local == 0);
        for (field, differs) in [
            (HeaderField::Size, differs(local.size, central.size)),
            (
                HeaderField::PackedSize,
                differs(local.packed, central.packed),
            ),
            (
                HeaderField::Checksum,
                differs(u64::from(local.crc), u64::from(central.crc)),
            ),
            (HeaderField::Method, local.method != central.method),
        ] {
            if differs {
                self.scan.problem(ProblemKind::HeaderMismatch(field), name);
            }
        }
    }

    /// Inflates the member's content where that can be done within the limits.
    fn content(
        &mut self,
        central: &Central,
        place: MemberPlace,
        wanted: bool,
    ) -> io::Result<Entry> {
        let name = Some(central.name.as_str());
        if central.flags & FLAG_ENCRYPTED != 0 {
            self.scan.problem(ProblemKind::Encrypted, name);
            return Ok(entry_of(central, None, None));
        }
        if !matches!(central.method, STORED | DEFLATED) {
            let method = central.method;
            self.scan.problem(ProblemKind::Method { method }, name);
            return Ok(entry_of(central, None, None));
        }
        let left = self.limits.total_bytes - self.total;
        let max = self.limits.member_bytes.min(left);
        if central.size > max {
            self.scan.problem(
                ProblemKind::Limit {
                    what: "bytes to unpack",
                    limit: max,
                },
                name,
            );
            return Ok(entry_of(central, None, None));
        }
        let keep = wanted && (self.keep)(&central.name);
        let is_link = is_symlink(central.attributes);
        self.file.go_to(place.data);
        let mut examiner = (wanted && self.examine).then(|| Examiner::of_everything(&central.name));
        let inflated = self.inflater.run(
            &mut self.file,
            Job {
                deflated: place.deflated,
                packed: place.packed,
                max: central.size,
                keep: match (keep, is_link) {
                    (true, _) => self.limits.kept_bytes,
                    (false, true) => self.limits.name_bytes as u64,
                    (false, false) => 0,
                },
            },
            examiner.as_mut(),
        )?;
        self.total += inflated.size.min(max);
        let whole = self.judge(central, &inflated);
        let target = is_link.then(|| String::from_utf8_lossy(&inflated.kept).into_owned());
        let sha256 = whole.then(|| Sha256::from_bytes(inflated.sha256));
        let content = examiner.map(Examiner::finish).unwrap_or_default();
        if !content.is_empty() {
            let path = EntryPath::new(&central.name).as_str().to_owned();
            self.scan.contents.insert(path, content);
        }
        if keep && inflated.size > self.limits.kept_bytes {
            let kind = ProblemKind::Limit {
                what: "bytes of a metadata file",
                limit: self.limits.kept_bytes,
            };
            self.scan.problem(kind, name);
        } else if keep {
            self.scan.kept.insert(central.name.clone(), inflated.kept);
        }
        Ok(entry_of(central, sha256, target))
    }

    /// Whether the content is what the headers promise.
    fn judge(&mut self, central: &Central, inflated: &Inflated) -> bool {
        let claimed = central.size;
        let fits = inflated.crc == central.crc;
        let kind = match inflated.end {
            End::TooMuch if fits => ProblemKind::HiddenContent { claimed },
            End::TooMuch => ProblemKind::SizeLie { claimed },
            End::Broken => ProblemKind::BadData,
            End::Whole if !fits => ProblemKind::BadCrc,
            End::Whole if inflated.size != claimed => ProblemKind::SizeShort { claimed },
            End::Whole => return true,
        };
        self.scan.problem(kind, Some(&central.name));
        false
    }
}

fn is_symlink(attributes: u32) -> bool {
    (attributes >> 16) & 0o170_000 == 0o120_000
}

fn entry_of(central: &Central, sha256: Option<Sha256>, target: Option<String>) -> Entry {
    let kind = match target {
        Some(target) => EntryKind::Symlink(target),
        None if central.name.ends_with('/') => EntryKind::Directory,
        None => EntryKind::File,
    };
    Entry {
        path: EntryPath::new(&central.name),
        size: central.size,
        sha256,
        mode: (central.attributes >> 16) & 0o7777,
        has_mode: central.attributes >> 16 != 0,
        kind,
    }
}
