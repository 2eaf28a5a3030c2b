//! Promotion: exactly the bytes that were tested, with state or from files alone, and nothing at all
//! where the evidence is missing or says otherwise.

use std::path::{Path, PathBuf};

use pubflow_testkit::WheelBuilder;
use serde_json::json;

use crate::support::{Listed, TestIndex, World, digests_in, expected, world_with_a_release};

const PROMOTE: [&str; 3] = ["promote", "--yes", "--no-verify"];

/// A release of three files on the test realm.
fn tested() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    (world, index)
}

/// A world with an empty state that holds copies of the files of another one.
fn elsewhere(index: &TestIndex, dist: &Path) -> (World, Vec<String>) {
    let mut world = World::new();
    index.configure(&mut world);
    let mut names = Vec::new();
    for (name, ..) in digests_in(dist) {
        std::fs::copy(dist.join(&name), world.work().join(&name)).unwrap();
        names.push(name);
    }
    (world, names)
}

fn promote_with(files: &[String]) -> Vec<&str> {
    let mut arguments = PROMOTE.to_vec();
    arguments.extend(files.iter().map(String::as_str));
    arguments
}

fn other_wheel(folder: &Path) -> PathBuf {
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(folder)
}

fn on_production(index: &TestIndex) -> Vec<Listed> {
    index.files("production", "demo")
}

#[test]
fn the_newest_tested_release_is_promoted_and_a_second_time_changes_nothing() {
    let (world, index) = tested();
    let arguments = [&PROMOTE[..], &["--format", "json"]].concat();
    let document = world.run(&arguments).exits(0).json();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["index"], "pypi");
    assert_eq!(
        document["landed"].as_array().unwrap().len(),
        3,
        "{document}"
    );
    assert_eq!(on_production(&index), expected(&world));

    // Without a token, so nothing can have been sent.
    let mut world = world;
    world.unset("PUBFLOW_INDEX_PYPI_TOKEN");
    world.run(&arguments).exits(0);
    assert_eq!(on_production(&index), expected(&world));
}

#[test]
fn the_sealed_bytes_are_promoted_whatever_happened_to_dist() {
    let (world, index) = tested();
    let sealed = expected(&world);
    let dist = world.work().join("dist");
    other_wheel(&dist);
    assert_ne!(expected(&world), sealed);
    std::fs::remove_file(dist.join("demo-1.0.tar.gz")).unwrap();
    world.run(&PROMOTE).exits(0);
    assert_eq!(on_production(&index), sealed);
}

#[test]
fn a_release_is_promoted_by_its_name() {
    let (world, index) = tested();
    world
        .run(&["promote", "demo==9.9", "--yes", "--no-verify"])
        .exits(2)
        .says("demo==9.9");
    assert_eq!(on_production(&index), []);
    world
        .run(&["promote", "Demo==1.0.0", "--yes", "--no-verify"])
        .exits(0);
    assert_eq!(on_production(&index), expected(&world));
}

#[test]
fn files_alone_are_enough_and_their_evidence_is_made_anew() {
    let (world, index) = tested();
    let (other, names) = elsewhere(&index, &world.work().join("dist"));
    other.run(&promote_with(&names)).exits(0);
    assert_eq!(on_production(&index), expected(&world));
}

#[test]
fn files_that_differ_from_what_was_tested_end_in_4() {
    let (world, index) = tested();
    let (other, names) = elsewhere(&index, &world.work().join("dist"));
    other_wheel(&other.work());
    other
        .run(&promote_with(&names))
        .exits(4)
        .says("error[E204]")
        .says("demo-1.0-py3-none-any.whl");
    assert_eq!(on_production(&index), []);
}

#[test]
fn files_that_were_never_tested_end_in_1() {
    let untested = world_with_a_release();
    let index = TestIndex::start(&untested);
    let (other, names) = elsewhere(&index, &untested.work().join("dist"));
    other
        .run(&promote_with(&names))
        .exits(1)
        .says("error[E210]")
        .says("pubflow publish --index testpypi");
    assert_eq!(on_production(&index), []);
}

#[test]
fn a_single_file_that_was_not_tested_holds_all_back() {
    let (world, index) = tested();
    let (other, mut names) = elsewhere(&index, &world.work().join("dist"));
    let untested = WheelBuilder::new("demo", "1.0")
        .tag("cp313-cp313-win_amd64")
        .file("demo/__init__.py", "")
        .build_in(&other.work());
    names.push(untested.file_name().unwrap().to_str().unwrap().to_owned());
    other
        .run(&promote_with(&names))
        .exits(1)
        .says("demo-1.0-cp313-cp313-win_amd64.whl");
    assert_eq!(on_production(&index), []);
}

#[test]
fn a_release_that_was_yanked_meanwhile_is_not_promoted() {
    let (world, index) = tested();
    index.admin(
        "test",
        &json!({"op": "yank", "project": "demo", "version": "1.0", "reason": "no"}),
    );
    world.run(&PROMOTE).exits(1).says("error[E209]");
    assert_eq!(on_production(&index), []);
}

#[test]
fn other_bytes_on_the_target_end_in_4_and_stay() {
    let (world, index) = tested();
    let mut other = World::new();
    index.configure(&mut other);
    let wheel = other_wheel(&other.work());
    other
        .run(&["publish", wheel.to_str().unwrap(), "--pypi", "--no-verify"])
        .exits(0);
    let before = on_production(&index);
    world
        .run(&PROMOTE)
        .exits(4)
        .says("demo-1.0-py3-none-any.whl");
    assert_eq!(on_production(&index), before);
}

#[test]
fn nothing_tested_is_nothing_to_promote() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.run(&PROMOTE).exits(2).says("next:");
    assert_eq!(on_production(&index), []);
}

#[test]
fn a_source_that_is_down_holds_the_promotion_back() {
    let (mut world, index) = tested();
    world.set(
        "PUBFLOW_INDEX_TESTPYPI_SIMPLE",
        "http://127.0.0.1:1/simple/",
    );
    world.set("PUBFLOW_INDEX_TESTPYPI_KIND", "generic");
    world.run(&PROMOTE).exits(5);
    assert_eq!(on_production(&index), []);
}

#[test]
fn a_project_that_has_moved_on_is_not_promoted_at_its_old_version() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    world.write(
        "pyproject.toml",
        "[project]\nname = \"demo\"\nversion = \"1.1\"\n",
    );
    world
        .run(&["promote", "--yes", "--no-verify"])
        .exits(2)
        .says("error[E112]")
        .says("demo==1.0");
    assert_eq!(index.files("production", "demo"), []);
    world
        .run(&["promote", "demo==1.0", "--yes", "--no-verify"])
        .exits(0);
}

#[test]
fn another_project_is_not_promoted_from_here() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    world.write(
        "pyproject.toml",
        "[project]\nname = \"other\"\nversion = \"1.0\"\n",
    );
    world.run(&["promote", "--yes", "--no-verify"]).exits(2);
    assert_eq!(index.files("production", "demo"), []);
}

#[test]
fn a_job_without_files_promotes_by_digests_that_are_known_from_elsewhere() {
    let (world, index) = tested();
    let manifest = std::fs::read_dir(world.path("state").join("releases/demo/1.0"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("manifest.json"))
        .find(|path| path.is_file())
        .unwrap();
    let mut job = World::new();
    index.configure(&mut job);
    let named = ["--manifest", manifest.to_str().unwrap()];
    let ended = job.run(&[&PROMOTE[..], &named].concat()).exits(0);
    assert_eq!(on_production(&index), expected(&world));
    // Every file with its digest here, there and there.
    let (name, sha256, _) = &expected(&world)[0];
    let row = ended
        .err
        .lines()
        .find(|line| line.contains(name.as_str()) && line.matches(&sha256[..12]).count() == 3);
    assert!(row.is_some(), "{}", ended.err);
}

#[test]
fn digests_alone_fetch_the_files_and_a_wrong_one_fetches_nothing() {
    let (world, index) = tested();
    let mut job = World::new();
    index.configure(&mut job);
    let wrong = "0".repeat(64);
    let promote = [&PROMOTE[..], &["demo==1.0", "--sha256"]].concat();
    job.run(&[&promote[..], &[wrong.as_str()]].concat())
        .exits(1)
        .says("error[E210]")
        .says(&wrong);
    job.run(&[&promote[..], &["abc"]].concat()).exits(2);
    job.run(&[&PROMOTE[..], &["dist/x.whl", "--sha256", wrong.as_str()]].concat())
        .exits(2);
    assert!(on_production(&index).is_empty());
    let digests: Vec<String> = expected(&world)
        .into_iter()
        .map(|(_, sha256, _)| sha256)
        .collect();
    let mut arguments = [&PROMOTE[..], &["demo==1.0"]].concat();
    for digest in &digests {
        arguments.extend(["--sha256", digest.as_str()]);
    }
    job.run(&arguments).exits(0);
    assert_eq!(on_production(&index), expected(&world));
}
