//! What lies in an environment, told by names, sizes and times, so that a change is noticed.
//!
//! Build hooks run as the user and can write into the environment they run in. What they change
//! there must not reach the build of another project, so an environment that differs from how it was
//! left is made anew. Times of change cannot be set back by whoever changes a file. Compiled modules
//! that appear are no change: interpreters write them.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use serde_json::Value;

/// Files and directories of a tree by their path in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contents {
    entries: BTreeMap<String, Entry>,
    /// Bytes of all files.
    pub(super) bytes: u64,
}

/// Size and time of change in nanoseconds, or nothing of a directory.
type Entry = Option<(u64, i64)>;

impl Contents {
    /// Reads the tree below `root`.
    pub(super) fn read(root: &Path) -> io::Result<Self> {
        let mut contents = Self::default();
        contents.add(root, "")?;
        Ok(contents)
    }

    fn add(&mut self, directory: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                self.add(&entry.path(), &format!("{path}/"))?;
                self.entries.insert(path, None);
            } else {
                self.bytes += metadata.len();
                let seen = (metadata.len(), changed(&metadata));
                self.entries.insert(path, Some(seen));
            }
        }
        Ok(())
    }

    /// Whether the tree is as `before`, but for compiled modules that have appeared.
    pub(super) fn is_still(&self, before: &Self) -> bool {
        let kept = before
            .entries
            .iter()
            .all(|(path, entry)| self.entries.get(path) == Some(entry));
        let is_new = |path: &&String| !before.entries.contains_key(*path);
        kept && self
            .entries
            .keys()
            .filter(is_new)
            .all(|path| is_compiled(path))
    }

    /// For the stored form: each path with size and time, or null.
    pub(super) fn to_json(&self) -> Value {
        let entries = self.entries.iter();
        entries
            .map(|(path, entry)| {
                let entry = entry.map(|(bytes, changed)| {
                    Value::from(vec![Value::from(bytes), Value::from(changed)])
                });
                (path.clone(), entry.unwrap_or(Value::Null))
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// From the stored form.
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let mut contents = Self::default();
        for (path, entry) in value.as_object()? {
            let entry = match entry.as_array().map(Vec::as_slice) {
                None => None,
                Some([bytes, changed]) => Some((bytes.as_u64()?, changed.as_i64()?)),
                Some(_) => return None,
            };
            contents.bytes += entry.map_or(0, |(bytes, _)| bytes);
            contents.entries.insert(path.clone(), entry);
        }
        Some(contents)
    }
}

fn is_compiled(path: &str) -> bool {
    path.ends_with("/__pycache__") || (path.contains("/__pycache__/") && path.ends_with(".pyc"))
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata
        .ctime()
        .saturating_mul(1_000_000_000)
        .saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(metadata: &Metadata) -> i64 {
    let since = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::SystemTime::UNIX_EPOCH).ok());
    since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&Path), expected: bool) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("lib/demo/__pycache__")).unwrap();
        fs::write(root.path().join("lib/demo/a.py"), "x = 1").unwrap();
        fs::write(root.path().join("lib/demo/__pycache__/a.pyc"), "1").unwrap();
        let before = Contents::read(root.path()).unwrap();
        let again = Contents::from_json(&before.to_json()).unwrap();
        assert_eq!(again, before);
        // Times of change are no finer than the system's clock.
        std::thread::sleep(std::time::Duration::from_millis(20));
        change(root.path());
        let after = Contents::read(root.path()).unwrap();
        assert_eq!(after.is_still(&before), expected);
    }

    #[test]
    fn only_new_compiled_modules_are_no_change() {
        check(|_| {}, true);
        check(
            |root| fs::write(root.join("lib/demo/__pycache__/b.pyc"), "2").unwrap(),
            true,
        );
        check(
            |root| fs::write(root.join("lib/demo/__pycache__/a.pyc"), "2").unwrap(),
            false,
        );
        check(
            |root| fs::write(root.join("lib/demo/b.py"), "").unwrap(),
            false,
        );
        check(
            |root| fs::remove_file(root.join("lib/demo/a.py")).unwrap(),
            false,
        );
        check(|root| fs::create_dir(root.join("lib/new")).unwrap(), false);
    }

    #[cfg(unix)]
    #[test]
    fn a_time_that_was_set_back_hides_nothing() {
        check(
            |root| {
                let path = root.join("lib/demo/a.py");
                let time = path.metadata().unwrap().modified().unwrap();
                fs::write(&path, "x = 2").unwrap();
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(time).unwrap();
            },
            false,
        );
    }
}
