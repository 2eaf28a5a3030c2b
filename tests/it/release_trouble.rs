//! The ways in which releases get stuck elsewhere, replayed: each is finished by one command.

use std::path::Path;

use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Nth};

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

/// A release of built files to the index for trials, which may be behind a proxy.
const RELEASE: [&str; 7] = [
    "release",
    "--testpypi",
    "--no-verify",
    "--rehearse=none",
    "dist/demo-1.0-py3-none-any.whl",
    "dist/demo-1.0-cp312-cp312-win_amd64.whl",
    "dist/demo-1.0.tar.gz",
];

fn behind_a_proxy() -> (World, TestIndex, FaultProxy) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    (world, index, proxy)
}

fn n_accepted(proxy: &FaultProxy) -> usize {
    let log = proxy.log();
    let accepted = log
        .iter()
        .filter(|request| request.method == "POST" && request.status == Some(200));
    accepted.count()
}

#[test]
fn publishing_that_failed_after_half_of_the_files_is_resumed() {
    let (world, index, proxy) = behind_a_proxy();
    let refusal = Canned::new(403, "the token has no rights any more");
    proxy.on("POST", "/legacy/", Nth::Only(2), Fault::Answer(refusal));
    let stopped = world.run(&RELEASE).exits(7).says("already public");
    assert!(
        stopped.err.contains("run the command again"),
        "{}",
        stopped.err
    );
    assert_eq!(index.files("test", "demo").len(), 1);
    proxy.clear();
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(n_accepted(&proxy), 3);
}

#[test]
fn a_step_that_fails_behind_the_upload_is_repeated_alone() {
    let (world, index, proxy) = behind_a_proxy();
    world.write(
        "pubflow.toml",
        "[[step]]\nname = \"announce\"\nrun = [\"git\", \"no-such-command\"]\n",
    );
    world
        .run(&RELEASE)
        .exits(7)
        .says("`announce` ended with")
        .says("already public");
    world.write(
        "pubflow.toml",
        "[[step]]\nname = \"announce\"\nrun = [\"git\", \"--version\"]\n",
    );
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(n_accepted(&proxy), 3);
}

#[test]
fn a_new_job_without_state_finishes_what_another_began() {
    let (mut world, index, proxy) = behind_a_proxy();
    proxy.on(
        "POST",
        "/legacy/",
        Nth::Only(3),
        Fault::Answer(Canned::new(403, "no")),
    );
    world.run(&RELEASE).exits(7);
    proxy.clear();
    // Another machine: the files came with the job, the state did not.
    let other = world.path("other-state").display().to_string();
    world.set("PUBFLOW_STATE_DIR", other);
    world
        .run(&RELEASE)
        .exits(0)
        .says("already there with our digest");
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(n_accepted(&proxy), 3);
    world.run(&RELEASE).exits(0);
    assert_eq!(n_accepted(&proxy), 3);
}

#[test]
fn an_index_that_shows_old_pages_is_waited_for() {
    let mut world = world_with_a_release();
    let plan = world.write(
        "faults.json",
        r#"{"format": "index-faults/1", "seed": 7, "rules": [
            {"route": "simple", "fault": {"kind": "lag", "ms": 1500, "nodes": 3}}]}"#,
    );
    let index = TestIndex::start_with(&world, &["--faults", plan.to_str().unwrap()]);
    index.configure(&mut world);
    world.run(&RELEASE).exits(0);
    // What is listed is as late as for everybody.
    std::thread::sleep(std::time::Duration::from_millis(1700));
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn answers_that_were_lost_send_nothing_twice() {
    let broken = Canned::new(500, "stored, and then it broke");
    for (name, fault) in [
        ("a reset after the commit", Fault::CutAfterCommit),
        ("500 after the commit", Fault::AnswerAfterCommit(broken)),
        ("a cut answer", Fault::CutAnswer(1)),
    ] {
        let (world, index, proxy) = behind_a_proxy();
        proxy.on("POST", "/legacy/", Nth::Only(2), fault);
        let ended = world.run(&RELEASE);
        if ended.code != 0 {
            world.run(&["resume"]).exits(0);
        }
        assert_eq!(index.files("test", "demo"), expected(&world), "{name}");
        assert!(n_accepted(&proxy) <= 3, "{name}: {:#?}", proxy.log());
    }
}

#[test]
fn a_file_that_was_replaced_on_the_index_is_an_alarm() {
    let (world, index, proxy) = behind_a_proxy();
    world.run(&RELEASE).exits(0);
    // The listing claims other bytes under our name.
    let page = index.listing("test", "demo").to_string();
    let digest = &expected(&world)[0].1;
    let page = page.replace(digest.as_str(), &"0".repeat(64));
    let answer =
        Canned::new(200, &page).header("content-type", "application/vnd.pypi.simple.v1+json");
    proxy.on("GET", "/simple/demo/", Nth::Every, Fault::Answer(answer));
    world
        .run(&RELEASE)
        .exits(4)
        .says("is there with other bytes");
}

#[test]
fn a_state_that_lies_in_the_repository_proves_nothing() {
    let (mut world, index, proxy) = behind_a_proxy();
    // A release that really happened, on an index that is gone then.
    world.run(&RELEASE).exits(0);
    drop((proxy, index));
    for name in [".pubflow", "state", ".state"] {
        copy(&world.path("state"), &world.work().join(name));
    }
    let empty = TestIndex::start(&world);
    let fresh = through_proxy(&mut world, &empty);
    let other = world.path("other-state").display().to_string();
    world.set("PUBFLOW_STATE_DIR", other);
    world.run(&RELEASE).exits(0);
    assert_eq!(
        n_accepted(&fresh),
        3,
        "it was believed that the files are public"
    );
    assert_eq!(empty.files("test", "demo"), expected(&world));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
