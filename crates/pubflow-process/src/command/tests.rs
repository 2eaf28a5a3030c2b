//! Real children of the system's shell.

use std::time::{Duration, Instant};

use super::*;
use crate::{Inherited, find_program, log_tail};

fn shell(script: &str) -> Command {
    let inherited = Inherited::capture();
    let shell = find_program("sh", &inherited).expect("a POSIX system has a shell");
    Command::new(shell)
        .args(["-c", script])
        .environment(Environment::default().set(
            "PATH",
            inherited.get("PATH").expect("tests run with a search path"),
        ))
        .deadline(Duration::from_secs(30))
}

#[test]
fn output_of_both_streams_lands_in_the_log_in_order() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let finished = run(
        &shell("echo one; echo two >&2; echo three; exit 3").log(&log),
        None,
    )
    .unwrap();
    assert_eq!(finished.status, Exit::Code(3));
    assert!(!finished.success());
    assert_eq!(log_tail(&log, 9), "one\ntwo\nthree");
}

#[test]
fn standard_output_may_have_a_file_of_its_own() {
    let scratch = tempfile::tempdir().unwrap();
    let (log, output) = (scratch.path().join("log"), scratch.path().join("output"));
    let command = shell("echo one; echo two >&2").log(&log).output(&output);
    assert!(run(&command, None).unwrap().success());
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "two\n");
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "one\n");
}

#[test]
fn a_child_gets_the_given_environment_place_and_an_empty_input() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let command = shell("cat; pwd; env | grep -v -e '^_=' -e '^PWD=' -e '^SHLVL=' -e '^OLDPWD='")
        .cwd(scratch.path())
        .log(&log);
    assert!(run(&command, None).unwrap().success());
    let real = scratch.path().canonicalize().unwrap();
    let path = Inherited::capture().get("PATH").unwrap().to_owned();
    let expected = format!("{}\nPATH={}", real.display(), path.to_string_lossy());
    assert_eq!(log_tail(&log, 99), expected);
}

#[test]
fn a_background_child_that_holds_the_output_is_neither_waited_for_nor_left_alive() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let script = "(while :; do echo beat; sleep 0.05; done) & sleep 0.2; exit 0";
    let started = Instant::now();
    assert!(run(&shell(script).log(&log), None).unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(20));
    assert!(log_tail(&log, 1).ends_with("beat"));
    let size = || std::fs::metadata(&log).unwrap().len();
    let at_the_end = size();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(size(), at_the_end, "the background child still writes");
}

#[test]
fn a_child_over_its_deadline_is_killed_with_its_group() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let command = shell("trap '' TERM; sleep 60 & sleep 60; echo late")
        .log(&log)
        .deadline(Duration::from_millis(200));
    let started = Instant::now();
    let error = run(&command, None).unwrap_err();
    assert!(matches!(error, ProcessError::Deadline { .. }), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("did not end within 0.2 s and was killed")
    );
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(log_tail(&log, 1), "");
}

#[test]
fn a_cancelled_child_is_killed() {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let started = Instant::now();
    let result = std::thread::scope(|scope| {
        let child = scope.spawn(|| run(&shell("sleep 60"), Some(&cancel)));
        std::thread::sleep(Duration::from_millis(100));
        switch.cancel();
        child.join().unwrap()
    });
    assert!(matches!(result, Err(ProcessError::Cancelled { .. })));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_log_over_its_bound_is_cut_and_the_end_is_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let script = "i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; sleep 0.3; echo end";
    let finished = run(&shell(script).log(&log).log_bytes(10_000), None).unwrap();
    assert!(finished.log_was_cut);
    assert!(std::fs::metadata(&log).unwrap().len() < 80_000);
    assert_eq!(log_tail(&log, 1), "end");
}

#[test]
fn death_by_a_signal_is_told_apart_from_a_status() {
    let finished = run(&shell("kill -9 $$"), None).unwrap();
    assert_eq!(finished.status, Exit::Signal(9));
    assert_eq!(finished.status.to_string(), "signal 9");
}

#[test]
fn what_cannot_be_started_says_why() {
    let missing = run(&Command::new("/nonexistent/program"), None).unwrap_err();
    assert!(
        matches!(missing, ProcessError::NotFound { .. }),
        "{missing}"
    );
    let scratch = tempfile::tempdir().unwrap();
    let refused = run(&Command::new(scratch.path()), None).unwrap_err();
    assert!(matches!(refused, ProcessError::Start { .. }), "{refused}");
    let place = run(&shell("true").cwd("/nonexistent"), None).unwrap_err();
    assert!(matches!(place, ProcessError::Start { .. }), "{place}");
    let log = run(&shell("true").log("/nonexistent/log"), None).unwrap_err();
    assert!(matches!(log, ProcessError::Log { .. }), "{log}");
}

/// Not a test by itself: the process that [`when_pubflow_is_killed_its_children_end_too`] kills.
#[test]
fn a_parent_that_is_to_be_killed() {
    let Some(log) = Inherited::capture()
        .get("PUBFLOW_TEST_LOG")
        .map(PathBuf::from)
    else {
        return;
    };
    let script = "(while :; do echo beat; sleep 0.05; done) & wait";
    let _ = run(&shell(script).log(log), None);
}

#[test]
fn when_pubflow_is_killed_its_children_end_too() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let mut parent = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "command::tests::a_parent_that_is_to_be_killed"])
        .env("PUBFLOW_TEST_LOG", &log)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !log_tail(&log, 1).ends_with("beat") {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it never began"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    parent.kill().unwrap();
    parent.wait().unwrap();
    let size = || std::fs::metadata(&log).unwrap().len();
    let started = Instant::now();
    loop {
        let before = size();
        std::thread::sleep(Duration::from_millis(400));
        if size() == before {
            break;
        }
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it still writes"
        );
    }
}
