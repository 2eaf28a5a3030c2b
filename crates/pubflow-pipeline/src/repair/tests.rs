use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pubflow_spec::{ProjectName, Sha256, Version};

use super::*;
use crate::clock::SystemClock;
use crate::journal::{Entry, Facts, Journal, Writer};
use crate::manifest::{Manifest, ManifestFile};
use crate::sweep::Swept;

const CONTENT: &[u8] = b"the bytes of an sdist";

fn sealed(folder: &Path) -> (StateDir, ReleaseRecord) {
    let state = StateDir::open(&folder.join("state")).unwrap();
    let file = folder.join("demo-1.0.tar.gz");
    fs::write(&file, CONTENT).unwrap();
    let files = vec![ManifestFile {
        filename: "demo-1.0.tar.gz".to_owned(),
        size: CONTENT.len() as u64,
        sha256: state.put_object(&file).unwrap(),
    }];
    let name = ProjectName::parse("demo").unwrap();
    let version = Version::parse("1.0").unwrap();
    let manifest = Manifest::new(name, version, None, files, BTreeMap::new()).unwrap();
    let record = state.seal(&manifest).unwrap();
    let mut journal = Journal::open(&record, Writer::local(), Arc::new(SystemClock)).unwrap();
    for outcome in ["one", "two", "three"] {
        let outcome = outcome.to_owned();
        journal.append(Entry::RunClosed { outcome }).unwrap();
    }
    (state, record)
}

/// Writes `bytes` into a file that may be read-only.
fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn sound_state_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (state, _) = sealed(folder.path());
    let audit = state.audit().unwrap();
    assert!(
        audit.damage.is_empty() && audit.missing.is_empty(),
        "{audit:?}"
    );
    assert_eq!(
        (audit.n_releases, audit.n_lines, audit.n_objects),
        (1, 3, 1)
    );
    assert!(state.repair(&SystemClock).unwrap().is_empty());
    assert!(!state.path().join("damaged").exists());
}

#[test]
fn the_lines_before_the_damage_stay_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let (state, record) = sealed(folder.path());
    let segment = record.journal_dir().join("local.jsonl");
    let whole = fs::read_to_string(&segment).unwrap();
    let damaged = whole.replace("two", "owt");
    replace(&segment, damaged.as_bytes());
    let audit = state.audit().unwrap();
    assert_eq!((audit.damage.len(), audit.n_lines), (1, 1));
    assert!(Facts::read(&record).is_err());

    let repaired = state.repair(&SystemClock).unwrap();
    assert_eq!(repaired.len(), 1);
    assert_eq!(repaired[0].n_lines_kept, Some(1));
    assert_eq!(fs::read_to_string(&repaired[0].moved_to).unwrap(), damaged);
    assert_eq!(Facts::read(&record).unwrap().records().count(), 1);
    assert!(state.audit().unwrap().damage.is_empty());
    // The writer goes on behind the last line that can be believed.
    let mut journal = Journal::open(&record, Writer::local(), Arc::new(SystemClock)).unwrap();
    let outcome = "four".to_owned();
    journal.append(Entry::RunClosed { outcome }).unwrap();
    assert_eq!(Facts::read(&record).unwrap().records().count(), 2);
}

#[test]
fn damaged_objects_and_manifests_are_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (state, record) = sealed(folder.path());
    let object = state.object(&Sha256::of(CONTENT)).unwrap();
    replace(&object, b"rotten");
    replace(&record.dir().join("manifest.json"), b"{}");
    assert_eq!(state.audit().unwrap().damage.len(), 2);
    let repaired = state.repair(&SystemClock).unwrap();
    assert_eq!(repaired.len(), 2);
    for one in &repaired {
        assert!(one.moved_to.exists(), "{one:?}");
    }
    assert_eq!(fs::read(&repaired[0].moved_to).unwrap(), b"rotten");
    assert!(state.audit().unwrap().damage.is_empty());
    assert!(state.records().unwrap().is_empty());
}

#[test]
fn a_release_that_is_worked_on_is_not_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let (state, record) = sealed(folder.path());
    replace(&record.journal_dir().join("local.jsonl"), b"nonsense\n");
    let _held = Lock::acquire(&record.lock_path(), &SystemClock).unwrap();
    let error = state.repair(&SystemClock).unwrap_err();
    assert!(matches!(error, LockError::Held { .. }), "{error}");
}

#[test]
fn only_what_no_release_names_is_swept_and_only_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let (state, record) = sealed(folder.path());
    let now = SystemTime::now();
    let later = now + Duration::from_secs(2 * 24 * 60 * 60);
    assert_eq!(state.sweep(later).unwrap(), Swept::default());
    fs::write(state.path().join("objects/.new-abc"), "half").unwrap();
    state.forget(&record, &SystemClock).unwrap();
    assert!(state.records().unwrap().is_empty());
    assert_eq!(state.sweep(now).unwrap(), Swept::default());
    let swept = state.sweep(later).unwrap();
    assert_eq!(
        (swept.n_files, swept.n_bytes),
        (2, CONTENT.len() as u64 + 4)
    );
    assert_eq!(state.object(&Sha256::of(CONTENT)), None);
}
