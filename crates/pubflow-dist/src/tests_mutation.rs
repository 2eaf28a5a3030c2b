//! Property tests: no archive, however mutated, makes a scanner panic, hang or lie about limits.

use std::io::BufReader;
use std::num::NonZeroUsize;

use proptest::prelude::*;
use pubflow_testkit::{SdistBuilder, TarMember, WheelBuilder, ZipMember, sdist};

use crate::limits::Limits;
use crate::{tar, zip};

fn wheel_bytes() -> Vec<u8> {
    let mut stored = ZipMember::new("demo/stored.txt", b"stored");
    stored.method = 0;
    stored.local_extra = b"\x01\0\x10\0aaaaaaaabbbbbbbb".to_vec();
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "x = 1\n".repeat(50))
        .member(stored)
        .to_bytes()
}

fn tar_bytes() -> Vec<u8> {
    SdistBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "x = 1\n".repeat(200))
        .file(&"long/".repeat(40), "x")
        .member(TarMember::pax(&[
            ("path", "demo-1.0/renamed"),
            ("size", "3"),
        ]))
        .member(TarMember::file("demo-1.0/name", b"abc"))
        .symlink("demo/link", "__init__.py")
        .tar_bytes()
}

/// Small budgets, so that claims about huge contents run into them.
fn small() -> Limits {
    Limits {
        members: 50,
        member_bytes: 100_000,
        total_bytes: 200_000,
        name_bytes: 500,
        directory_bytes: 10_000,
        kept_bytes: 2_000,
    }
}

/// Overwrites, inserts or removes a few bytes.
fn mutate(mut bytes: Vec<u8>, edits: &[(usize, u8, u8)]) -> Vec<u8> {
    for (at, value, kind) in edits {
        if bytes.is_empty() {
            break;
        }
        let at = at % bytes.len();
        match kind % 4 {
            0 => bytes.insert(at, *value),
            1 => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes[at] = *value,
        }
    }
    bytes
}

fn edits() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    // Overwriting is four times as likely as the rest together: it keeps the structure.
    let kind = prop_oneof![1 => 0u8..3, 4 => Just(3u8)];
    prop::collection::vec((any::<usize>(), any::<u8>(), kind), 1..8)
}

fn zip_scan(
    bytes: &[u8],
    limits: &Limits,
    keep: &dyn Fn(&str) -> bool,
) -> std::io::Result<zip::ZipScan> {
    zip::scan(&bytes, limits, NonZeroUsize::MIN, keep)
}

fn check_entries(entries: &[crate::Entry], kept: &zip::Kept, limits: &Limits) {
    assert!(entries.len() <= limits.members);
    for entry in entries {
        assert!(entry.path.as_str().len() <= 3 * limits.name_bytes);
        if entry.sha256.is_some() {
            assert!(entry.size <= limits.member_bytes);
        }
    }
    for content in kept.values() {
        assert!(content.len() as u64 <= limits.kept_bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_wheels_are_read_to_an_end(edits in edits()) {
        let bytes = mutate(wheel_bytes(), &edits);
        let limits = small();
        let scan = zip_scan(&bytes, &limits, &|_| true).unwrap();
        check_entries(&scan.entries, &scan.kept, &limits);
        prop_assert!(scan.readable || !scan.problems.is_empty());
    }

    #[test]
    fn mutated_tars_are_read_to_an_end(edits in edits()) {
        let bytes = sdist::gzip(&mutate(tar_bytes(), &edits));
        let (len, limits) = (bytes.len() as u64, small());
        let scan = tar::scan(BufReader::new(&bytes[..]), len, &limits, &|_| true).unwrap();
        check_entries(&scan.entries, &scan.kept, &limits);
        prop_assert!(scan.readable || !scan.problems.is_empty());
    }

    #[test]
    fn mutated_gzip_streams_are_read_to_an_end(edits in edits()) {
        let bytes = mutate(sdist::gzip(&tar_bytes()), &edits);
        let (len, limits) = (bytes.len() as u64, small());
        let scan = tar::scan(BufReader::with_capacity(7, &bytes[..]), len, &limits, &|_| true).unwrap();
        check_entries(&scan.entries, &scan.kept, &limits);
        prop_assert!(scan.readable || !scan.problems.is_empty());
    }

    #[test]
    fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (len, limits) = (bytes.len() as u64, small());
        let tar = tar::scan(BufReader::new(&bytes[..]), len, &limits, &|_| true).unwrap();
        prop_assert!(!tar.problems.is_empty());
        let zip = zip_scan(&bytes, &limits, &|_| true).unwrap();
        prop_assert!(!zip.problems.is_empty());
    }

    #[test]
    fn every_cut_of_a_wheel_is_noticed(at in any::<prop::sample::Index>()) {
        let bytes = wheel_bytes();
        let at = at.index(bytes.len());
        let scan = zip_scan(&bytes[..at], &small(), &|_| false).unwrap();
        prop_assert!(!scan.problems.is_empty(), "cut at {at}");
    }
}

#[test]
fn a_good_archive_has_no_problems() {
    let bytes = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "x = 1\n")
        .file("demo/data.bin", vec![7; 300_000])
        .to_bytes();
    let scan = zip_scan(&bytes, &Limits::default(), &|_| true).unwrap();
    assert_eq!(scan.problems, []);
    assert_eq!(scan.entries.len(), 5);
    let data = &scan.kept["demo/data.bin"];
    assert_eq!(*data, vec![7; 300_000]);
    assert_eq!(scan.entries[1].sha256, Some(pubflow_spec::Sha256::of(data)));
}
