//! The end records and the central directory, found the way `zipfile` finds them.

use std::io;

use super::extra::Extra;
use super::{u16_at, u32_at, u64_at};
use crate::limits::Limits;
use crate::problem::{Problem, ProblemKind, ZipRecord};
use crate::read_at::ReadAt;
use crate::window::Window;

const END_LEN: u64 = 22;
const LOCATOR_LEN: u64 = 20;
const END64_LEN: u64 = 56;
const CENTRAL_LEN: usize = 46;

/// One entry of the central directory.
#[derive(Debug, Clone)]
pub(super) struct Central {
    pub(super) raw_name: Vec<u8>,
    pub(super) name: String,
    /// Version of the writer, and the system it ran on in the upper byte.
    pub(super) made_by: u16,
    /// Version that a reader must know.
    pub(super) needs: u16,
    /// Time and date of the last change, as DOS writes them.
    pub(super) time: u32,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Offset of the local header from the beginning of the file.
    pub(super) offset: u64,
    pub(super) internal: u16,
    pub(super) attributes: u32,
}

/// The central directory and where it lies.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) entries: Vec<Central>,
    /// Offset of its first byte.
    pub(super) start: u64,
    pub(super) problems: Vec<Problem>,
}

/// The end record, with ZIP64's numbers where it refers to them.
struct End {
    at: u64,
    /// Offset where the directory must end: the first of the end records.
    directory_end: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

/// Reads the central directory; `None` when there is no end record.
pub(super) fn read<S: ReadAt>(
    file: &mut Window<'_, S>,
    limits: &Limits,
) -> io::Result<Option<Directory>> {
    let mut directory = Directory::default();
    let Some(end) = find_end(file, &mut directory.problems)? else {
        return Ok(None);
    };
    // Bytes in front of the archive shift every offset; `zipfile` allows for that.
    let Some(start) = end.directory_end.checked_sub(end.size) else {
        directory.problem(ProblemKind::CentralDirectory);
        return Ok(Some(directory));
    };
    directory.start = start;
    let Some(shift) = start.checked_sub(end.offset) else {
        directory.problem(ProblemKind::CentralDirectory);
        return Ok(Some(directory));
    };
    if shift > 0 {
        directory.problem(ProblemKind::EndRecord);
    }
    if end.size > limits.directory_bytes {
        directory.problem(ProblemKind::Limit {
            what: "bytes of central directory",
            limit: limits.directory_bytes,
        });
        return Ok(Some(directory));
    }
    let bytes = file.read_at(start, end.size)?;
    directory.parse(&bytes, shift, limits);
    if directory.entries.len() as u64 != end.entries {
        directory.problem(ProblemKind::EndRecord);
    }
    Ok(Some(directory))
}

impl Directory {
    fn problem(&mut self, kind: ProblemKind) {
        self.problems.push(Problem { kind, member: None });
    }

    fn member_problem(&mut self, kind: ProblemKind, name: &str) {
        self.problems.push(Problem {
            kind,
            member: Some(name.to_owned()),
        });
    }

    fn parse(&mut self, bytes: &[u8], shift: u64, limits: &Limits) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.entries.len() >= limits.members {
                self.problem(ProblemKind::Limit {
                    what: "members",
                    limit: limits.members as u64,
                });
                return;
            }
            let Some(tail) = self.parse_entry(rest, shift, limits) else {
                self.problem(ProblemKind::CentralDirectory);
                return;
            };
            rest = tail;
        }
    }

    /// Reads one entry and gives what follows it; `None` when it is no entry or is cut off.
    fn parse_entry<'a>(
        &mut self,
        bytes: &'a [u8],
        shift: u64,
        limits: &Limits,
    ) -> Option<&'a [u8]> {
        let header = bytes.get(..CENTRAL_LEN)?;
        if !header.starts_with(b"PK\x01\x02") {
            return None;
        }
        let name_end = CENTRAL_LEN + usize::from(u16_at(header, 28));
        let extra_end = name_end + usize::from(u16_at(header, 30));
        let comment_len = usize::from(u16_at(header, 32));
        let raw_name = bytes.get(CENTRAL_LEN..name_end)?;
        let extra = Extra::parse(bytes.get(name_end..extra_end)?);
        let tail = bytes.get(extra_end + comment_len..)?;
        let flags = u16_at(header, 8);
        let name = self.decode_name(raw_name, flags, limits);
        if comment_len > 0 {
            self.member_problem(ProblemKind::MemberComment, &name);
        }
        if extra.malformed {
            self.member_problem(ProblemKind::ExtraField(ZipRecord::Central), &name);
        }
        if let Some(path) = &extra.unicode_path
            && path != raw_name
        {
            let extra = String::from_utf8_lossy(path).into_owned();
            self.member_problem(ProblemKind::UnicodePath { extra }, &name);
        }
        if u16_at(header, 34) != 0 {
            self.member_problem(ProblemKind::MultiDisk, &name);
        }
        let mut packed = u64::from(u32_at(header, 20));
        let mut size = u64::from(u32_at(header, 24));
        let mut offset = u64::from(u32_at(header, 42));
        if !extra.widen([&mut size, &mut packed, &mut offset]) {
            self.member_problem(ProblemKind::Zip64Extra(ZipRecord::Central), &name);
        }
        self.entries.push(Central {
            raw_name: raw_name.to_vec(),
            name,
            made_by: u16_at(header, 4),
            needs: u16_at(header, 6),
            time: u32_at(header, 12),
            flags,
            method: u16_at(header, 10),
            crc: u32_at(header, 16),
            packed,
            size,
            offset: offset.saturating_add(shift),
            internal: u16_at(header, 36),
            attributes: u32_at(header, 38),
        });
        Some(tail)
    }

    fn decode_name(&mut self, raw: &[u8], flags: u16, limits: &Limits) -> String {
        let name = String::from_utf8_lossy(raw).into_owned();
        if raw.len() > limits.name_bytes {
            let mut cut = limits.name_bytes.min(name.len());
            while !name.is_char_boundary(cut) {
                cut -= 1;
            }
            self.member_problem(
                ProblemKind::Limit {
                    what: "bytes of member name",
                    limit: limits.name_bytes as u64,
                },
                &name[..cut],
            );
            return name[..cut].to_owned();
        }
        if std::str::from_utf8(raw).is_err() {
            self.member_problem(ProblemKind::NameNotUtf8, &name);
        } else if !raw.is_ascii() && flags & 0x0800 == 0 {
            self.member_problem(ProblemKind::Utf8FlagMissing, &name);
        }
        name
    }
}

/// Finds the end record: at the very end, else the last signature that a comment can follow.
fn find_end<S: ReadAt>(
    file: &mut Window<'_, S>,
    problems: &mut Vec<Problem>,
) -> io::Result<Option<End>> {
    let file_len = file.len();
    let tail_len = file_len.min(END_LEN + u64::from(u16::MAX));
    let tail_start = file_len - tail_len;
    let tail = file.read_at(tail_start, tail_len)?;
    let Some(found) = locate_end(&tail) else {
        return Ok(None);
    };
    let record = &tail[found..];
    let at = tail_start + found as u64;
    let mut problem = |kind| problems.push(Problem { kind, member: None });
    let comment_len = usize::from(u16_at(record, 20));
    let after = record.len() - END_LEN as usize;
    if comment_len > after {
        problem(ProblemKind::EndRecord);
    } else if after > comment_len {
        let bytes = (after - comment_len) as u64;
        problem(ProblemKind::TrailingZipBytes { bytes });
    }
    if comment_len > 0 {
        problem(ProblemKind::ArchiveComment { bytes: comment_len });
    }
    if u16_at(record, 4) != 0 || u16_at(record, 6) != 0 {
        problem(ProblemKind::MultiDisk);
    }
    if u16_at(record, 8) != u16_at(record, 10) {
        problem(ProblemKind::EndRecord);
    }
    let mut end = End {
        at,
        directory_end: at,
        entries: u64::from(u16_at(record, 10)),
        size: u64::from(u32_at(record, 12)),
        offset: u64::from(u32_at(record, 16)),
    };
    read_end64(file, &mut end, problems)?;
    Ok(Some(end))
}

/// Takes the numbers of the ZIP64 end record over, if there is one in front of the end record.
fn read_end64<S: ReadAt>(
    file: &mut Window<'_, S>,
    end: &mut End,
    problems: &mut Vec<Problem>,
) -> io::Result<()> {
    let mut wrong = || {
        problems.push(Problem {
            kind: ProblemKind::Zip64End,
            member: None,
        });
    };
    let Some(locator_at) = end.at.checked_sub(LOCATOR_LEN) else {
        return Ok(());
    };
    let locator = file.read_at(locator_at, LOCATOR_LEN)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return Ok(());
    }
    // `zipfile` looks right in front of the locator, whatever the locator says.
    let Some(record_at) = locator_at.checked_sub(END64_LEN) else {
        wrong();
        return Ok(());
    };
    let record = file.read_at(record_at, END64_LEN)?;
    if !record.starts_with(b"PK\x06\x06") {
        wrong();
        return Ok(());
    }
    let plain = u64_at(&record, 4) == END64_LEN - 12
        && u64_at(&locator, 8) == record_at
        && u32_at(&locator, 4) == 0
        && u32_at(&locator, 16) <= 1
        && u32_at(&record, 16) == 0
        && u32_at(&record, 20) == 0
        && u64_at(&record, 24) == u64_at(&record, 32);
    if !plain {
        wrong();
    }
    let agrees = |short: u64, ceiling: u64, long: u64| short == ceiling || short == long;
    let (entries, size, offset) = (
        u64_at(&record, 32),
        u64_at(&record, 40),
        u64_at(&record, 48),
    );
    if !(agrees(end.entries, u64::from(u16::MAX), entries)
        && agrees(end.size, u64::from(u32::MAX), size)
        && agrees(end.offset, u64::from(u32::MAX), offset))
    {
        wrong();
    }
    (end.entries, end.size, end.offset) = (entries, size, offset);
    end.directory_end = record_at;
    Ok(())
}

/// Offset of the end record in the file's tail: as `zipfile` finds it, which gives the archive up
/// when the last signature of one has no room for the rest.
fn locate_end(tail: &[u8]) -> Option<usize> {
    const SIGNATURE: &[u8] = b"PK\x05\x06";
    let len = END_LEN as usize;
    let last = tail.len().checked_sub(len)?;
    if tail[last..].starts_with(SIGNATURE) && tail[last + 20..] == [0, 0] {
        return Some(last);
    }
    let found = tail
        .windows(SIGNATURE.len())
        .rposition(|four| four == SIGNATURE)?;
    (found <= last).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_record_is_the_one_that_zipfile_takes() {
        let record = [&b"PK\x05\x06"[..], &[0; 18]].concat();
        let with_comment = [&record[..], b"PK\x05\x06 comment"].concat();
        assert_eq!(locate_end(&record), Some(0));
        assert_eq!(locate_end(&[b"xx", &record[..]].concat()), Some(2));
        assert_eq!(locate_end(&[&record[..], b"comment"].concat()), Some(0));
        assert_eq!(locate_end(&with_comment), None);
        assert_eq!(
            locate_end(&[&record[..], &record[..], b"x"].concat()),
            Some(22)
        );
        assert_eq!(locate_end(b"PK"), None);
    }
}
