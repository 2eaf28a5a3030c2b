//! How RECORD fits the files of a wheel.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::entry::EntryKind;
use crate::wheel::{RecordRow, Wheel};

/// How RECORD fits the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordState {
    /// Whether there is one that can be read.
    pub is_readable: bool,
    /// Rows in it.
    pub rows: usize,
    /// Rows whose SHA-256 and size are those of the file.
    pub right: usize,
    /// Rows whose SHA-256 or size is another.
    pub wrong: usize,
    /// Rows without a SHA-256 of a file that should have one.
    pub without_digest: usize,
    /// Rows of files that are not in the wheel.
    pub absent: usize,
    /// Files of the wheel that have no row.
    pub unlisted: usize,
}

impl RecordState {
    pub(super) fn of(wheel: &Wheel) -> Self {
        let mut state = Self::default();
        let Some(record) = wheel.record() else {
            return state;
        };
        state.is_readable = true;
        state.rows = record.rows().len();
        let own = ["RECORD", "RECORD.jws", "RECORD.p7s"].map(|file| wheel.member(file));
        let mut listed = HashSet::new();
        for row in record.rows() {
            let path = row.slashed_path();
            match wheel.archive().file(&path) {
                None => state.absent += 1,
                Some(_) if own.contains(&path) => state.right += 1,
                Some(entry) => match is_right(row, entry.size, entry.sha256) {
                    Some(true) => state.right += 1,
                    Some(false) => state.wrong += 1,
                    None => state.without_digest += 1,
                },
            }
            listed.insert(path);
        }
        state.unlisted = wheel
            .entries()
            .iter()
            .filter(|entry| entry.kind != EntryKind::Directory)
            .filter(|entry| {
                let path = entry.path.as_str();
                !listed.contains(path) && !own[1..].iter().any(|signature| signature == path)
            })
            .count();
        state
    }

    /// Whether every file is listed as it is, and nothing else.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_readable
            && self.wrong + self.without_digest + self.absent + self.unlisted == 0
            && self.rows > 0
    }
}

/// Whether a row says what the file is; nothing is known without a SHA-256 in the row.
fn is_right(row: &RecordRow, size: u64, sha256: Option<pubflow_spec::Sha256>) -> Option<bool> {
    let Some(("sha256", told)) = row.digest_parts() else {
        return None;
    };
    let is = sha256.map(|sha256| URL_SAFE_NO_PAD.encode(sha256.as_bytes()));
    let fits_size = row.size.is_empty() || row.size.parse() == Ok(size);
    Some(fits_size && is.as_deref() == Some(told.trim_end_matches('=')))
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::WheelBuilder;

    use super::*;
    use crate::{Distribution, Limits};

    fn state(builder: &WheelBuilder) -> RecordState {
        let dir = tempfile::tempdir().unwrap();
        let path = builder.build_in(dir.path());
        let Distribution::Wheel(wheel) = Distribution::open(&path, &Limits::default()).unwrap()
        else {
            panic!("the name tells a wheel");
        };
        RecordState::of(&wheel)
    }

    #[test]
    fn a_good_record_is_whole_and_each_defect_is_counted() {
        let wheel = || WheelBuilder::new("demo", "1.0").file("demo/__init__.py", "x = 1\n");
        let good = state(&wheel());
        assert!(good.is_whole());
        assert_eq!((good.rows, good.right), (4, 4));
        let wrong = state(&wheel().record_edit("__init__.py,sha256=", "__init__.py,sha256=A"));
        assert_eq!((wrong.wrong, wrong.right), (1, 3));
        let absent = state(&wheel().record_edit("demo/__init__.py", "demo/other.py"));
        assert_eq!((absent.absent, absent.unlisted), (1, 1));
        assert!(!absent.is_whole());
        let none = state(&wheel().without("demo-1.0.dist-info/RECORD"));
        assert_eq!(none, RecordState::default());
    }
}
