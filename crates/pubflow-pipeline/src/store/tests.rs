use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::clock::SystemClock;
use crate::lock::Lock;
use crate::manifest::ManifestFile;

fn manifest(project: &str, version: &str, content: &str) -> Manifest {
    let file = ManifestFile {
        filename: format!("{project}-{version}.tar.gz"),
        size: content.len() as u64,
        sha256: Sha256::of(content.as_bytes()),
    };
    let (name, version) = (
        ProjectName::parse(project).unwrap(),
        Version::parse(version).unwrap(),
    );
    Manifest::new(name, version, None, vec![file], BTreeMap::new()).unwrap()
}

#[track_caller]
fn check_object(content: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(&dir.path().join("a/b/state")).unwrap();
    let file = dir.path().join("demo.whl");
    fs::write(&file, content).unwrap();
    let sha256 = state.put_object(&file).unwrap();
    assert_eq!(sha256, Sha256::of(content));
    let object = state.object(&sha256).unwrap();
    assert_eq!(fs::read(&object).unwrap(), content);
    assert!(object.metadata().unwrap().permissions().readonly());
    assert_eq!(state.verify_object(&sha256).unwrap(), Some(object));
    assert_eq!(state.object(&Sha256::of(b"something else")), None);
    // A second time changes nothing and leaves nothing lying about.
    assert_eq!(state.put_object(&file).unwrap(), sha256);
    let left: Vec<_> = fs::read_dir(state.path().join("objects"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn objects_are_kept_by_digest() {
    check_object(b"");
    check_object(b"abc");
    check_object(&vec![7; CHUNK]);
    check_object(&vec![7; 3 * CHUNK + 1]);
}

#[cfg(unix)]
#[test]
fn directories_are_private_and_those_that_exist_are_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let dir = tempfile::tempdir().unwrap();
    let before = dir.path().join("before");
    fs::create_dir(&before).unwrap();
    fs::set_permissions(&before, fs::Permissions::from_mode(0o755)).unwrap();
    let state = StateDir::open(&before.join("pubflow/state")).unwrap();
    let record = state.seal(&manifest("demo", "1.0", "abc")).unwrap();
    assert_eq!(mode(&before), 0o755);
    let mut path = record.dir();
    while path != before {
        assert_eq!(mode(path), 0o700, "{}", path.display());
        path = path.parent().unwrap();
    }
    let sealed = record.dir().join("manifest.json");
    assert_eq!(mode(&sealed) & 0o077, 0, "others can read the manifest");
}

#[test]
fn an_object_that_rotted_is_found_and_healed_by_putting_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    let file = dir.path().join("demo.whl");
    fs::write(&file, "abc").unwrap();
    let sha256 = state.put_object(&file).unwrap();
    let object = state.object(&sha256).unwrap();
    fs::remove_file(&object).unwrap();
    assert_eq!(state.verify_object(&sha256).unwrap(), None);
    fs::write(&object, "abd").unwrap();
    let error = state.verify_object(&sha256).unwrap_err();
    assert!(
        matches!(&error, StateError::DamagedObject { found, .. } if *found == Sha256::of(b"abd"))
    );
    assert!(error.is_damage());
    state.put_object(&file).unwrap();
    assert_eq!(state.verify_object(&sha256).unwrap(), Some(object));
}

#[test]
fn sealing_makes_one_record_for_each_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    let manifest = manifest("demo", "1!1.0", "abc");
    let record = state.seal(&manifest).unwrap();
    let digest = manifest.digest().to_string();
    assert_eq!(
        record.dir(),
        dir.path().join("releases/demo/1!1.0").join(digest)
    );
    assert_eq!(
        fs::read_to_string(record.dir().join("manifest.json")).unwrap(),
        manifest.canonical()
    );
    assert_eq!(state.seal(&manifest).unwrap().dir(), record.dir());
    assert_eq!(state.record(&manifest.key()).unwrap().manifest(), &manifest);
    assert_eq!(state.records().unwrap().len(), 1);
}

#[test]
fn records_come_with_the_last_sealed_first() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    assert_eq!(state.records().unwrap().len(), 0);
    let manifests = [
        manifest("demo", "1.0", "a"),
        manifest("demo", "1.0", "b"),
        manifest("other", "2.0", "c"),
    ];
    for (age, sealed) in [30, 20, 10].into_iter().zip(&manifests) {
        let record = state.seal(sealed).unwrap();
        let then = SystemTime::now() - Duration::from_secs(age);
        File::open(record.dir().join("manifest.json"))
            .unwrap()
            .set_modified(then)
            .unwrap();
    }
    let order = |records: Vec<ReleaseRecord>| -> Vec<Sha256> {
        records
            .iter()
            .map(|record| record.manifest().digest())
            .collect()
    };
    let [a, b, c] = &manifests;
    assert_eq!(
        order(state.records().unwrap()),
        [c.digest(), b.digest(), a.digest()]
    );
    state.seal(a).unwrap();
    assert_eq!(
        order(state.records().unwrap()),
        [a.digest(), c.digest(), b.digest()]
    );
    assert_eq!(
        order(state.records_of(b.name()).unwrap()),
        [a.digest(), b.digest()]
    );
    let nobody = ProjectName::parse("nobody").unwrap();
    assert_eq!(state.records_of(&nobody).unwrap().len(), 0);
}

#[test]
fn builds_of_one_version_are_found_together_and_share_a_lock() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    let builds = [manifest("demo", "1.0", "a"), manifest("demo", "1.0", "b")];
    let others = [
        manifest("demo", "1.0.1", "c"),
        manifest("other", "1.0", "d"),
    ];
    for (age, sealed) in [40, 30, 20, 10]
        .into_iter()
        .zip(builds.iter().chain(&others))
    {
        let record = state.seal(sealed).unwrap();
        let then = SystemTime::now() - Duration::from_secs(age);
        File::open(record.dir().join("manifest.json"))
            .unwrap()
            .set_modified(then)
            .unwrap();
    }
    let [first, second] = &builds;
    for version in ["1.0", "1.0.0"] {
        let version = Version::parse(version).unwrap();
        let found = state.records_of_version(first.name(), &version).unwrap();
        let digests: Vec<Sha256> = found.iter().map(|record| record.key().manifest).collect();
        assert_eq!(digests, [second.digest(), first.digest()]);
    }
    let lock = |manifest: &Manifest| state.record(&manifest.key()).unwrap().lock_path();
    assert_eq!(lock(first), dir.path().join("releases/demo/1.0/lock"));
    assert_eq!(lock(first), lock(second));
    for other in &others {
        assert_ne!(lock(first), lock(other));
    }
    let nothing = Version::parse("2.0").unwrap();
    let found = state.records_of_version(first.name(), &nothing).unwrap();
    assert_eq!(found.len(), 0);
    // Where the lock lies is no record, and damage of another version is none of this one.
    let _held = Lock::acquire(&lock(first), &SystemClock).unwrap();
    let damaged = state.record(&others[0].key()).unwrap();
    let path = damaged.dir().join("manifest.json");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "{}").unwrap();
    let found = state.records_of_version(first.name(), first.version());
    assert_eq!(found.unwrap().len(), 2);
}

#[test]
fn a_sealing_that_was_cut_short_is_no_record() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    let manifest = manifest("demo", "1.0", "abc");
    let record = state.seal(&manifest).unwrap();
    fs::remove_file(record.dir().join("manifest.json")).unwrap();
    fs::write(record.dir().join(".new-x"), "half a mani").unwrap();
    assert_eq!(state.records().unwrap().len(), 0);
    let error = state.record(&manifest.key()).unwrap_err();
    assert!(matches!(error, StateError::NoRecord { .. }), "{error}");
    assert_eq!(state.seal(&manifest).unwrap().manifest(), &manifest);
}

#[test]
fn a_manifest_that_is_not_what_its_directory_says_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::open(dir.path()).unwrap();
    let sealed = manifest("demo", "1.0", "abc");
    let record = state.seal(&sealed).unwrap();
    let path = record.dir().join("manifest.json");
    fs::remove_file(&path).unwrap();
    fs::write(&path, manifest("demo", "1.0", "abd").canonical()).unwrap();
    for error in [
        state.record(&sealed.key()).unwrap_err(),
        state.seal(&sealed).unwrap_err(),
        state.records().unwrap_err(),
    ] {
        let renamed = matches!(
            &error,
            StateError::DamagedManifest {
                why: Damage::Renamed { .. },
                ..
            }
        );
        assert!(renamed, "{error}");
        assert!(error.is_damage());
    }
}

#[test]
fn errors_name_the_file_and_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let in_the_way = dir.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = StateDir::open(&in_the_way.join("state")).unwrap_err();
    assert!(matches!(error, StateError::Write { .. }), "{error}");
    let report = error.report();
    assert!(report.message.contains("file"), "{report:?}");
    assert!(report.why.is_some() && report.next.is_some(), "{report:?}");
    let state = StateDir::open(&dir.path().join("state")).unwrap();
    let error = state
        .put_object(&dir.path().join("missing.whl"))
        .unwrap_err();
    assert!(matches!(&error, StateError::Read { .. }), "{error}");
    assert!(error.to_string().contains("missing.whl"));
    assert!(!error.is_damage());
}
