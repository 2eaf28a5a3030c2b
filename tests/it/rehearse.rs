//! A rehearsal: the whole release for real, and afterwards the tree is as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::peers::peers;
use crate::support::World;

/// What a rehearsal does, in its order.
const STEPS: [&str; 11] = [
    "build sdist and wheel",
    "check the sealed files",
    "upload to rehearsal-testpypi",
    "wait until rehearsal-testpypi shows every file",
    "install from rehearsal-testpypi and test",
    "compare with what rehearsal-testpypi serves",
    "upload to rehearsal-pypi",
    "wait until rehearsal-pypi shows every file",
    "install from rehearsal-pypi and test",
    "yank pubflow-hello 1.0.0 on rehearsal-pypi",
    "un-yank pubflow-hello 1.0.0 on rehearsal-pypi",
];

/// Everything below a folder: folders without content, files with theirs and when it was written.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<(Vec<u8>, SystemTime)>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.insert(path.clone(), None);
                folders.push(path);
            } else {
                let modified = path.metadata().unwrap().modified().unwrap();
                found.insert(
                    path.clone(),
                    Some((std::fs::read(&path).unwrap(), modified)),
                );
            }
        }
    }
    found
}

fn world_with(project: &str) -> (World, PathBuf) {
    let mut world = World::new();
    peers().offer_uv(&mut world);
    let project = world.project(project);
    (world, project)
}

#[test]
fn the_tree_and_the_state_stay_as_they_were_and_the_table_says_what_happened() {
    let (world, project) = world_with("hello");
    let before = tree(&project);
    assert!(before.len() > 5, "{before:?}");
    let ended = world.run(&["rehearse", "hello"]).exits(0);
    assert!(tree(&project) == before, "the rehearsal touched the tree");
    assert_eq!(
        tree(&world.path("state")).len(),
        0,
        "it wrote into the state"
    );
    assert_eq!(tree(&world.path("tmp")).len(), 0, "it left scratch files");
    let mut lines = ended.out.lines();
    for step in STEPS {
        let row = lines.find(|line| line.starts_with(step));
        let row = row.unwrap_or_else(|| panic!("no {step:?} in this order in\n{}", ended.out));
        assert!(row.contains("done"), "{row}");
    }
    let rest: String = lines.collect();
    assert!(
        rest.contains("pubflow-hello 1.0.0 went through the whole release"),
        "{}",
        ended.out
    );
}

#[test]
fn the_document_has_a_schema_and_every_step_with_its_time() {
    let (world, project) = world_with("hello");
    let arguments = ["rehearse", "--python", "max", "--format", "json"];
    let document = world.run_in(&project, &arguments).exits(0).json();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["project"], "pubflow-hello");
    assert_eq!(document["version"], "1.0.0");
    let steps = document["steps"].as_array().unwrap();
    let titles: Vec<&str> = steps
        .iter()
        .map(|step| step["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, STEPS);
    let mut sum = 0.0;
    for step in steps {
        assert_eq!(step["result"], "done", "{step}");
        sum += step["seconds"].as_f64().unwrap();
    }
    let total = document["seconds"].as_f64().unwrap();
    assert!(
        sum > 0.0 && total >= sum,
        "{sum} s in steps, {total} s in all"
    );
}

#[test]
fn a_release_that_does_not_import_fails_the_rehearsal_and_nothing_is_open() {
    let (world, project) = world_with("in-tree");
    let module = project.join("src/pubflow_in_tree/__init__.py");
    std::fs::write(&module, "import a_module_that_nobody_has\n").unwrap();
    let before = tree(&project);
    let ended = world
        .run(&["rehearse", "in-tree", "--python", "max"])
        .exits(1)
        .says("error[E402]")
        .says("a_module_that_nobody_has")
        .says("run `pubflow rehearse` again")
        .omits("already public")
        .omits("pubflow resume");
    assert_eq!(ended.out, "");
    assert!(tree(&project) == before, "the rehearsal touched the tree");
}

#[test]
fn a_rehearsal_without_the_installation_needs_no_second_interpreter() {
    let (world, _) = world_with("in-tree");
    let ended = world.run(&["rehearse", "in-tree", "--no-verify"]).exits(0);
    assert!(
        ended.out.contains("compare what rehearsal-pypi serves"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("install from"), "{}", ended.out);
}

#[test]
fn a_project_with_errors_is_not_rehearsed_to_the_end() {
    let world = World::new();
    let project = world.project("setuptools");
    // setuptools passes over a README that is not there; the release would have an empty page.
    std::fs::remove_file(project.join("README.md")).unwrap();
    let ended = world.run(&["rehearse", "setuptools", "--no-verify"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("P211"), "{}", ended.err);
}

#[test]
fn a_bad_day_is_rehearsed_to_its_end() {
    let (world, _) = world_with("in-tree");
    // The first upload is stored and its connection breaks; the listing lags; a read is refused for a moment.
    let faults = world.write(
        "faults.json",
        r#"{"format": "index-faults/1", "seed": 1, "rules": [
            {"route": "upload", "nth": [1], "fault": {"kind": "reset", "when": "after-commit"}},
            {"route": "upload", "nth": [2], "fault": {"kind": "status", "status": 503, "retry_after": 0}},
            {"route": "simple", "nth": [2, 3], "fault": {"kind": "lag", "ms": 60000}}]}"#,
    );
    let faults = faults.to_str().unwrap();
    let arguments = ["rehearse", "in-tree", "--no-verify", "--faults", faults];
    let ended = world
        .run(&[&arguments[..], &["--format", "json"]].concat())
        .exits(0);
    let document = ended.json();
    let steps = document["steps"].as_array().unwrap();
    assert!(
        steps.iter().all(|step| step["result"] == "done"),
        "{document}"
    );
}

#[test]
fn a_day_that_stays_bad_fails_the_rehearsal_and_says_what_the_index_said() {
    let (world, project) = world_with("in-tree");
    let before = tree(&project);
    let faults = world.write(
        "faults.json",
        r#"{"format": "index-faults/1", "seed": 1, "rules": [
            {"realm": "production", "route": "upload", "fault": {"kind": "status", "status": 403}}]}"#,
    );
    let arguments = ["rehearse", "in-tree", "--no-verify", "--faults"];
    world
        .run(&[&arguments[..], &[faults.to_str().unwrap()]].concat())
        .exits(6)
        .says("403");
    assert!(tree(&project) == before, "the rehearsal touched the tree");
    assert_eq!(tree(&world.path("state")).len(), 0);
    let wrong = world.write("wrong.json", r#"{"format": "index-faults/9", "rules": []}"#);
    world
        .run(&[&arguments[..], &[wrong.to_str().unwrap()]].concat())
        .exits(2)
        .says("--faults")
        .says("docs/index-faults.md");
}
