//! A release that several machines build: each its unit, one joins them.

use std::path::Path;

use pubflow_testkit::{SdistBuilder, WheelBuilder};
use serde_json::Value;

use crate::support::World;

const LINUX: &str = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64";
const MACOS: &str = "cp312-cp312-macosx_11_0_arm64";

fn wheel(tag: &str) -> WheelBuilder {
    WheelBuilder::new("demo", "1.0")
        .platlib()
        .tag(tag)
        .file("demo/__init__.py", "")
}

/// A project whose units copy what lies in `made/`, as if a compiler had made it.
fn world() -> World {
    let world = World::new();
    let made = world.work().join("made");
    for folder in ["linux", "macos"] {
        std::fs::create_dir_all(made.join(folder)).unwrap();
    }
    wheel(LINUX).build_in(&made.join("linux"));
    wheel(MACOS).build_in(&made.join("macos"));
    SdistBuilder::new("demo", "1.0").build_in(&made.join("linux"));
    world.write(
        "pyproject.toml",
        r#"[project]
name = "demo"
version = "1.0"
[tool.pubflow]
expect = ["sdist", "cp312-*-manylinux*", "cp312-*-macosx*"]
[[tool.pubflow.build.units]]
id = "linux"
runner = "ubuntu-24.04"
command = ["cp", "-r", "made/linux/.", "{out}"]
expect = ["sdist", "cp312-cp312-manylinux_2_17_x86_64"]
[[tool.pubflow.build.units]]
id = "macos"
command = ["cp", "-r", "{project}/made/macos/.", "{out}"]
"#,
    );
    world
}

fn names(document: &Value) -> Vec<String> {
    let files = document["files"].as_array().unwrap().iter();
    let name = |file: &Value| {
        let path = file["path"].as_str().unwrap().to_owned();
        path.rsplit('/').next().unwrap().to_owned()
    };
    files.map(name).collect()
}

fn built(world: &World) {
    for unit in ["linux", "macos"] {
        world.run(&["build", "--unit", unit]).exits(0);
        let fragment = format!("dist/{unit}/{unit}.pubflow.json");
        assert!(world.work().join(fragment).is_file());
    }
}

fn fails(world: &World, words: &str, code: i32) {
    let ended = world.run(&["collect", "dist", "-o", "all"]).exits(code);
    assert!(ended.err.contains(words), "{words}: {}", ended.err);
    assert!(!world.work().join("all").exists(), "nothing is written");
}

#[test]
fn units_are_joined_by_their_digests_and_sealed() {
    let world = world();
    built(&world);
    let arguments = ["collect", "dist", "-o", "all", "--format", "json"];
    let document = world.run(&arguments).exits(0).json();
    let expected = [
        format!("demo-1.0-{MACOS}.whl"),
        format!("demo-1.0-{LINUX}.whl"),
        "demo-1.0.tar.gz".to_owned(),
    ];
    let mut found = names(&document);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(document["notes"], Value::Array(Vec::new()));
    // Sealed: another command finds the release, and joining again changes nothing.
    let status = world.run(&["status", "demo==1.0"]).exits(0);
    assert!(status.out.contains("demo"), "{}", status.out);
    world.run(&arguments).exits(0);
}

#[test]
fn what_does_not_belong_together_is_not_joined() {
    let world = world();
    built(&world);
    let path = |name: &str| world.work().join(name);
    let linux = path(&format!("dist/linux/demo-1.0-{LINUX}.whl"));
    let good = std::fs::read(&linux).unwrap();

    std::fs::write(&linux, b"other").unwrap();
    fails(&world, "is not what the unit `linux` has built", 4);
    std::fs::remove_file(&linux).unwrap();
    fails(&world, "of the unit `linux` is not there", 1);
    std::fs::write(&linux, &good).unwrap();

    let added = wheel("cp313-cp313-win_amd64").build_in(&path("dist/macos"));
    fails(&world, "which does not name it", 1);
    std::fs::remove_file(added).unwrap();

    // A second machine that made other bytes of one name; the same bytes are no harm.
    std::fs::create_dir(path("dist/more")).unwrap();
    let second = path(&format!("dist/more/demo-1.0-{LINUX}.whl"));
    std::fs::write(&second, wheel(LINUX).file("demo/x.py", "").to_bytes()).unwrap();
    fails(&world, "two files `demo-1.0-cp312", 4);
    std::fs::write(&second, &good).unwrap();
    let again = ["collect", "dist", "-o", "again"];
    world.run(&again).exits(0);
    std::fs::remove_file(second).unwrap();

    // Nobody speaks for it, and the expected set does not name it.
    let stray = wheel("cp39-cp39-win32").build_in(&path("dist/more"));
    fails(&world, "the set is not what is expected", 1);
    std::fs::remove_file(stray).unwrap();

    let fragment = path("dist/macos/macos.pubflow.json");
    let text = std::fs::read_to_string(&fragment).unwrap();
    std::fs::write(
        &fragment,
        text.replace("\"commit\": null", "\"commit\": \"abc\""),
    )
    .unwrap();
    fails(&world, "different builds: commit", 1);
    std::fs::write(&fragment, text.replace("\"form\": 1", "\"form\": 2")).unwrap();
    fails(&world, "is no fragment of a build", 1);
    std::fs::remove_dir_all(path("dist/macos")).unwrap();
    fails(&world, "a unit is missing: macos", 1);
}

#[test]
fn a_unit_that_fails_says_why_and_leaves_nothing() {
    let world = world();
    let unit = |id: &str, command: &str, expect: &str| {
        format!("[[build.units]]\nid = \"{id}\"\ncommand = {command}\nexpect = [{expect}]\n")
    };
    let text = [
        unit(
            "breaks",
            "[\"sh\", \"-c\", \"echo no compiler; exit 3\"]",
            "",
        ),
        unit("nothing", "[\"true\"]", ""),
        unit("absent", "[\"pubflow-no-such-program\"]", ""),
        unit(
            "other",
            "[\"cp\", \"-r\", \"made/macos/.\", \"{out}\"]",
            "\"sdist\"",
        ),
    ];
    world.write("pubflow.toml", &text.concat());
    for (id, code, words) in [
        ("breaks", 1, &["exit status 3", "no compiler"][..]),
        ("nothing", 1, &["made no distribution"]),
        ("absent", 10, &["pubflow-no-such-program", "not installed"]),
        ("other", 1, &["missing: sdist", "not expected: demo-1.0"]),
        ("typo", 2, &["breaks, nothing, absent, other"]),
    ] {
        let ended = world.run(&["build", "--unit", id]).exits(code);
        for word in words {
            assert!(ended.err.contains(word), "{id}: {word}: {}", ended.err);
        }
        assert!(!world.work().join("dist").join(id).exists(), "{id}");
    }
    assert_eq!(left_in(&world.path("tmp")), [""; 0]);
}

fn left_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().file_name().to_string_lossy().into_owned()
    };
    entries.map(name).collect()
}
