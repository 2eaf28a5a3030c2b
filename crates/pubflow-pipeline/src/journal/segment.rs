//! One segment: a file of lines, each chained to the one before it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_spec::Sha256;

use super::entry::{Record, Writer};
use super::stored::{self, Line};
use crate::error::{Damage, StateError};
use crate::record::ReleaseRecord;
use crate::store::read_limited;

/// A release has some hundred lines; this is room for some hundred thousand.
pub(crate) const SEGMENT_LIMIT: u64 = 64 << 20;

/// Where the next line of a segment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail {
    /// Digest of the last line, or what the first line is chained to.
    pub(super) digest: Sha256,
    /// Bytes up to the end of the last whole line.
    pub(super) intact_bytes: u64,
    n_lines: u64,
}

impl Tail {
    /// The first line is chained to the release and the writer, so that a segment cannot be moved
    /// to another release or be given another name unnoticed.
    pub(super) fn start(manifest: &Sha256, writer: &Writer) -> Self {
        let text = format!("pubflow journal 1\n{manifest}\n{writer}\n");
        Self {
            digest: Sha256::of(text.as_bytes()),
            intact_bytes: 0,
            n_lines: 0,
        }
    }

    pub(super) fn next_seq(&self) -> u64 {
        self.n_lines + 1
    }

    /// After one more line.
    pub(super) fn after(self, digest: Sha256, n_bytes: usize) -> Self {
        Self {
            digest,
            intact_bytes: self.intact_bytes + n_bytes as u64,
            n_lines: self.n_lines + 1,
        }
    }
}

/// What a segment holds.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) writer: Writer,
    pub(super) records: Vec<Record>,
    pub(super) tail: Tail,
    path: PathBuf,
    newest_format: u64,
}

impl Segment {
    pub(super) fn require_known_format(&self) -> Result<(), StateError> {
        if self.newest_format > stored::FORMAT {
            let (path, found) = (self.path.clone(), self.newest_format);
            return Err(StateError::Newer {
                path,
                found,
                known: stored::FORMAT,
            });
        }
        Ok(())
    }
}

/// Reads and verifies every segment of a record.
pub(super) fn read_all(record: &ReleaseRecord) -> Result<Vec<Segment>, StateError> {
    let manifest = record.key().manifest;
    segment_files(&record.journal_dir())?
        .into_iter()
        .map(|(writer, path)| read(&read_bytes(&path)?, &manifest, writer, &path))
        .collect()
}

/// The bytes of a segment, unless they are more than pubflow ever writes.
fn read_bytes(path: &Path) -> Result<Vec<u8>, StateError> {
    let damaged = |why| StateError::Damaged {
        segment: path.to_owned(),
        line: 1,
        why,
    };
    read_limited(path, SEGMENT_LIMIT, damaged)
}

/// A segment as it lies on disk, up to where it can be believed.
#[derive(Debug)]
pub(crate) struct RawSegment {
    pub(crate) writer: Writer,
    pub(crate) path: PathBuf,
    /// The bytes of the whole lines before the damage or the torn tail.
    pub(crate) intact: Vec<u8>,
    pub(crate) n_lines: usize,
    pub(crate) damage: Option<StateError>,
}

/// Every segment of a record, damaged ones too.
///
/// # Errors
/// [`StateError::Read`].
pub(crate) fn read_raw(record: &ReleaseRecord) -> Result<Vec<RawSegment>, StateError> {
    segment_files(&record.journal_dir())?
        .into_iter()
        .map(|(writer, path)| match read_bytes(&path) {
            Ok(bytes) => Ok(raw(bytes, &record.key().manifest, writer, &path)),
            Err(error) if error.is_damage() => Ok(RawSegment {
                writer,
                path,
                intact: Vec::new(),
                n_lines: 0,
                damage: Some(error),
            }),
            Err(error) => Err(error),
        })
        .collect()
}

/// What can be believed of the bytes of a segment.
pub(crate) fn raw(
    mut bytes: Vec<u8>,
    manifest: &Sha256,
    writer: Writer,
    path: &Path,
) -> RawSegment {
    let (segment, damage) = read_prefix(&bytes, manifest, writer, path);
    bytes.truncate(usize::try_from(segment.tail.intact_bytes).unwrap_or(bytes.len()));
    RawSegment {
        writer: segment.writer,
        path: path.to_owned(),
        intact: bytes,
        n_lines: segment.records.len(),
        damage,
    }
}

/// Segments by writer; other files in the directory are passed over.
fn segment_files(dir: &Path) -> Result<BTreeMap<Writer, PathBuf>, StateError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(StateError::read(dir, error)),
    };
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|error| StateError::read(dir, error))?.path();
        let name = path.file_name().and_then(OsStr::to_str);
        let stem = name.and_then(|name| name.strip_suffix(".jsonl"));
        if let Some(writer) = stem.and_then(|stem| Writer::parse(stem).ok()) {
            files.insert(writer, path);
        }
    }
    Ok(files)
}

/// Reads the lines of a segment up to a torn tail.
pub(super) fn read(
    bytes: &[u8],
    manifest: &Sha256,
    writer: Writer,
    path: &Path,
) -> Result<Segment, StateError> {
    match read_prefix(bytes, manifest, writer, path) {
        (segment, None) => Ok(segment),
        (_, Some(damage)) => Err(damage),
    }
}

/// Reads the lines of a segment up to a torn tail or to what no crash can leave behind.
fn read_prefix(
    bytes: &[u8],
    manifest: &Sha256,
    writer: Writer,
    path: &Path,
) -> (Segment, Option<StateError>) {
    let mut tail = Tail::start(manifest, &writer);
    let mut records = Vec::new();
    let mut newest_format = stored::FORMAT;
    let mut damage = None;
    for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
        let expected = Expected {
            tail,
            writer: &writer,
        };
        let read = match piece.strip_suffix(b"\n") {
            Some(text) => read_line(text, &expected).map(Some),
            None => require_torn(piece).map(|()| None),
        };
        let line = usize::try_from(tail.next_seq()).unwrap_or(usize::MAX);
        match read {
            Ok(Some(read)) => {
                tail = tail.after(read.digest, piece.len());
                newest_format = newest_format.max(read.format);
                records.push(read.record);
            }
            Ok(None) => {}
            Err(why) => {
                let segment = path.to_owned();
                damage = Some(StateError::Damaged { segment, line, why });
                break;
            }
        }
    }
    let segment = Segment {
        writer,
        records,
        tail,
        path: path.to_owned(),
        newest_format,
    };
    (segment, damage)
}

struct Expected<'a> {
    tail: Tail,
    writer: &'a Writer,
}

fn read_line(text: &[u8], expected: &Expected<'_>) -> Result<Line, Damage> {
    let line = stored::read_line(text)?;
    let follows = line.prev == expected.tail.digest
        && line.record.seq == expected.tail.next_seq()
        && line.record.writer == *expected.writer;
    if !follows {
        return Err(Damage::Chain);
    }
    Ok(line)
}

/// A write that was cut short leaves the beginning of a line; a whole line that ends in another
/// byte than a line feed was changed afterwards.
fn require_torn(piece: &[u8]) -> Result<(), Damage> {
    match piece.split_last() {
        Some((_, text)) if stored::read_line(text).is_ok() => Err(Damage::Ending),
        _ => Ok(()),
    }
}
