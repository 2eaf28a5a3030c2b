//! A disk that is full: the real system call fails, in a process of its own that may write files of
//! at most some kilobytes.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::world::World;
use crate::clock::SystemClock;
use crate::error::StateError;
use crate::failure::FailureClass;
use crate::journal::{Entry, Facts, Journal, Note, Writer};
use crate::report::Outcome;
use crate::step::Evidence;

/// Set for the process whose files may not grow.
const LIMITED: &str = "PUBFLOW_TEST_DISK_FULL";

/// Runs a test of this file again, in a process that may write `blocks` blocks to a file (a block
/// has 512 or 1024 bytes, as the shell likes) and is told so instead of being killed.
fn run_limited(test: &str, blocks: u32) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("driver::tests::full::{test}")])
        .env(LIMITED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

fn is_limited() -> bool {
    std::env::var_os(LIMITED).is_some()
}

fn note(number: usize) -> Entry {
    let details = Evidence::new().with("number", number.to_string());
    Entry::Note(Note {
        topic: "filling".into(),
        details,
    })
}

fn open(world: &World) -> Journal {
    Journal::open(&world.record, Writer::local(), Arc::new(SystemClock)).unwrap()
}

#[test]
fn a_full_disk_ends_the_journal_and_keeps_what_was_acknowledged() {
    if !is_limited() {
        run_limited(
            "a_full_disk_ends_the_journal_and_keeps_what_was_acknowledged",
            8,
        );
        return;
    }
    let world = World::new();
    let mut journal = open(&world);
    let mut acknowledged = 0;
    let error = loop {
        match journal.append(note(acknowledged)) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!((5..100).contains(&acknowledged), "{acknowledged}");
    let StateError::Write { source, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(source.kind(), std::io::ErrorKind::FileTooLarge);
    assert!(error.report().next.unwrap().contains("free some space"));
    let closed = journal.append(note(0)).unwrap_err();
    assert!(matches!(closed, StateError::Closed { .. }), "{closed:?}");
    assert_eq!(
        Facts::read(&world.record).unwrap().records().count(),
        acknowledged
    );
    assert_eq!(open(&world).facts().records().count(), acknowledged);
}

#[test]
fn a_full_disk_stops_the_run_before_anything_is_sent() {
    if !is_limited() {
        run_limited("a_full_disk_stops_the_run_before_anything_is_sent", 8);
        return;
    }
    // The journal is filled line by line further, so that the run ends at each of its lines.
    let mut n_stopped = 0;
    for n_notes in 0..40 {
        let world = World::new();
        let mut journal = open(&world);
        for number in 0..n_notes {
            if journal.append(note(number)).is_err() {
                break;
            }
        }
        drop(journal);
        let report = world.run(&world.whole_plan());
        let remote = world.remote();
        let n_intents = world
            .facts()
            .records()
            .filter(|record| matches!(record.entry, Entry::Intent(_)))
            .count();
        assert!(
            remote.n_arrivals <= n_intents,
            "something was sent without an intent on disk"
        );
        assert_eq!(report.landed.len(), remote.files.len());
        if let Outcome::Stopped(failure) = &report.outcome {
            n_stopped += 1;
            assert_eq!(failure.class, FailureClass::Machine);
            assert_eq!(failure.report.code.as_deref(), Some("E906"), "{failure:?}");
        }
    }
    assert!(n_stopped > 10, "{n_stopped}");
}

#[test]
fn an_object_that_does_not_fit_leaves_nothing_behind() {
    if !is_limited() {
        run_limited("an_object_that_does_not_fit_leaves_nothing_behind", 8);
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let state = crate::store::StateDir::open(dir.path()).unwrap();
    let error = state
        .put_object(Path::new(&std::env::current_exe().unwrap()))
        .unwrap_err();
    assert!(matches!(error, StateError::Write { .. }), "{error:?}");
    let left: Vec<_> = std::fs::read_dir(dir.path().join("objects"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 0, "{left:?}");
}
