//! The journal of a release: what was meant, what was done, and what shows it.
//!
//! It is a set of segments, one for each writer, in which lines are only ever appended; every line
//! carries the digest of the line before it. Nothing is sent to a remote before the intent is on
//! disk, and nothing counts as done before it was seen and that is on disk. The format and its
//! recovery rules are in docs/journal.md.

mod entry;
mod facts;
pub(crate) mod segment;
mod stored;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::durable;
use crate::error::StateError;
use crate::failpoint::{FailPoint, FailPointAt};
use crate::plan::ReleaseKey;
use crate::record::ReleaseRecord;

pub use entry::{Entry, How, Note, Record, Subject, Writer, WriterError};
pub use facts::Facts;
use segment::Tail;

/// The journal of a release, open for appending by one writer.
pub struct Journal {
    release: ReleaseKey,
    writer: Writer,
    path: PathBuf,
    clock: Arc<dyn Clock>,
    facts: Facts,
    tail: Tail,
    file: Option<File>,
    closed: bool,
    fail_point: Option<FailPoint>,
    n_appended: usize,
}

impl Journal {
    /// Reads every segment, verifies its chain, and drops the torn tail of this writer's own.
    ///
    /// Take the record's [`crate::Lock`] first: two processes must not write the same segment.
    ///
    /// # Errors
    /// [`StateError::Damaged`] for anything but a torn tail, [`StateError::Newer`] when a newer
    /// pubflow wrote to it, [`StateError::Read`], [`StateError::Write`].
    pub fn open(
        record: &ReleaseRecord,
        writer: Writer,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StateError> {
        let segments = segment::read_all(record)?;
        for segment in &segments {
            segment.require_known_format()?;
        }
        let path = record.journal_dir().join(writer.file_name());
        let own = segments.iter().find(|segment| segment.writer == writer);
        let tail = own.map_or_else(
            || Tail::start(&record.key().manifest, &writer),
            |own| own.tail,
        );
        let facts = segments
            .into_iter()
            .flat_map(|segment| segment.records)
            .collect();
        let mut journal = Self {
            release: record.key(),
            writer,
            path,
            clock,
            facts,
            tail,
            file: None,
            closed: false,
            fail_point: None,
            n_appended: 0,
        };
        if journal.path.is_file() {
            journal.open_segment()?;
        }
        Ok(journal)
    }

    /// Lets the process die at a given line; see [`FailPoint`].
    #[must_use]
    pub fn with_fail_point(mut self, fail_point: Option<FailPoint>) -> Self {
        self.fail_point = fail_point;
        self
    }

    /// What all segments together say.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The release that it belongs to.
    #[must_use]
    pub fn release(&self) -> &ReleaseKey {
        &self.release
    }

    /// Writes one entry; it is on disk when this returns.
    ///
    /// # Errors
    /// [`StateError::Write`]; after that nothing more is written ([`StateError::Closed`]), because
    /// what is on disk is not known any more.
    pub fn append(&mut self, entry: Entry) -> Result<(), StateError> {
        self.append_all([entry])
    }

    /// Writes several entries in order; all are on disk when this returns, for the cost of one.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_all(
        &mut self,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<(), StateError> {
        if self.closed {
            return Err(StateError::Closed {
                path: self.path.clone(),
            });
        }
        let records = self.write_records(entries);
        self.closed = records.is_err();
        for record in records? {
            self.facts.insert(record);
        }
        Ok(())
    }

    fn write_records(
        &mut self,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<Vec<Record>, StateError> {
        let mut records = Vec::new();
        let mut waiting = Vec::new();
        for entry in entries {
            let record = Record {
                writer: self.writer.clone(),
                seq: self.tail.next_seq(),
                at: self.clock.now(),
                entry,
            };
            let line = stored::write_line(&record, &self.tail.digest);
            self.n_appended += 1;
            if let Some(fail_point) = self.fail_point.clone() {
                // A line with a point of death before or after it is written alone.
                self.write_durably(&mut waiting)?;
                fail_point.reach(FailPointAt::Before(self.n_appended));
                waiting.extend_from_slice(line.bytes.as_bytes());
                self.write_durably(&mut waiting)?;
                fail_point.reach(FailPointAt::After(self.n_appended));
            } else {
                waiting.extend_from_slice(line.bytes.as_bytes());
            }
            self.tail = self.tail.after(line.digest, line.bytes.len());
            records.push(record);
        }
        self.write_durably(&mut waiting)?;
        Ok(records)
    }

    /// One write and one sync; `waiting` is empty afterwards.
    fn write_durably(&mut self, waiting: &mut Vec<u8>) -> Result<(), StateError> {
        if waiting.is_empty() {
            return Ok(());
        }
        if self.file.is_none() {
            self.open_segment()?;
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.write_all(waiting)
            .and_then(|()| file.sync_data())
            .map_err(|error| StateError::write(&self.path, error))?;
        waiting.clear();
        Ok(())
    }

    /// Opens the own segment for appending, without the torn tail that a crash left.
    fn open_segment(&mut self) -> Result<(), StateError> {
        if let Some(dir) = self.path.parent() {
            durable::create_private_dir(dir)?;
        }
        let wrong = |error: io::Error| StateError::write(&self.path, error);
        let is_new = !self.path.is_file();
        let file = open_for_appending(&self.path).map_err(wrong)?;
        if file.metadata().map_err(wrong)?.len() > self.tail.intact_bytes {
            file.set_len(self.tail.intact_bytes).map_err(wrong)?;
            file.sync_all().map_err(wrong)?;
        }
        if let Some(dir) = self.path.parent().filter(|_| is_new) {
            durable::sync_dir(dir)?;
        }
        self.file = Some(file);
        Ok(())
    }
}

#[cfg(unix)]
fn open_for_appending(path: &std::path::Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn open_for_appending(path: &std::path::Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Journal({})", self.path.display())
    }
}

/// Facts of records, in whatever order they come.
impl FromIterator<Record> for Facts {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        // Within a writer the order matters, between writers it does not.
        let mut by_writer: BTreeMap<Writer, Vec<Record>> = BTreeMap::new();
        for record in records {
            by_writer
                .entry(record.writer.clone())
                .or_default()
                .push(record);
        }
        let mut facts = Self::default();
        for mut records in by_writer.into_values() {
            records.sort_by_key(|record| record.seq);
            for record in records {
                facts.insert(record);
            }
        }
        facts
    }
}

#[cfg(test)]
mod tests;
