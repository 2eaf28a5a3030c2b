use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use pubflow_spec::{ProjectName, Version};
use tempfile::TempDir;

use super::*;
use crate::clock::SystemClock;
use crate::journal::{Entry, Facts, Journal};
use crate::manifest::ManifestFile;

/// A machine of its own: a state directory and a folder for files.
struct Machine {
    folder: TempDir,
    state: StateDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(&folder.path().join("state")).unwrap();
        Self { folder, state }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Seals a release of two files.
    fn seal(&self) -> ReleaseRecord {
        let mut files = Vec::new();
        for (filename, content) in [
            ("demo-1.0.tar.gz", "sdist"),
            ("demo-1.0-py3-none-any.whl", "wheel"),
        ] {
            fs::write(self.path(filename), content).unwrap();
            files.push(ManifestFile {
                filename: filename.to_owned(),
                size: content.len() as u64,
                sha256: self.state.put_object(&self.path(filename)).unwrap(),
            });
        }
        let name = ProjectName::parse("demo").unwrap();
        let version = Version::parse("1.0").unwrap();
        let manifest = Manifest::new(name, version, None, files, BTreeMap::new()).unwrap();
        self.state.seal(&manifest).unwrap()
    }

    fn import(&self, file: &Path) -> Result<Transferred, TransferError> {
        self.state.import(file, &SystemClock)
    }
}

fn write_line(record: &ReleaseRecord, writer: &str, title: &str) {
    let writer = Writer::parse(writer).unwrap();
    let mut journal = Journal::open(record, writer, Arc::new(SystemClock)).unwrap();
    let title = title.to_owned();
    journal.append(Entry::RunOpened { title }).unwrap();
}

fn titles(record: &ReleaseRecord) -> Vec<String> {
    let facts = Facts::read(record).unwrap();
    let title = |record: &crate::journal::Record| match &record.entry {
        Entry::RunOpened { title } => title.clone(),
        other => panic!("{other:?}"),
    };
    facts.records().map(title).collect()
}

#[test]
fn a_release_goes_from_machine_to_machine_and_back() {
    let (one, other) = (Machine::new(), Machine::new());
    let record = one.seal();
    write_line(&record, "job-1", "publish");
    let file = one.path("release.tar");
    let exported = one.state.export(&record, &file).unwrap();
    assert_eq!((exported.n_files, exported.n_segments), (2, 1));

    let imported = other.import(&file).unwrap();
    assert_eq!((imported.n_files, imported.n_segments), (2, 1));
    assert_eq!(imported.record.manifest(), record.manifest());
    assert_eq!(titles(&imported.record), ["publish"]);
    for sealed in record.manifest().files() {
        let object = other.state.verify_object(&sealed.sha256).unwrap();
        assert!(object.is_some(), "{}", sealed.filename);
    }
    // The same once more changes nothing.
    let again = other.import(&file).unwrap();
    assert_eq!((again.n_files, again.n_segments), (0, 0));

    write_line(&imported.record, "job-1", "resume");
    write_line(&imported.record, "job-2", "promote");
    let back = other.path("back.tar");
    other.state.export(&imported.record, &back).unwrap();
    assert_eq!(one.import(&back).unwrap().n_segments, 2);
    assert_eq!(titles(&record), ["publish", "resume", "promote"]);
    // What is older there takes nothing away here.
    assert_eq!(one.import(&file).unwrap().n_segments, 0);
    assert_eq!(titles(&record), ["publish", "resume", "promote"]);
}

#[test]
fn two_stories_under_one_name_are_kept_apart() {
    let (one, other) = (Machine::new(), Machine::new());
    let (record, theirs) = (one.seal(), other.seal());
    write_line(&record, "local", "here");
    write_line(&theirs, "local", "there");
    let file = other.path("release.tar");
    other.state.export(&theirs, &file).unwrap();
    let error = one.import(&file).unwrap_err();
    assert!(matches!(&error, TransferError::Diverged { .. }), "{error}");
    assert!(error.is_damage());
    assert_eq!(titles(&record), ["here"]);
}

#[test]
fn a_file_that_was_changed_anywhere_is_refused_or_means_the_same() {
    let one = Machine::new();
    let record = one.seal();
    write_line(&record, "job-1", "publish");
    let file = one.path("release.tar");
    one.state.export(&record, &file).unwrap();
    let whole = fs::read(&file).unwrap();
    let changed = one.path("changed.tar");
    let mut n_refused = 0;
    for place in (0..whole.len()).step_by(61) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        fs::write(&changed, bytes).unwrap();
        let other = Machine::new();
        match other.import(&changed) {
            Err(_) => n_refused += 1,
            // Padding, times and owners of a tar header mean nothing.
            Ok(imported) => {
                assert_eq!(imported.record.key(), record.key(), "byte {place}");
                let kept = other.state.audit().unwrap();
                assert!(kept.damage.is_empty(), "byte {place}: {:?}", kept.damage);
            }
        }
    }
    assert!(n_refused > 5, "{n_refused}");
    for n_bytes in (0..whole.len()).step_by(97) {
        fs::write(&changed, &whole[..n_bytes]).unwrap();
        // A file without its end may lack members; it never brings in others.
        let other = Machine::new();
        if let Ok(imported) = other.import(&changed) {
            assert_eq!(imported.record.key(), record.key());
            assert!(other.state.audit().unwrap().damage.is_empty());
        }
    }
}

/// An archive of a manifest and one more member.
#[track_caller]
fn check_refused(name: &str, kind: tar::EntryType, bytes: &[u8]) {
    let one = Machine::new();
    let record = one.seal();
    let file = one.path("release.tar");
    let mut archive = tar::Builder::new(fs::File::create(&file).unwrap());
    let manifest = record.manifest().canonical().as_bytes();
    append(&mut archive, MANIFEST, manifest.len() as u64, manifest).unwrap();
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_entry_type(kind);
    header.set_cksum();
    archive.append(&header, bytes).unwrap();
    archive.finish().unwrap();
    let other = Machine::new();
    let error = other.import(&file).unwrap_err();
    assert!(matches!(&error, TransferError::Flawed { .. }), "{error}");
    assert!(error.report().why.is_some());
    assert!(!other.path("evil").exists());
}

#[test]
fn names_that_no_export_writes_are_refused() {
    let sdist = Sha256::of(b"sdist");
    let object = format!("objects/{sdist}");
    check_refused("../evil", tar::EntryType::Regular, b"x");
    check_refused("/evil", tar::EntryType::Regular, b"x");
    check_refused("journal/../evil.jsonl", tar::EntryType::Regular, b"x");
    check_refused("journal/local.jsonl", tar::EntryType::Regular, b"no line\n");
    check_refused("journal/local.jsonl", tar::EntryType::Symlink, b"");
    check_refused("objects/abc", tar::EntryType::Regular, b"x");
    // An object that the manifest does not name, and one with other bytes.
    let foreign = format!("objects/{}", Sha256::of(b"foreign"));
    check_refused(&foreign, tar::EntryType::Regular, b"foreign");
    check_refused(&object, tar::EntryType::Regular, b"tsids");
    check_refused(&object, tar::EntryType::Regular, b"longer than it is");
}
