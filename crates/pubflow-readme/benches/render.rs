//! Speed of the renderers on generated documents, about 60 kB of them at a time.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pubflow_readme::{Profile, judge};
use pubflow_testkit::description::{Dice, markdown, rst};

/// Bytes of all documents together.
const BYTES: usize = 60_000;

/// Documents that pass, so that each is rendered to its end.
fn documents(content_type: &str) -> Vec<String> {
    let (mut documents, mut n_bytes) = (Vec::new(), 0);
    for seed in 0.. {
        if n_bytes >= BYTES {
            break;
        }
        let mut dice = Dice::new(seed);
        let next = match content_type {
            "text/markdown" => markdown(&mut dice),
            _ => rst(&mut dice),
        };
        if judge(&next, Some(content_type), Profile::default()).accepted {
            n_bytes += next.len();
            documents.push(next);
        }
    }
    documents
}

fn render(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("render");
    for content_type in ["text/x-rst", "text/markdown", "text/plain"] {
        let documents = documents(content_type);
        let n_bytes: usize = documents.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(n_bytes as u64));
        group.bench_function(content_type, |bencher| {
            bencher.iter(|| {
                for text in &documents {
                    black_box(judge(
                        black_box(text),
                        Some(content_type),
                        Profile::default(),
                    ));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
