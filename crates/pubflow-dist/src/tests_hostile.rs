//! Archives that want to exhaust whoever opens them: each is told in one reading, with little work.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use pubflow_finding::{Findings, Severity};
use pubflow_testkit::{SdistBuilder, TarMember, WheelBuilder, ZipMember};

use crate::{Distribution, Limits};

const WHEEL: &str = "demo-1.0-py3-none-any.whl";

/// Codes of the errors and warnings.
fn codes(filename: &str, bytes: &[u8]) -> Vec<&'static str> {
    let distribution = Distribution::from_bytes(filename, bytes, &Limits::default());
    let mut findings = Findings::for_path(filename);
    distribution.check(&mut findings);
    let findings = findings.into_sorted().into_iter();
    let mut codes: Vec<_> = findings
        .filter(|finding| finding.severity >= Severity::Warning)
        .map(|finding| finding.rule.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// An archive whose members all are the one compressed text.
fn overlapping(n_members: u32, packed: &[u8], size: u32, crc: u32) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\x21\x58".to_vec();
    let packed_len = u32::try_from(packed.len()).unwrap();
    for number in [crc, packed_len, size] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(b"\x05\0\0\0aaaaa");
    bytes.extend_from_slice(packed);
    let start = u32::try_from(bytes.len()).unwrap();
    for n in 0..n_members {
        bytes.extend_from_slice(b"PK\x01\x02\x14\x03\x14\0\0\0\x08\0\0\0\x21\x58");
        for number in [crc, packed_len, size] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(b"\x05\0\0\0\0\0\0\0\0\0\0\0\xa4\x81\0\0\0\0");
        bytes.extend_from_slice(format!("{:05}", n % 100_000).as_bytes());
    }
    let len = u32::try_from(bytes.len()).unwrap() - start;
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(n_members).unwrap_or(u16::MAX);
    for number in [count, count] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    for number in [len, start] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

#[test]
fn a_small_bomb_is_told_without_going_off() {
    let zeros = vec![0; 20 << 20];
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&zeros).unwrap();
    let packed = encoder.finish().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(&zeros);
    // 42 kB that claim to be 5 GB.
    let bytes = overlapping(260, &packed, 20 << 20, crc.sum());
    assert!(bytes.len() < 42_000, "{}", bytes.len());
    let found = codes(WHEEL, &bytes);
    assert!(found.contains(&"P1409"), "{found:?}");
}

#[test]
fn a_million_members_are_counted_to_the_limit() {
    let bytes = overlapping(1_000_000, b"\x03\0", 0, 0);
    assert!(codes(WHEEL, &bytes).contains(&"P1409"));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let member = {
        let whole = SdistBuilder::new("demo", "1.0").file("x", "").tar_bytes();
        let at = whole.len() - 1024 - 512;
        whole[at..at + 512].to_vec()
    };
    for _ in 0..=Limits::default().members {
        encoder.write_all(&member).unwrap();
    }
    let bytes = encoder.finish().unwrap();
    assert!(codes("demo-1.0.tar.gz", &bytes).contains(&"P1409"));
}

#[test]
fn a_sparse_member_of_ten_gigabytes_costs_its_header() {
    let mut header = TarMember::special(b'S', "demo-1.0/sparse", "");
    header.content = b"x".to_vec();
    let pax = TarMember::pax(&[
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.realsize", "10737418240"),
    ]);
    for builder in [
        SdistBuilder::new("demo", "1.0").member(header),
        SdistBuilder::new("demo", "1.0")
            .member(pax)
            .member(TarMember::file("demo-1.0/sparse", &[0; 512])),
    ] {
        let found = codes("demo-1.0.tar.gz", &builder.to_bytes());
        assert!(found.contains(&"P811"), "{found:?}");
    }
}

#[test]
fn sizes_that_are_claimed_are_not_reserved() {
    // 8 EiB in a pax header, 4 GiB in a ZIP header.
    let pax = TarMember::pax(&[("size", "9223372036854775807")]);
    let sdist = SdistBuilder::new("demo", "1.0")
        .member(pax)
        .member(TarMember::file("demo-1.0/x", b"x"));
    let found = codes("demo-1.0.tar.gz", &sdist.to_bytes());
    assert!(found.contains(&"P1409"), "{found:?}");
    let mut member = ZipMember::new("demo/x.bin", b"x");
    member.size_shift = u32::MAX - 2;
    let wheel = WheelBuilder::new("demo", "1.0").member(member);
    let found = codes(WHEEL, &wheel.to_bytes());
    assert!(found.contains(&"P1406"), "{found:?}");
}

#[test]
fn names_and_depths_are_limited() {
    let long = "n".repeat(60_000);
    let wheel = WheelBuilder::new("demo", "1.0").file(&long, "");
    assert!(codes(WHEEL, &wheel.to_bytes()).contains(&"P1409"));
    let deep = format!("{}x.py", "d/".repeat(2000));
    let wheel = WheelBuilder::new("demo", "1.0").file(&deep, "x = 1\n");
    assert!(codes(WHEEL, &wheel.to_bytes()).contains(&"P924"));
    let nested = "(".repeat(100_000);
    let wheel = WheelBuilder::new("demo", "1.0")
        .metadata_line("License-Expression: MIT")
        .file("demo.py", nested);
    assert!(codes(WHEEL, &wheel.to_bytes()).is_empty());
}
