//! The process is killed at every journal line and around every upload; a resume finds the same
//! final state, and every file was stored exactly once.

use std::path::Path;
use std::time::Duration;

use pubflow_testkit::fault_proxy::{Fault, FaultProxy, Gate, Nth};

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

/// The least patience with a program that has to reach a point.
const SOON: Duration = Duration::from_secs(60);

/// How many uploads of each file reached the index and were accepted.
#[track_caller]
fn assert_sent_once(proxy: &FaultProxy, n_files: usize) {
    let accepted = proxy
        .log()
        .iter()
        .filter(|request| request.method == "POST" && request.status == Some(200))
        .count();
    assert!(
        accepted <= n_files,
        "{accepted} uploads were accepted, {n_files} files were to be sent: {:#?}",
        proxy.log()
    );
}

#[track_caller]
fn finish(world: &World, index: &TestIndex) {
    let resumed = world.run(&["resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.err);
    assert_eq!(index.files("test", "demo"), expected(world));
    let again = world.run(&["resume"]).exits(0);
    assert!(again.err.contains("nothing is open"), "{}", again.err);
}

#[test]
fn death_at_every_journal_line_is_survived() {
    let mut n_points = 0;
    for side in ["before", "after"] {
        for line in 1.. {
            let mut world = world_with_a_release();
            let index = TestIndex::start(&world);
            let proxy = through_proxy(&mut world, &index);
            world.set("PUBFLOW_FAIL_POINT", format!("{side}:{line}"));
            let ended = world.run(&["publish", "--testpypi", "--no-verify"]);
            world.set("PUBFLOW_FAIL_POINT", "");
            if ended.code == 0 {
                assert_eq!(index.files("test", "demo"), expected(&world));
                assert!(line > 8, "only {line} journal lines for three uploads");
                break;
            }
            assert_eq!(
                ended.code, -1,
                "died of something else than the fail point at {side}:{line}: {}",
                ended.err
            );
            n_points += 1;
            if was_begun(&world) {
                finish(&world, &index);
            } else {
                // Nothing was written yet, so there is nothing to resume: the same command again.
                world
                    .run(&["publish", "--testpypi", "--no-verify"])
                    .exits(0);
                assert_eq!(index.files("test", "demo"), expected(&world));
            }
            assert_sent_once(&proxy, 3);
        }
    }
    println!("{n_points} points of death at journal lines");
    assert!(n_points >= 18, "only {n_points} points");
}

/// Whether the journal says how the run can be repeated.
fn was_begun(world: &World) -> bool {
    fn journals(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                journals(&path, found);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    journals(&world.path("state"), &mut found);
    found.iter().any(|text| text.contains("\"plan\""))
}

/// Kills the program while the n-th upload is at `point`, resumes, and compares.
#[track_caller]
fn kill_around_upload(nth: u64, point: fn(Gate) -> Fault) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    let gate = Gate::closed();
    proxy.on("POST", "/legacy/", Nth::Only(nth), point(gate.clone()));
    let mut child = world.start(&["publish", "--testpypi", "--no-verify", "--jobs", "1"]);
    assert!(gate.wait_reached(SOON), "upload {nth} was never sent");
    child.kill().unwrap();
    child.wait().unwrap();
    gate.open();
    proxy.clear();
    finish(&world, &index);
}

#[test]
fn death_before_the_bytes_of_an_upload_is_survived() {
    for nth in 1..=3 {
        kill_around_upload(nth, Fault::Hold);
    }
}

#[test]
fn death_after_the_server_stored_and_before_its_answer_is_survived() {
    for nth in 1..=3 {
        kill_around_upload(nth, Fault::HoldAfterCommit);
    }
}

#[test]
fn death_in_the_middle_of_the_bytes_is_survived() {
    for nth in 1..=3 {
        let mut world = world_with_a_release();
        let index = TestIndex::start(&world);
        let proxy = through_proxy(&mut world, &index);
        proxy.on("POST", "/legacy/", Nth::Only(nth), Fault::Stall);
        let mut child = world.start(&["publish", "--testpypi", "--no-verify", "--jobs", "1"]);
        let begun = std::time::Instant::now();
        while proxy
            .log()
            .iter()
            .filter(|request| request.method == "POST")
            .count()
            < usize::try_from(nth).unwrap()
        {
            assert!(begun.elapsed() < SOON, "upload {nth} was never begun");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        proxy.clear();
        finish(&world, &index);
    }
}

/// Lines of the one journal segment.
fn journal_lines(world: &World) -> usize {
    let mut folders = vec![world.path("state")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                return std::fs::read_to_string(path).unwrap().lines().count();
            }
        }
    }
    panic!("there is no journal");
}

const WITH_VERIFICATION: &[&str] = &["publish", "--testpypi", "--python", "max"];

#[test]
fn death_around_the_full_verification_is_survived() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let _proxy = through_proxy(&mut world, &index);
    world.run(WITH_VERIFICATION).exits(0);
    let n_lines = journal_lines(&world);

    // The verification is done and not written down; written down and the run not closed.
    for point in [
        format!("before:{}", n_lines - 1),
        format!("after:{}", n_lines - 1),
    ] {
        let mut world = world_with_a_release();
        let index = TestIndex::start(&world);
        let proxy = through_proxy(&mut world, &index);
        world.set("PUBFLOW_FAIL_POINT", point);
        assert_eq!(world.run(WITH_VERIFICATION).code, -1);
        world.set("PUBFLOW_FAIL_POINT", "");
        finish(&world, &index);
        assert_sent_once(&proxy, 3);
    }

    // In the middle of it, as soon as the program says that it has begun.
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    let mut child = world.start(WITH_VERIFICATION);
    let stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let begun = std::io::BufRead::lines(stderr).any(|line| line.unwrap().contains("install from"));
    assert!(begun, "the verification was never begun");
    child.kill().unwrap();
    child.wait().unwrap();
    finish(&world, &index);
    assert_sent_once(&proxy, 3);
}

#[test]
fn the_index_keeps_what_it_accepted_through_its_own_death() {
    let mut world = world_with_a_release();
    let data = world.path("index");
    let mut index = TestIndex::start_in(&world, &data);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    index.kill();
    let again = TestIndex::start_in(&world, &data);
    assert_eq!(again.files("test", "demo"), expected(&world));
    again.configure(&mut world);
    let rerun = world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    assert!(rerun.err.contains("taken over"), "{}", rerun.err);
}

#[test]
fn a_release_is_not_resumed_on_an_index_that_has_moved() {
    let mut world = world_with_a_release();
    let (index, other) = (TestIndex::start(&world), TestIndex::start(&world));
    index.configure(&mut world);
    world.set("PUBFLOW_FAIL_POINT", "after:4");
    assert_eq!(
        world.run(&["publish", "--testpypi", "--no-verify"]).code,
        -1
    );
    world.set("PUBFLOW_FAIL_POINT", "");
    other.configure(&mut world);
    world
        .run(&["resume"])
        .exits(2)
        .says("`testpypi` is not where it was");
    assert_eq!(other.files("test", "demo"), []);
    index.configure(&mut world);
    finish(&world, &index);
}

#[test]
fn a_run_that_found_no_token_leaves_nothing_open() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let _proxy = through_proxy(&mut world, &index);
    world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(6)
        .says("error[E206]");
    world.run(&["resume"]).exits(0).says("nothing is open");
}
