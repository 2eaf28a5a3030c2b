//! A release in one file: how its record goes from one machine, or one CI job, to the next.
//!
//! The file is a tar archive of the sealed manifest, the journal's segments and the sealed files by
//! digest; the layout is in docs/journal.md. Reading one trusts nothing: names are matched, never
//! used as paths, every byte is compared with a digest, and what is already known here is kept.

mod error;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use pubflow_spec::Sha256;

use crate::clock::Clock;
use crate::durable;
use crate::error::StateError;
use crate::journal::Writer;
use crate::journal::segment::{self, RawSegment, SEGMENT_LIMIT};
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::record::ReleaseRecord;
use crate::store::{MANIFEST_LIMIT, StateDir};

pub use error::{Flaw, TransferError};

const MANIFEST: &str = "manifest.json";

/// A release has as many segments as it had jobs; this is room for every job of a large matrix.
const SEGMENTS_LIMIT: usize = 1_000;

/// What went into a file, or came out of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transferred {
    /// The record here.
    pub record: ReleaseRecord,
    /// Journal segments that were written: all of an export, the new or longer ones of an import.
    pub n_segments: usize,
    /// Sealed files whose bytes were written.
    pub n_files: usize,
}

impl StateDir {
    /// Writes a release into the file `to`, which is replaced when it is whole.
    ///
    /// Sealed files whose bytes are not kept here are left out.
    ///
    /// # Errors
    /// [`TransferError::State`]: damage, or a file that cannot be read or written.
    pub fn export(&self, record: &ReleaseRecord, to: &Path) -> Result<Transferred, TransferError> {
        let wrong = |error| StateError::write(to, error);
        let folder = to
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut archive = tar::Builder::new(durable::temporary_in(folder)?);
        let manifest = record.manifest().canonical().as_bytes();
        append(&mut archive, MANIFEST, manifest.len() as u64, manifest).map_err(wrong)?;
        let mut transferred = Transferred {
            record: record.clone(),
            n_segments: 0,
            n_files: 0,
        };
        for segment in segment::read_raw(record)? {
            if let Some(damage) = segment.damage {
                return Err(damage.into());
            }
            let name = format!("journal/{}", segment.writer.file_name());
            let bytes = segment.intact.as_slice();
            append(&mut archive, &name, bytes.len() as u64, bytes).map_err(wrong)?;
            transferred.n_segments += 1;
        }
        for file in record.manifest().files() {
            let Some(object) = self.verify_object(&file.sha256)? else {
                continue;
            };
            let name = format!("objects/{}", file.sha256);
            let bytes = File::open(&object).map_err(|error| StateError::read(&object, error))?;
            append(&mut archive, &name, file.size, bytes).map_err(wrong)?;
            transferred.n_files += 1;
        }
        let file = archive.into_inner().map_err(wrong)?;
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(to).map_err(|error| wrong(error.error))?;
        durable::sync_dir(folder)?;
        Ok(transferred)
    }

    /// Takes over a release from a file that [`Self::export`] wrote.
    ///
    /// A segment that is longer there replaces the shorter one here; one that is shorter there is
    /// passed over. Bringing in the same file twice changes nothing.
    ///
    /// # Errors
    /// [`TransferError::Flawed`] when the file is no such archive; what was sound in it may have
    /// been taken over by then. [`TransferError::Diverged`] when two machines wrote under one
    /// writer's name. [`TransferError::Lock`], [`TransferError::State`].
    pub fn import(&self, from: &Path, clock: &dyn Clock) -> Result<Transferred, TransferError> {
        let flawed = |flaw| TransferError::Flawed {
            path: from.to_owned(),
            flaw,
        };
        let file = File::open(from).map_err(|error| StateError::read(from, error))?;
        let mut archive = tar::Archive::new(file);
        let unreadable = |error: io::Error| flawed(Flaw::Archive { source: error });
        let mut members = archive.entries().map_err(unreadable)?;
        let first = members.next().ok_or_else(|| flawed(Flaw::NoManifest))?;
        let manifest = read_manifest(&mut first.map_err(unreadable)?).map_err(flawed)?;
        let record = self.seal(&manifest)?;
        let _lock = Lock::acquire(&record.lock_path(), clock)?;
        let mut transferred = Transferred {
            record,
            n_segments: 0,
            n_files: 0,
        };
        let mut segments = BTreeMap::new();
        for member in members {
            let mut member = member.map_err(unreadable)?;
            match member_of(&member, &manifest).map_err(flawed)? {
                Member::Segment(writer) => {
                    if segments.len() == SEGMENTS_LIMIT {
                        return Err(flawed(Flaw::TooManySegments));
                    }
                    let raw = read_segment(&mut member, &transferred.record, writer, from);
                    let raw = raw.map_err(flawed)?;
                    segments.insert(raw.writer.clone(), raw);
                }
                Member::Object(sha256) => {
                    if self.verify_object(&sha256).ok().flatten().is_some() {
                        continue;
                    }
                    let found = self.put_object_from(&mut member, from)?;
                    if found != sha256 {
                        return Err(flawed(Flaw::Object { sha256, found }));
                    }
                    transferred.n_files += 1;
                }
            }
        }
        // Last, so that a journal never speaks of bytes that did not arrive.
        for segment in segments.into_values() {
            transferred.n_segments += usize::from(merge(&transferred.record, &segment)?);
        }
        Ok(transferred)
    }
}

fn append(
    archive: &mut tar::Builder<impl io::Write>,
    name: &str,
    n_bytes: u64,
    bytes: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(n_bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    archive.append_data(&mut header, name, bytes)
}

/// What a member is, by its name.
enum Member {
    Segment(Writer),
    Object(Sha256),
}

fn member_of<R: Read>(member: &tar::Entry<'_, R>, manifest: &Manifest) -> Result<Member, Flaw> {
    let bytes = member.path_bytes();
    let name = String::from_utf8_lossy(&bytes);
    let unknown = || Flaw::Member {
        name: name.escape_debug().to_string(),
    };
    if member.header().entry_type() != tar::EntryType::Regular {
        return Err(unknown());
    }
    if let Some(stem) = name
        .strip_prefix("journal/")
        .and_then(|name| name.strip_suffix(".jsonl"))
    {
        let writer = Writer::parse(stem).map_err(|_| unknown())?;
        return Ok(Member::Segment(writer));
    }
    let sha256 = name
        .strip_prefix("objects/")
        .and_then(|digest| Sha256::parse(digest).ok())
        .ok_or_else(unknown)?;
    let is_sealed = manifest
        .files()
        .iter()
        .any(|file| file.sha256 == sha256 && file.size == member.size());
    is_sealed
        .then_some(Member::Object(sha256))
        .ok_or_else(unknown)
}

fn read_manifest<R: Read>(member: &mut tar::Entry<'_, R>) -> Result<Manifest, Flaw> {
    let is_manifest = member.path_bytes().as_ref() == MANIFEST.as_bytes()
        && member.header().entry_type() == tar::EntryType::Regular;
    if !is_manifest {
        return Err(Flaw::NoManifest);
    }
    let bytes = read_member(member, MANIFEST_LIMIT)?;
    let text = String::from_utf8(bytes).map_err(|_| Flaw::NoManifest)?;
    Manifest::parse(&text).map_err(|source| Flaw::Manifest { source })
}

fn read_segment<R: Read>(
    member: &mut tar::Entry<'_, R>,
    record: &ReleaseRecord,
    writer: Writer,
    from: &Path,
) -> Result<RawSegment, Flaw> {
    let bytes = read_member(member, SEGMENT_LIMIT)?;
    let raw = segment::raw(bytes, &record.key().manifest, writer, from);
    match raw.damage {
        None => Ok(raw),
        Some(damage) => Err(Flaw::Segment {
            writer: raw.writer,
            damage: Box::new(damage),
        }),
    }
}

fn read_member<R: Read>(member: &mut tar::Entry<'_, R>, limit: u64) -> Result<Vec<u8>, Flaw> {
    if member.size() > limit {
        return Err(Flaw::TooLarge {
            n_bytes: member.size(),
            limit,
        });
    }
    let mut bytes = Vec::new();
    member
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|source| Flaw::Archive { source })?;
    Ok(bytes)
}

/// Brings one segment into the record; whether anything was written.
fn merge(record: &ReleaseRecord, incoming: &RawSegment) -> Result<bool, TransferError> {
    let path = record.journal_dir().join(incoming.writer.file_name());
    let known = segment::read_raw(record)?
        .into_iter()
        .find(|known| known.writer == incoming.writer);
    if let Some(known) = known {
        if let Some(damage) = known.damage {
            return Err(damage.into());
        }
        if known.intact.starts_with(&incoming.intact) {
            return Ok(false);
        }
        if !incoming.intact.starts_with(&known.intact) {
            return Err(TransferError::Diverged {
                writer: incoming.writer.clone(),
                segment: path,
            });
        }
    }
    durable::create_private_dir(&record.journal_dir())?;
    durable::write_appendable(&path, &incoming.intact)?;
    Ok(true)
}

#[cfg(test)]
mod tests;
