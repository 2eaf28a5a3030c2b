//! `cargo bench -p pubflow-pipeline`: running a plan of many steps again when all of it is done, and
//! reading a long journal. Both at several sizes, so that what is not linear shows.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pubflow_pipeline::{
    BoxFuture, Entry, EventSink, Evidence, Facts, Failure, Journal, Kind, Manifest, ManifestFile,
    Note, Plan, ReleaseRecord, Reporter, RunOptions, StateDir, Step, StepId, SystemClock, Unit,
    UnitId, Work, Writer, run, step_key,
};
use pubflow_spec::Sha256;

struct Nothing;

impl Work for Nothing {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(std::future::ready(Ok(Evidence::new())))
    }
}

fn record(folder: &std::path::Path) -> ReleaseRecord {
    let state = StateDir::open(folder).expect("a temporary directory can be written");
    let file = ManifestFile {
        filename: "demo-1.0.tar.gz".to_owned(),
        size: 1,
        sha256: Sha256::of(b"a"),
    };
    let (name, version) = ("demo".parse(), "1.0".parse());
    let (name, version) = (name.expect("a name"), version.expect("a version"));
    let manifest = Manifest::new(name, version, None, vec![file], Default::default());
    let manifest = manifest.expect("one file makes a manifest");
    state.seal(&manifest).expect("a record can be made")
}

fn journal(record: &ReleaseRecord) -> Journal {
    Journal::open(record, Writer::local(), Arc::new(SystemClock)).expect("a new journal opens")
}

fn plan(record: &ReleaseRecord, n_steps: usize) -> Plan {
    let step = |n: usize| Step {
        id: StepId::new(format!("step:{n}")),
        title: format!("step {n}"),
        kind: Kind::Gate,
        key: step_key(&[("n", &n.to_string())]),
        waves: vec![vec![Unit {
            id: UnitId::new("one"),
            title: "one".to_owned(),
            identity: None,
        }]],
        jobs: 1,
        confirm: None,
        work: Arc::new(Nothing),
    };
    Plan {
        release: record.key(),
        title: "bench".to_owned(),
        steps: (0..n_steps).map(step).collect(),
    }
}

fn planning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a finished plan again");
    group.sample_size(10);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for n_steps in [100, 1_000] {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let record = record(folder.path());
        let mut journal = journal(&record);
        let events: EventSink = Arc::new(|_| {});
        let options = RunOptions::standard();
        let done = plan(&record, n_steps);
        runtime.block_on(run(&done, &mut journal, &options, events.clone()));
        group.throughput(Throughput::Elements(n_steps as u64));
        group.bench_function(BenchmarkId::from_parameter(n_steps), |bencher| {
            bencher.iter(|| {
                let plan = plan(&record, n_steps);
                let run = run(&plan, &mut journal, &options, events.clone());
                black_box(runtime.block_on(run))
            });
        });
    }
    group.finish();
}

fn replay(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading a journal");
    group.sample_size(10);
    for n_events in [10_000, 100_000] {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let record = record(folder.path());
        let notes = (0..n_events).map(|n| {
            Entry::Note(Note {
                topic: "bench".to_owned(),
                details: Evidence::new().with("n", n.to_string()),
            })
        });
        journal(&record)
            .append_all(notes)
            .expect("a journal can be written");
        group.throughput(Throughput::Elements(n_events));
        group.bench_function(BenchmarkId::from_parameter(n_events), |bencher| {
            bencher.iter(|| black_box(Facts::read(&record).expect("it was just written")));
        });
    }
    group.finish();
}

criterion_group!(benches, planning, replay);
criterion_main!(benches);
