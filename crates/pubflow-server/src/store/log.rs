//! The append-only log: one synced line an event, read in order at start and line by line afterwards.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::stored::{BadLine, Record, Unreadable};
use crate::{LogDamage, ServerError};

/// Where the line of an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The bytes before it in the log.
    pub(crate) at: u64,
    /// Its length, with its line feed.
    pub(crate) n_bytes: u64,
}

/// Reads back lines that were written or replayed.
#[derive(Debug)]
pub(crate) struct LogReader(Mutex<File>);

impl LogReader {
    /// Reads the lines that stand after so many bytes each, in the order given.
    ///
    /// # Errors
    /// When the disk refuses, or a line is no longer what was written.
    pub(crate) fn read(
        &self,
        lines: &[u64],
        mut see: impl FnMut(Record) -> Result<(), Unreadable>,
    ) -> io::Result<()> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = BufReader::new(&*file);
        let mut position = reader.stream_position()?;
        let mut line = Vec::new();
        for at in lines {
            // Lines that follow each other closely are in the buffer already.
            let ahead = i64::try_from(*at).ok().zip(i64::try_from(position).ok());
            let (at, position_now) = ahead.ok_or(Unreadable)?;
            reader.seek_relative(at - position_now)?;
            line.clear();
            let n_bytes = reader.read_until(b'\n', &mut line)?;
            position = at.unsigned_abs() + n_bytes as u64;
            see(Record::parse(&line).map_err(|_| Unreadable)?)?;
        }
        Ok(())
    }
}

impl From<Unreadable> for io::Error {
    fn from(_: Unreadable) -> Self {
        Self::new(
            io::ErrorKind::InvalidData,
            "a line of the log is no longer what was written",
        )
    }
}

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
    /// A reader of the log at this path, which is made if need be.
    pub(super) fn reader(path: &Path) -> Result<LogReader, ServerError> {
        let file = File::options()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(ServerError::data(path))?;
        Ok(LogReader(Mutex::new(file)))
    }

    /// Reads every record in order, cuts off a torn last line, and stands ready to append.
    pub(super) fn open(
        path: &Path,
        replay: impl FnMut(Place, Record) -> Result<(), Unreadable>,
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

    /// Appends records and tells, when they are on the disk, where their lines stand.
    ///
    /// # Errors
    /// When the disk refuses. None of the records is then in the log, now or after a restart; if even that cannot be
    /// arranged, every later call fails too.
    pub(crate) fn append(&mut self, records: &[Record]) -> io::Result<Vec<Place>> {
        if self.broken {
            return Err(io::Error::other(
                "an earlier write failed and could not be undone",
            ));
        }
        let mut lines = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        for record in records {
            let line = record.to_line();
            places.push(Place {
                at: self.length + lines.len() as u64,
                n_bytes: line.len() as u64,
            });
            lines.extend(line);
        }
        match self
            .file
            .write_all(&lines)
            .and_then(|()| self.file.sync_data())
        {
            Ok(()) => {
                self.length += lines.len() as u64;
                self.next += records.len() as u64;
                Ok(places)
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
        mut replay: impl FnMut(Place, Record) -> Result<(), Unreadable>,
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
            let place = Place {
                at: self.read,
                n_bytes: n_bytes as u64,
            };
            replay(place, record).map_err(|Unreadable| self.damaged(LogDamage::Unreadable))?;
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
        let log = Log::open(path, |_, record| {
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
    fn lines_are_read_back_in_any_order_while_others_are_written() {
        let (_directory, path, _) = log_of_three();
        let mut places = Vec::new();
        let mut log = Log::open(&path, |place, _| {
            places.push(place);
            Ok(())
        })
        .unwrap();
        let reader = Log::reader(&path).unwrap();
        places.extend(log.append(&[record(4), record(5)]).unwrap());
        let end = places.last().unwrap();
        assert_eq!(
            end.at + end.n_bytes,
            std::fs::metadata(&path).unwrap().len()
        );
        let mut seen = Vec::new();
        for wanted in [[4, 0, 2, 1], [3, 3, 1, 4]] {
            let lines = wanted.map(|n| places[n].at);
            reader
                .read(&lines, |record| {
                    seen.push(usize::try_from(record.n).unwrap() - 1);
                    Ok(())
                })
                .unwrap();
        }
        assert_eq!(seen, [4, 0, 2, 1, 3, 3, 1, 4]);
        let torn = reader.read(&[places[1].at + 1], |_| Ok(()));
        assert_eq!(torn.unwrap_err().kind(), io::ErrorKind::InvalidData);
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
