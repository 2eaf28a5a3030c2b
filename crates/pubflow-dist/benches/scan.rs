//! `cargo bench -p pubflow-dist`: the scanners against the least that must be done, which is to
//! inflate every member and to hash it.

use std::hint::black_box;
use std::io::{Cursor, Read as _};
use std::num::NonZeroUsize;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pubflow_dist::{Distribution, Limits, Source};
use pubflow_finding::Findings;
use pubflow_testkit::{SdistBuilder, WheelBuilder};
use sha2::{Digest as _, Sha256};

/// Text that compresses like sources do, to about a quarter.
fn source(n_lines: usize, seed: usize) -> String {
    let mut text = String::from("\"\"\"A module.\"\"\"\nimport os\n\n");
    let mut state = seed as u64;
    for n in 0..n_lines {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let (a, b) = (state >> 40 & 0xfff, state >> 20 & 0xffff);
        text.push_str(&format!(
            "\n\ndef name_{a:x}_{n}(first, second={b}):\n    \"\"\"Adds {b} to the first.\"\"\"\n    return first.value_{a:x} + second * {b}\n"
        ));
    }
    text
}

/// Bytes that compress a little, like native code.
fn binary(len: usize) -> Vec<u8> {
    let mut state = 1u64;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let byte = (state >> 33) as u8;
        if byte & 3 == 0 { 0 } else { byte }
    };
    std::iter::repeat_with(next).take(len).collect()
}

fn wheel() -> Vec<u8> {
    let mut builder = WheelBuilder::new("demo", "1.0").tag("cp312-cp312-manylinux_2_17_x86_64");
    for n in 0..100 {
        builder = builder.file(&format!("demo/m{n}.py"), source(500, n));
    }
    for n in 0..4 {
        builder = builder.file(&format!("demo/lib{n}.bin"), binary(4 << 20));
    }
    builder.to_bytes()
}

/// What a plain reader does: one thread, every member inflated, checked and hashed.
fn inflate_and_hash(bytes: &[u8]) -> usize {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a good archive");
    let mut buffer = vec![0; 64 << 10];
    let mut n_read = 0;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).expect("a good member");
        let mut hasher = Sha256::new();
        loop {
            let got = member.read(&mut buffer).expect("good data");
            if got == 0 {
                break;
            }
            n_read += got;
            hasher.update(&buffer[..got]);
        }
        black_box(hasher.finalize());
    }
    n_read
}

fn wheels(criterion: &mut Criterion) {
    let bytes = wheel();
    let room = tempfile::tempdir().expect("room for a file");
    let path = room
        .path()
        .join("demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl");
    std::fs::write(&path, &bytes).expect("room for a file");
    let mut group = criterion.benchmark_group("wheel");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(inflate_and_hash(&bytes) as u64));
    group.bench_function("inflate and hash", |bencher| {
        bencher.iter(|| inflate_and_hash(black_box(&bytes)));
    });
    let limits = Limits::default();
    let threads = |n| NonZeroUsize::new(n).expect("not zero");
    for n in [1, 2] {
        group.bench_function(format!("read, {n} threads"), |bencher| {
            bencher.iter(|| Distribution::open_on(&path, &limits, threads(n)));
        });
    }
    let opened = Distribution::open(&path, &limits).expect("it was just written");
    group.bench_function("all checks of what was read", |bencher| {
        bencher.iter(|| {
            let mut findings = Findings::for_path("x.whl");
            opened.check(&mut findings);
            findings
        });
    });
    group.finish();
}

fn sdists(criterion: &mut Criterion) {
    let mut builder = SdistBuilder::new("demo", "1.0");
    for n in 0..100 {
        builder = builder.file(&format!("demo/m{n}.py"), source(500, n));
    }
    let (bytes, tar) = (builder.to_bytes(), builder.tar_bytes());
    let mut group = criterion.benchmark_group("sdist");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(tar.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| Distribution::from_bytes("demo-1.0.tar.gz", &bytes, &Limits::default()));
    });
    group.finish();
}

fn python(criterion: &mut Criterion) {
    let text = source(2000, 1);
    let mut group = criterion.benchmark_group("python source");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| Source::parse(black_box(text.as_bytes()), "demo"));
    });
    group.finish();
}

criterion_group!(benches, wheels, sdists, python);
criterion_main!(benches);
