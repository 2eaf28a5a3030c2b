//! What is known beforehand is said before the first file, for all files at once.

use std::fs;

use pubflow_testkit::WheelBuilder;
use serde_json::json;

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

fn published() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.run(PUBLISH).exits(0);
    (world, index)
}

/// Another wheel of the same release in `dist/`.
fn late_wheel(world: &World) {
    WheelBuilder::new("demo", "1.0")
        .tag("cp313-cp313-win_amd64")
        .file("demo/__init__.py", "")
        .build_in(&world.work().join("dist"));
}

#[test]
fn a_late_wheel_joins_its_release_within_the_window_and_not_after_it() {
    let (world, index) = published();
    let before = index.files("test", "demo");
    late_wheel(&world);
    index.admin(
        "test",
        &json!({"op": "age", "project": "demo", "version": "1.0", "days": 15}),
    );
    let files: Vec<String> = expected(&world)
        .iter()
        .map(|(name, ..)| format!("dist/{name}"))
        .collect();
    let all: Vec<&str> = PUBLISH
        .iter()
        .copied()
        .chain(files.iter().map(String::as_str))
        .collect();
    world
        .run(&all)
        .exits(1)
        .says("error[E215]")
        .says("P1607")
        .says("1.0.post1");
    assert_eq!(index.files("test", "demo"), before);
    // A prediction can be overruled; the index has the last word.
    let overruled = [
        &all[..],
        &["--ignore", "P1607=the clock of this index is wrong"],
    ]
    .concat();
    world
        .run(&overruled)
        .exits(7)
        .says("error[E203]")
        .says("older than 14 days");
    index.admin(
        "test",
        &json!({"op": "age", "project": "demo", "version": "1.0", "days": 1}),
    );
    world.run(&all).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn one_taken_name_among_many_stops_the_release_before_its_first_file() {
    let (mut world, index) = published();
    let before = index.files("test", "demo");
    let dist = world.work().join("dist");
    fs::remove_dir_all(&dist).unwrap();
    fs::create_dir(&dist).unwrap();
    // Sent first by name and order, and new; the second is there with other bytes.
    late_wheel(&world);
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&dist);
    let proxy = through_proxy(&mut world, &index);
    world
        .run(PUBLISH)
        .exits(4)
        .says("P505")
        .says("nothing was sent");
    assert!(proxy.log().iter().all(|request| request.method != "POST"));
    assert_eq!(index.files("test", "demo"), before);
}

#[test]
fn an_archived_project_and_a_look_alike_are_refused_before_anything_is_sent() {
    let (world, index) = published();
    late_wheel(&world);
    index.admin(
        "test",
        &json!({"op": "status", "project": "demo", "status": "archived"}),
    );
    let files: Vec<String> = expected(&world)
        .iter()
        .map(|(name, ..)| format!("dist/{name}"))
        .collect();
    let all: Vec<&str> = PUBLISH
        .iter()
        .copied()
        .chain(files.iter().map(String::as_str))
        .collect();
    world.run(&all).exits(1).says("P1611").says("un-archive");

    let mut other = World::new();
    index.configure(&mut other);
    let mut proxied = other;
    let proxy = through_proxy(&mut proxied, &index);
    let dist = proxied.work().join("dist");
    fs::create_dir(&dist).unwrap();
    WheelBuilder::new("dem0", "1.0")
        .file("dem0/__init__.py", "")
        .build_in(&dist);
    proxied
        .run(PUBLISH)
        .exits(1)
        .says("P231")
        .says("`demo`")
        .says("first release");
    assert!(proxy.log().iter().all(|request| request.method != "POST"));
}
