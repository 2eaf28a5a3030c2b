//! What is remembered about releases: looked at, mended, handed over, given up.

use std::path::PathBuf;

use pubflow_testkit::fault_proxy::FaultProxy;

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

const PUBLISH: [&str; 3] = ["publish", "--testpypi", "--no-verify"];

/// A release that died when half of it was public.
fn half_published() -> (World, TestIndex, FaultProxy) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    // The sixth line is written when the first file was seen.
    world.set("PUBFLOW_FAIL_POINT", "after:6");
    assert_eq!(world.run(&PUBLISH).code, -1);
    world.set("PUBFLOW_FAIL_POINT", "");
    (world, index, proxy)
}

fn segment(world: &World) -> PathBuf {
    let mut folders = vec![world.path("state/releases")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "jsonl") {
                return path;
            }
        }
    }
    panic!("no journal");
}

#[test]
fn the_next_job_finishes_what_the_first_one_began() {
    let (mut world, index, _proxy) = half_published();
    let exported = world
        .run(&["state", "export", "demo==1.0", "release.tar"])
        .exits(0);
    assert!(
        exported.out.contains("3 of 3 sealed files"),
        "{}",
        exported.out
    );
    // Another machine: no state, no dist.
    world.set(
        "PUBFLOW_STATE_DIR",
        world.path("other-state").display().to_string(),
    );
    let files = expected(&world);
    std::fs::remove_dir_all(world.work().join("dist")).unwrap();
    world.set("PUBFLOW_WRITER", "job-2");
    world.run(&["state", "import", "release.tar"]).exits(0);
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), files);
    let history = world.run(&["history", "--format", "json"]).exits(0).json();
    let runs = history["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2, "{history}");
    assert_eq!(runs[0]["writer"], "job-2");
    assert_eq!(runs[0]["outcome"], "done");
    assert_eq!(runs[1]["writer"], "local");
    assert!(runs[1]["outcome"].is_null(), "{history}");
}

#[test]
fn a_damaged_journal_is_mended_and_the_release_goes_on() {
    let (world, index, _proxy) = half_published();
    world.run(&["state", "verify"]).exits(0);
    let path = segment(&world);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("intent", "intend", 1)).unwrap();
    world
        .run(&["resume"])
        .exits(9)
        .says("E901")
        .says("state repair");
    let audit = world.run(&["state", "verify"]).exits(9);
    assert!(audit.out.contains("1 damaged"), "{}", audit.out);
    let repaired = world.run(&["state", "repair"]).exits(0);
    assert!(repaired.out.contains("stay in force"), "{}", repaired.out);
    world.run(&["state", "verify"]).exits(0);
    // What the lost lines said is on the index, and is found there.
    world.run(&PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert!(
        world
            .run(&["state", "repair"])
            .exits(0)
            .out
            .contains("Nothing is damaged")
    );
}

#[test]
fn a_release_that_was_given_up_is_not_open() {
    let (world, index, _proxy) = half_published();
    world
        .run(&["abandon", "demo==1.0", "--reason", " "])
        .exits(2);
    let abandoned = world
        .run(&["abandon", "--reason", "superseded", "--format", "json"])
        .exits(0)
        .json();
    let place = &abandoned["indexes"][0];
    assert_eq!(place["index"], "testpypi");
    assert_eq!(place["public"].as_array().unwrap().len(), 1, "{abandoned}");
    world.run(&["resume"]).exits(0).says("nothing is open");
    world
        .run(&["resume", "demo==1.0"])
        .exits(2)
        .says("E113")
        .says("superseded");
    world
        .run(&["abandon", "demo==1.0", "--reason", "again"])
        .exits(2)
        .says("E114");
    // Publishing takes it up again, and what was public is not sent a second time.
    world.run(&PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    world
        .run(&["abandon", "demo==1.0", "--reason", "late"])
        .exits(2);
}

#[test]
fn a_foreign_file_is_no_release() {
    let world = World::new();
    world.write("release.tar", "not a tar archive");
    world
        .run(&["state", "import", "release.tar"])
        .exits(9)
        .says("E912");
    world.run(&["state", "import", "missing.tar"]).exits(2);
    world
        .run(&["state", "export", "demo==1.0", "x.tar"])
        .exits(2);
    assert!(!world.work().join("x.tar").exists());
}

#[test]
fn finished_releases_are_forgotten_only_when_that_is_asked_for() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let _proxy = through_proxy(&mut world, &index);
    world.run(&PUBLISH).exits(0);
    world.run(&["state", "gc"]).exits(0);
    world.run(&["state", "gc", "--older-than", "1"]).exits(0);
    world.run(&["status", "demo==1.0", "--offline"]).exits(0);
    let forgot = world.run(&["state", "gc", "--older-than", "0"]).exits(0);
    assert!(forgot.out.contains("forgot demo==1.0"), "{}", forgot.out);
    world.run(&["status", "demo==1.0", "--offline"]).exits(2);
    let empty = world.run(&["history"]).exits(0);
    assert_eq!(empty.out, "No run is recorded.\n");
}
