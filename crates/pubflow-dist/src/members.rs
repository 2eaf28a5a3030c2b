//! Reads the content of a few members again, once it is known which ones matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader};

use crate::archive::{Archive, ArchiveForm};
use crate::distribution::{Distribution, OpenError};
use crate::limits::Limits;
use crate::read_at::OpenFile;
use crate::{tar, zip};

impl Distribution {
    /// The content of the files at `paths`, by path, read in one pass; a file that is larger than
    /// `limit` bytes, damaged or not there is left out.
    ///
    /// # Errors
    /// [`OpenError`] when the system cannot read the file.
    pub fn read_members(
        &self,
        paths: &BTreeSet<String>,
        limit: u64,
    ) -> Result<BTreeMap<String, Vec<u8>>, OpenError> {
        match self.archive() {
            Some(archive) => archive.read_members(paths, limit),
            None => Ok(BTreeMap::new()),
        }
    }
}

impl Archive {
    fn read_members(
        &self,
        paths: &BTreeSet<String>,
        limit: u64,
    ) -> Result<BTreeMap<String, Vec<u8>>, OpenError> {
        let fitting = |path: &&String| self.file(path).is_some_and(|entry| entry.size <= limit);
        let wanted: BTreeSet<&String> = paths.iter().filter(fitting).collect();
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let limits = Limits {
            kept_bytes: limit,
            ..Limits::default()
        };
        let is_wanted = |name: &str| wanted.contains(&name.to_owned());
        let read = || -> io::Result<BTreeMap<String, Vec<u8>>> {
            let file = File::open(self.path())?;
            match self.form() {
                ArchiveForm::Zip => zip::read_some(&OpenFile::new(file)?, &is_wanted, &limits),
                ArchiveForm::TarGz => {
                    let file = BufReader::with_capacity(64 << 10, file);
                    tar::read_some(file, &is_wanted, &limits)
                }
            }
        };
        read().map_err(|source| OpenError {
            path: self.path().to_owned(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{SdistBuilder, TarMember, WheelBuilder};

    use super::*;

    #[track_caller]
    fn check(path: &std::path::Path, wanted: &[&str], limit: u64, expected: &[(&str, &str)]) {
        let opened = Distribution::open(path, &Limits::default()).unwrap();
        let wanted = wanted.iter().map(|path| (*path).to_owned()).collect();
        let read: Vec<(String, String)> = opened
            .read_members(&wanted, limit)
            .unwrap()
            .into_iter()
            .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
            .collect();
        let read: Vec<(&str, &str)> = read.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn members_of_wheels_and_sdists_are_read_in_one_pass() {
        let dir = tempfile::tempdir().unwrap();
        let wheel = WheelBuilder::new("demo", "1.0")
            .file("a.py", "a = 1\n")
            .file("b.py", "b = 22222\n")
            .file("c.py", "c")
            .build_in(dir.path());
        check(
            &wheel,
            &["a.py", "b.py", "gone.py"],
            6,
            &[("a.py", "a = 1\n")],
        );
        let sdist = SdistBuilder::new("demo", "1.0")
            .file("a.py", "old")
            .member(TarMember::file("demo-1.0/a.py", b"new"))
            .symlink("b.py", "a.py")
            .build_in(dir.path());
        check(
            &sdist,
            &["demo-1.0/a.py", "demo-1.0/b.py"],
            100,
            &[("demo-1.0/a.py", "new")],
        );
    }

    #[test]
    fn damaged_members_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let mut bad = pubflow_testkit::ZipMember::new("a.py", b"a = 1\n");
        bad.crc_shift = 1;
        let wheel = WheelBuilder::new("demo", "1.0")
            .member(bad)
            .build_in(dir.path());
        check(&wheel, &["a.py"], 100, &[]);
    }
}
