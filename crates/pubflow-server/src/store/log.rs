//! The append-only log: one synced line an event.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::stored::{BadLine, Record, Unreadable};
use crate::{LogDamage, ServerError};

/// The writer of one realm's log.
pub(crate) struct Log {
    file: File,
    /// The bytes that hold whole, synced records.
    length: u64,
    next: u64,
    /// Set when a failed write could not be undone: nothing may follow it.
    broken: bool,
}

impl Log {
    /// Reads every record in order, cuts off a torn last line, and stands ready to append.
    pub(super) fn open(
        path: &Path,
        replay: impl FnMut(Record) -> Result<(), Unreadable>,
    ) -> Result<Self, ServerError> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(ServerError::data(path))?;
        let (length, next) = Replay {
            path: path.to_owned(),
            read: 0,
            next: 1,
        }
        .run(&file, replay)?;
        let mut log = Self {
            file,
            length,
            next,
            broken: false,
        };
        log.cut_back().map_err(ServerError::data(path))?;
        Ok(log)
    }

    /// The number that the next record gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.next
    }

    /// Appends records and returns when they are on the disk.
    ///
    /// # Errors
    /// When the disk refuses. None of the records is then in the log, now or after a restart; if even that cannot be
    /// arranged, every later call fails too.
    pub(crate) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other(
                "an earlier write failed and could not be undone",
            ));
        }
        let lines: Vec<u8> = records.iter().flat_map(Record::to_line).collect();
        match self
            .file
            .write_all(&lines)
            .and_then(|()| self.file.sync_data())
        {
            Ok(()) => {
                self.length += lines.len() as u64;
                self.next += records.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.broken = self.cut_back().is_err();
                Err(error)
            }
        }
    }

    fn cut_back(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.sync_all()
    }
}

/// The reading of a log at start.
struct Replay {
    path: PathBuf,
    read: u64,
    next: u64,
}

impl Replay {
    /// The length of the whole records and the number that follows them.
    fn run(
        mut self,
        file: &File,
        mut replay: impl FnMut(Record) -> Result<(), Unreadable>,
    ) -> Result<(u64, u64), ServerError> {
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let n_bytes = reader
                .read_until(b'\n', &mut line)
                .map_err(ServerError::data(&self.path))?;
            if line.last() != Some(&b'\n') {
                return Ok((self.read, self.next));
            }
            let record = match Record::parse(&line) {
                Ok(record) => record,
                // A line feed can reach the disk before the bytes in front of it do.
                Err(BadLine::Torn) if at_end(&mut reader, &self.path)? => {
                    return Ok((self.read, self.next));
                }
                Err(_) => return Err(self.damaged(LogDamage::Unreadable)),
            };
            if record.n != self.next {
                return Err(self.damaged(LogDamage::OutOfOrder {
                    expected: self.next,
                    found: record.n,
                }));
            }
            replay(record).map_err(|Unreadable| self.damaged(LogDamage::Unreadable))?;
            self.read += n_bytes as u64;
            self.next += 1;
        }
    }

    fn damaged(&self, why: LogDamage) -> ServerError {
        ServerError::DamagedLog {
            path: self.path.clone(),
            line: self.next,
            why,
        }
    }
}

fn at_end(reader: &mut BufReader<&File>, path: &Path) -> Result<bool, ServerError> {
    Ok(reader
        .fill_buf()
        .map_err(ServerError::data(path))?
        .is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::stored::{Event, Flag};
    use super::*;

    fn record(n: u64) -> Record {
        Record::new(
            n,
            "2026-01-01T00:00:00.000000Z".into(),
            Event::Flag {
                flag: Flag::ReadOnly,
                on: n.is_multiple_of(2),
            },
        )
    }

    fn reopen(path: &Path) -> Result<(Log, Vec<Record>), ServerError> {
        let mut records = Vec::new();
        let log = Log::open(path, |record| {
            records.push(record);
            Ok(())
        })?;
        Ok((log, records))
    }

    fn log_of_three() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log.jsonl");
        let (mut log, records) = reopen(&path).unwrap();
        assert!(records.is_empty());
        for n in 1..=3 {
            log.append(&[record(n)]).unwrap();
        }
        let bytes = std::fs::read(&path).unwrap();
        (directory, path, bytes)
    }

    #[test]
    fn a_tail_torn_at_any_byte_is_cut_off_and_written_over() {
        let (_directory, path, bytes) = log_of_three();
        let last = record(1).to_line().len() + record(2).to_line().len();
        for cut in last..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let (mut log, records) = reopen(&path).unwrap();
            assert_eq!(records, [record(1), record(2)], "cut at {cut}");
            log.append(&[record(3)]).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), bytes, "cut at {cut}");
        }
    }

    #[test]
    fn a_last_line_of_nothing_but_a_line_feed_is_torn() {
        let (_directory, path, mut bytes) = log_of_three();
        let last = bytes.len() - record(3).to_line().len();
        let end = bytes.len() - 1;
        bytes[last..end].fill(0);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(reopen(&path).unwrap().1.len(), 2);
    }

    #[test]
    fn damage_before_the_last_line_stops_the_start() {
        let (_directory, path, bytes) = log_of_three();
        let mut torn = bytes.clone();
        torn[3] = 0;
        let mut hole = record(1).to_line();
        hole.extend(record(3).to_line());
        let mut newer = bytes.clone();
        newer.extend(b"{\"v\":3,\"n\":4,\"at\":\"\",\"event\":{\"kind\":\"merge\"}}\n");
        for (bytes, expected, why) in [
            (torn, 1, LogDamage::Unreadable),
            (
                hole,
                2,
                LogDamage::OutOfOrder {
                    expected: 2,
                    found: 3,
                },
            ),
            (newer, 4, LogDamage::Unreadable),
        ] {
            std::fs::write(&path, &bytes).unwrap();
            match reopen(&path).err() {
                Some(ServerError::DamagedLog {
                    line, why: found, ..
                }) => assert_eq!((line, found), (expected, why)),
                other => panic!("{other:?}"),
            }
            assert_eq!(
                std::fs::read(&path).unwrap(),
                bytes,
                "a damaged log is left as it is"
            );
        }
    }
}
