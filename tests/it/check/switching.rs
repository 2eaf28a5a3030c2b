//! `twine check` users change one word: the same files, patterns, exit codes, hooks and CI steps.

use std::process::Command;

use pubflow_testkit::{SdistBuilder, WheelBuilder};

use crate::peers::{Set, peers};
use crate::support::{Ended, World};

const PRE_COMMIT: Set = Set {
    name: "pre-commit",
    pins: &["pre-commit==4.3.0"],
    python: (3, 9),
};

/// A world with a release in `dist/`, and beside it what publishing tools leave there.
fn released() -> World {
    let world = World::new();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    let wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&dist);
    SdistBuilder::new("demo", "1.0").build_in(&dist);
    for ending in ["asc", "publish.attestation"] {
        let name = wheel.file_name().unwrap().to_str().unwrap();
        std::fs::write(dist.join(format!("{name}.{ending}")), "x").unwrap();
    }
    world
}

/// Both tools over the same arguments.
fn both(world: &World, arguments: &[&str]) -> [Ended; 2] {
    let twine: Vec<&std::ffi::OsStr> = ["check"]
        .iter()
        .chain(arguments)
        .map(|argument| argument.as_ref())
        .collect();
    let theirs = peers().run(world, "twine", &twine);
    [theirs, world.run(&[&["check"], arguments].concat())]
}

#[test]
fn a_good_release_passes_where_twine_passes_it() {
    let world = released();
    for arguments in [
        &["dist/*"][..],
        &["dist/*.whl", "dist/*.tar.gz"],
        &["--strict", "dist/*.whl"],
        &["dist/demo-1.0-py3-none-any.whl"],
    ] {
        let [theirs, ours] = both(&world, arguments);
        let ours_out = format!("{}{}", ours.out, ours.err);
        if !arguments.contains(&"--strict") {
            assert_eq!(
                (theirs.code, ours.code),
                (0, 0),
                "{arguments:?}: {ours_out}"
            );
        }
        assert!(!ours_out.contains(".asc"), "{ours_out}");
    }
}

#[test]
fn a_description_that_twine_refuses_is_refused() {
    let world = World::new();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .metadata(
            "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\
             Description-Content-Type: text/x-rst\n\nTitle\n====\n\nText\n",
        )
        .build_in(&dist);
    let [theirs, ours] = both(&world, &["dist/*"]);
    assert_eq!((theirs.code, ours.code), (1, 1), "{}{}", ours.out, ours.err);
    assert!(ours.out.contains("P701"), "{}", ours.out);
}

#[test]
fn a_pattern_that_fits_nothing_is_said() {
    let world = World::new();
    let [theirs, ours] = both(&world, &["dist/*"]);
    assert_ne!(theirs.code, 0);
    assert_eq!(ours.code, 2, "{}", ours.err);
    assert!(ours.err.contains("dist/*"), "{}", ours.err);
    assert!(
        ours.err.contains("no file fits this pattern"),
        "{}",
        ours.err
    );
}

#[test]
fn the_hook_of_pre_commit_lets_good_projects_pass_and_stops_broken_ones() {
    let Some(peers) = PRE_COMMIT.installed() else {
        return;
    };
    let mut world = World::new();
    world.set(
        "PRE_COMMIT_HOME",
        world.path("pre-commit").display().to_string(),
    );
    let binary = env!("CARGO_BIN_EXE_pubflow");
    let hooks = |arguments: &str| {
        format!(
            "repos:\n- repo: local\n  hooks:\n  - id: pubflow-check\n    name: pubflow check\n    \
             entry: {binary} check {arguments}\n    language: system\n    pass_filenames: false\n"
        )
    };
    let project = "[build-system]\nrequires = []\nbuild-backend = \"x\"\n[project]\nname = \"demo\"\nversion = \"1.0\"\n";
    world.write("pyproject.toml", project);
    world.write(".pre-commit-config.yaml", &hooks(""));
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(world.work())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    let run = || {
        let mut command = world.foreign(&peers.tool("pre-commit"));
        command.args(["run", "--all-files"]);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = run();
    assert_eq!(code, Some(0), "{text}");
    world.write(
        "pyproject.toml",
        &format!("{project}requires_python = '>=3'\n"),
    );
    git(&["add", "."]);
    let (code, text) = run();
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("error[P206]"), "{text}");
    // No shell writes the pattern out here.
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&dist);
    world.write(".pre-commit-config.yaml", &hooks("dist/*"));
    git(&["add", "."]);
    let (code, text) = run();
    assert_eq!(code, Some(0), "{text}");
    // The hooks of this repository are hooks.
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml");
    let valid = world
        .foreign(&peers.tool("pre-commit"))
        .args(["validate-manifest", manifest])
        .output()
        .unwrap();
    assert!(valid.status.success(), "{valid:?}");
}
