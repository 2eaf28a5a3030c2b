use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::*;
use crate::clock::SystemClock;

/// Set for the process that holds the lock while the test looks at it from outside.
const HOLDER: &str = "PUBFLOW_TEST_LOCK_HOLDER";

#[test]
fn one_of_two_processes_has_the_lock_and_death_gives_it_back() {
    if let Some(path) = std::env::var_os(HOLDER) {
        let _lock = Lock::acquire(Path::new(&path), &SystemClock).unwrap();
        println!("\nholding");
        loop {
            std::thread::park();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("release/lock");
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("lock::tests::one_of_two_processes_has_the_lock_and_death_gives_it_back")
        .env(HOLDER, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let held = lines.map_while(Result::ok).any(|line| line == "holding");
    let refused = Lock::acquire(&path, &SystemClock);
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(held, "the other process did not take the lock");
    let Err(error @ LockError::Held { .. }) = refused else {
        panic!("{refused:?}")
    };
    let LockError::Held { pid, since, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*pid, Some(holder.id()));
    let age = SystemClock.now().duration_since(since.unwrap());
    assert!((0..600).contains(&age.as_secs()), "{age:?}");
    let report = error.report();
    assert!(
        report
            .why
            .unwrap()
            .contains(&format!("process {}", holder.id()))
    );
    Lock::acquire(&path, &SystemClock).unwrap();
}

#[test]
fn dropping_a_lock_gives_it_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lock");
    let lock = Lock::acquire(&path, &SystemClock).unwrap();
    let error = Lock::acquire(&path, &SystemClock).unwrap_err();
    assert!(matches!(error, LockError::Held { pid, .. } if pid == Some(std::process::id())));
    drop(lock);
    Lock::acquire(&path, &SystemClock).unwrap();
}

#[test]
fn whatever_stands_in_the_file_does_not_lock() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lock");
    std::fs::write(
        &path,
        "1 2026-01-01T00:00:00Z and much more text than is written there",
    )
    .unwrap();
    let lock = Lock::acquire(&path, &SystemClock).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with(&format!("{} ", std::process::id())),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1);
    std::fs::write(&path, b"\xff\xfe no text").unwrap();
    let error = Lock::acquire(&path, &SystemClock).unwrap_err();
    assert!(
        matches!(
            error,
            LockError::Held {
                pid: None,
                since: None,
                ..
            }
        ),
        "{error:?}"
    );
    drop(lock);
}

#[test]
fn a_lock_that_cannot_be_made_is_no_held_lock() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Lock::acquire(&file.join("lock"), &SystemClock).unwrap_err();
    assert!(
        matches!(error, LockError::State(StateError::Write { .. })),
        "{error:?}"
    );
}
