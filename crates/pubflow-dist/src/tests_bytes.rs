//! Every single byte of a good wheel, changed: it is found, or the wheel is the same to every reader.

use pubflow_finding::Findings;
use pubflow_testkit::{WheelBuilder, ZipMember};

use crate::{Distribution, Limits};

const WHEEL: &str = "demo-1.0-py3-none-any.whl";

fn wheel() -> Vec<u8> {
    let mut stored = ZipMember::new("demo/stored.txt", b"stored\n");
    stored.method = 0;
    let mut runnable = ZipMember::new("demo/tool.sh", b"#!/bin/sh\n");
    runnable.mode = 0o100_755;
    WheelBuilder::new("demo", "1.0")
        .metadata_line("License-Expression: MIT")
        .file("demo/__init__.py", "x = 1\n".repeat(20))
        .member(stored)
        .member(runnable)
        .to_bytes()
}

/// What every reader makes of the wheel: paths, contents, modes and kinds.
fn meaning(distribution: &Distribution) -> String {
    format!("{:?}", distribution.entries())
}

#[test]
fn a_changed_byte_is_found_or_changes_nothing() {
    let good = wheel();
    let limits = Limits::default();
    let opened = Distribution::from_bytes(WHEEL, &good, &limits);
    let mut findings = Findings::for_path(WHEEL);
    opened.check(&mut findings);
    assert_eq!(findings.into_sorted().len(), 0);
    let expected = meaning(&opened);
    let (mut n_quiet, mut unseen) = (0, Vec::new());
    for at in 0..good.len() {
        for flipped in [0x01, 0x20, 0xff] {
            let mut bad = good.clone();
            bad[at] ^= flipped;
            let changed = Distribution::from_bytes(WHEEL, &bad, &limits);
            let mut findings = Findings::for_path(WHEEL);
            changed.check(&mut findings);
            if !findings.into_sorted().is_empty() {
                continue;
            }
            n_quiet += 1;
            if meaning(&changed) != expected {
                unseen.push(format!("byte {at} ^ {flipped:#04x}"));
            }
        }
    }
    // Permission bits that a umask might have left (0o644 and 0o664), the hint that a member is
    // text, and bits behind the end of compressed data are all that nobody can tell from intent.
    let modes = unseen.len();
    assert!(modes <= 2 * opened.entries().len(), "{unseen:?}");
    assert!(
        n_quiet <= good.len() / 20,
        "{n_quiet} of {} bytes",
        good.len()
    );
}
