//! `--fix`, `--unsafe-fixes` and `--diff`.

use super::{BROKEN, broken};
use crate::support::World;

#[test]
fn fix_corrects_keeps_comments_and_has_nothing_to_do_twice() {
    let (world, path) = broken();
    world.run(&["check"]).exits(1);
    let ended = world.run(&["check", "--fix"]).exits(0);
    assert!(ended.out.contains("fixed[P206]"), "{}", ended.out);
    let fixed = std::fs::read_to_string(&path).unwrap();
    let expected = BROKEN
        .replace("\"setuptools>=61\", \"wheel\"", "\"setuptools>=77.0.3\"")
        .replace("requires_python", "requires-python")
        .replace("\"mit\"", "\"MIT\"")
        .replacen("    \"Programming Language :: Python :: 3.12\",\n", "", 1);
    assert_eq!(fixed, expected);
    let again = world.run(&["check", "--fix"]).exits(0);
    assert!(!again.out.contains("fixed["), "{}", again.out);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), fixed);
}

#[test]
fn diff_shows_the_same_and_writes_nothing() {
    let (world, path) = broken();
    let ended = world.run(&["check", "--diff"]).exits(1);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), BROKEN);
    for line in [
        "--- pyproject.toml",
        "-requires_python = \">=3.10\"  # misspelt",
        "+requires-python = \">=3.10\"  # misspelt",
        "+license = \"MIT\"",
    ] {
        assert!(
            ended.out.lines().any(|found| found == line),
            "{line}: {}",
            ended.out
        );
    }
    world.run(&["check", "--fix"]).exits(0);
    let nothing = world.run(&["check", "--diff"]).exits(0);
    assert!(nothing.out.is_empty(), "{}", nothing.out);
}

#[test]
fn the_diff_is_one_that_patch_takes() {
    let (world, path) = broken();
    let diff = world
        .run(&["check", "--diff", "pyproject.toml"])
        .exits(1)
        .out;
    world.write("fixes.patch", &diff);
    let git = std::process::Command::new("git")
        .args(["apply", "-p0", "fixes.patch"])
        .current_dir(world.work())
        .output()
        .unwrap();
    let applied = match git.status.success() {
        true => std::fs::read_to_string(&path).unwrap(),
        false => panic!("{}", String::from_utf8_lossy(&git.stderr)),
    };
    std::fs::write(&path, BROKEN).unwrap();
    world.run(&["check", "--fix"]).exits(0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), applied);
}

#[test]
fn what_needs_a_decision_is_only_fixed_when_it_is_said() {
    let world = World::new();
    let text = "[build-system]\nrequires = []\nbuild-backend = \"x\"\n\n[project]\nname = \"demo\"\n\
                version = \"1.0\"\nlicense = \"Apache 2.0\"\n";
    let path = world.write("pyproject.toml", text);
    let ended = world.run(&["check", "--fix"]).exits(1);
    assert!(ended.out.contains("--unsafe-fixes"), "{}", ended.out);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    world.run(&["check", "--unsafe-fixes"]).exits(0);
    let fixed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(fixed, text.replace("Apache 2.0", "Apache-2.0"));
}

#[test]
fn fixes_in_json_say_where_and_how() {
    let (world, _) = broken();
    let document = world
        .run(&[
            "check",
            "--format",
            "json",
            "--select",
            "P206",
            "pyproject.toml",
        ])
        .json();
    let fix = &document["subjects"][0]["findings"][0]["fix"];
    let start = BROKEN.find("requires_python").unwrap();
    assert_eq!(
        *fix,
        serde_json::json!({
            "safe": true,
            "edits": [{
                "path": "pyproject.toml",
                "range": [start, start + "requires_python".len()],
                "text": "requires-python",
            }],
        })
    );
}

#[test]
fn the_file_keeps_its_permissions_and_a_link_stays_one() {
    use std::os::unix::fs::PermissionsExt;
    let (world, path) = broken();
    let real = world.path("elsewhere.toml");
    std::fs::rename(&path, &real).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &path).unwrap();
    world.run(&["check", "--fix"]).exits(0);
    assert!(std::fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(
        std::fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(
        std::fs::read_to_string(&real)
            .unwrap()
            .contains("requires-python")
    );
}
