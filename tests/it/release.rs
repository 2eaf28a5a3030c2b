//! The whole release as one command: preflight, slices, approvals, rehearsal, adoption, and what holds
//! it up.

use std::path::Path;
use std::process::Command;

use pubflow_testkit::WheelBuilder;
use serde_json::Value;

use crate::support::{TestIndex, World, expected, world_with_a_release};

const FILES: [&str; 3] = [
    "dist/demo-1.0-py3-none-any.whl",
    "dist/demo-1.0-cp312-cp312-win_amd64.whl",
    "dist/demo-1.0.tar.gz",
];

fn with_index() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    (world, index)
}

/// `pubflow release` of the built files, without the install test.
fn release<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["release", "--pypi", "--no-verify"];
    arguments.extend(FILES);
    arguments.extend(more);
    arguments
}

fn git(directory: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn steps(document: &Value) -> Vec<String> {
    let steps = document["steps"].as_array().unwrap().iter();
    steps
        .map(|step| step["step"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn built_files_go_through_every_stage_and_a_second_run_changes_nothing() {
    let (world, index) = with_index();
    let document = world.run(&release(&["--format", "json"])).exits(0).json();
    assert_eq!(
        steps(&document),
        [
            "check",
            "preflight:pypi",
            "rehearse:loopback",
            "upload:pypi",
            "wait:pypi",
            "verify:pypi"
        ]
    );
    assert_eq!(index.files("production", "demo"), expected(&world));
    let again = world.run(&release(&["--format", "json"])).exits(0).json();
    let rehearsal = &again["steps"][2];
    assert_eq!(rehearsal["step"], "rehearse:loopback");
    assert_eq!(rehearsal["status"], "done before", "{again}");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_release_can_stop_before_anything_is_sent_and_go_on_later() {
    let (mut world, index) = with_index();
    // Nothing is sent, so no token is asked for.
    let token = index.get("production", "token").to_owned();
    world.unset("PUBFLOW_INDEX_PYPI_TOKEN");
    let stopped = world.run(&release(&["--until", "rehearse"])).exits(0);
    assert!(!stopped.err.contains("is public"), "{}", stopped.err);
    assert!(index.files("production", "demo").is_empty());
    let refused = world.run(&release(&["--from", "publish"])).exits(6);
    assert!(refused.err.contains("no token"), "{}", refused.err);
    world.set("PUBFLOW_INDEX_PYPI_TOKEN", token);
    world.run(&release(&["--from", "publish"])).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn nothing_begins_behind_a_step_that_has_not_passed() {
    let (world, index) = with_index();
    world
        .run(&release(&["--only", "publish"]))
        .exits(2)
        .says("`check` has not passed");
    world
        .run(&release(&["--until", "deploy"]))
        .exits(2)
        .says("there are check, preflight");
    world
        .run(&release(&["--skip", "upload:pypi=hurry"]))
        .exits(2)
        .says("keeps other bytes from being published");
    assert!(index.files("production", "demo").is_empty());
}

#[test]
fn a_skipped_rehearsal_is_kept_with_its_reason() {
    let (world, index) = with_index();
    let document = world
        .run(&release(&[
            "--skip",
            "rehearse=seen yesterday",
            "--format",
            "json",
        ]))
        .exits(0)
        .json();
    assert!(!steps(&document).contains(&"rehearse:loopback".to_owned()));
    assert_eq!(index.files("production", "demo"), expected(&world));
    let journal = journals(&world.path("state/releases"));
    assert!(journal.contains("seen yesterday"), "{journal}");
}

/// Every file and folder, sorted.
fn names_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(names_below(&path));
        }
        names.push(path);
    }
    names.sort();
    names
}

fn journals(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&journals(&path));
        } else if path.extension().is_some_and(|end| end == "jsonl") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn people_approve_these_bytes_for_this_index() {
    let (world, index) = with_index();
    world.write(
        "pubflow.toml",
        "[release]\napprovals = 2\napprovals-expire = \"24h\"\n",
    );
    let waiting = world.run(&release(&[])).exits(3).says("0 of 2");
    assert!(
        waiting.err.contains("pubflow approve demo==1.0"),
        "{}",
        waiting.err
    );
    assert!(index.files("production", "demo").is_empty());

    // The same person twice is one person, another index is another matter.
    for arguments in [
        ["--by", "ann", "--index", "pypi"],
        ["--by", "ann", "--index", "pypi"],
        ["--by", "bob", "--index", "testpypi"],
    ] {
        let mut approve = vec!["approve", "demo==1.0", "--yes"];
        approve.extend(arguments);
        world.run(&approve).exits(0);
    }
    world.run(&["resume"]).exits(3).says("1 of 2");
    let approved = world
        .run(&["approve", "--yes", "--by", "bob", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(approved["index"], "pypi");
    assert!(approved["until"].is_string());
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn an_approval_of_other_bytes_is_worth_nothing() {
    let (world, index) = with_index();
    world.write("pubflow.toml", "[release]\napprovals = 1\n");
    world.run(&release(&[])).exits(3);
    world
        .run(&[
            "approve",
            "--yes",
            "--by",
            "ann",
            "--manifest",
            &"0".repeat(64),
        ])
        .exits(4)
        .says("other bytes here than those that were looked at");
    world.run(&["approve", "--yes", "--by", "ann"]).exits(0);
    // One file is built again: another manifest, so the approval is void.
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "changed = 1")
        .build_in(&world.work().join("dist"));
    world.run(&release(&[])).exits(3).says("0 of 1");
    assert!(index.files("production", "demo").is_empty());
    // Without a terminal nobody can be asked.
    world
        .run(&["approve", "--by", "ann"])
        .exits(3)
        .says("was not approved");
}

#[test]
fn an_approval_shows_what_is_new_since_the_last_release() {
    let (world, _index) = with_index();
    world.run(&release(&[])).exits(0);
    let dist = world.work().join("dist");
    let wheel = WheelBuilder::new("demo", "1.1")
        .file("demo/__init__.py", "")
        .file("demo_start.pth", "import demo")
        .requires("requests")
        .build_in(&dist);
    world.write("pubflow.toml", "[release]\napprovals = 1\n");
    let wheel = wheel
        .strip_prefix(world.work())
        .unwrap()
        .display()
        .to_string();
    world
        .run(&["release", "--pypi", "--no-verify", &wheel])
        .exits(3);
    world
        .run(&["approve", "demo==1.1", "--yes", "--by", "ann"])
        .exits(0)
        .says("demo_start.pth")
        .says("requests");
}

#[test]
fn a_rehearsal_on_a_test_index_leaves_its_files_there_and_blocks_nothing() {
    let (world, index) = with_index();
    world.write(
        "pubflow.toml",
        "[release]\nrehearse = \"testpypi\"\napprovals = 1\n",
    );
    // What landed on the index for trials does not make the wait an open release.
    world.run(&release(&[])).exits(3);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert!(index.files("production", "demo").is_empty());
    world.run(&["approve", "--yes", "--by", "ann"]).exits(0);
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_version_that_is_burnt_on_the_test_index_stops_with_ways_on() {
    let (world, index) = with_index();
    let elsewhere = world.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let other = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&elsewhere);
    world
        .run(&[
            "publish",
            "--testpypi",
            "--no-verify",
            &other.display().to_string(),
        ])
        .exits(0);
    world.run(&release(&["--rehearse", "testpypi"])).exits(4);
    assert!(index.files("production", "demo").is_empty());
    world
        .run(&release(&[
            "--rehearse",
            "testpypi",
            "--skip",
            "rehearse=the name is burnt there",
        ]))
        .exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn what_twine_left_half_done_is_adopted_and_finished() {
    let (world, index) = with_index();
    // Somebody else uploaded one file, from a machine whose state is not here.
    world
        .run(&[
            "publish",
            "--pypi",
            "--no-verify",
            "--state-dir",
            "other-state",
            FILES[0],
        ])
        .exits(0);
    let mut adopt = vec!["adopt", "demo==1.0", "--pypi", "--no-verify"];
    adopt.extend(FILES);
    world.run(&adopt).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
    let status = world.run(&["status", "--format", "json"]).exits(0).json();
    assert_eq!(status["open"], false);

    // Without files, what the index has is the release.
    world
        .run(&[
            "adopt",
            "demo==1.0",
            "--pypi",
            "--no-verify",
            "--state-dir",
            "third-state",
        ])
        .exits(0);
    world
        .run(&["adopt", "other==1.0", "--pypi", "--no-verify"])
        .exits(2);
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&world.work().join("dist"));
    world
        .run(&["adopt", "demo==1.0", "--pypi", "--no-verify", FILES[0]])
        .exits(4)
        .says("is not what pypi has");
}

#[test]
fn a_plan_writes_nothing_and_names_digests_once_there_are_files() {
    let (world, index) = with_index();
    let before = world.path("state").exists();
    let mut plan = vec!["plan", "--pypi", "--format", "json"];
    plan.extend(FILES);
    let document = world.run(&plan).exits(0).json();
    assert_eq!(world.path("state").exists(), before);
    assert_eq!(document["release"], "demo 1.0");
    let upload = document["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["step"] == "upload:pypi")
        .unwrap();
    let units = upload["units"].as_array().unwrap();
    assert_eq!(units.len(), 3);
    assert!(
        units.iter().all(|unit| unit["remote"] == "absent"),
        "{upload}"
    );
    assert!(index.files("production", "demo").is_empty());

    // Before a build the same steps are named, as far as they were asked for.
    let outline = world
        .run(&["plan", "--pypi", "--until", "check", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(steps(&outline), ["build", "check"]);
    let whole = world
        .run(&["plan", "--pypi", "--format", "json"])
        .exits(0)
        .json();
    let named: Vec<String> = steps(&document);
    assert_eq!(steps(&whole)[1..], named[..], "{whole}");
    assert_eq!(whole["manifest"], Value::Null);
}

#[test]
fn the_preflight_asks_everything_before_it_stops() {
    let (mut world, index) = with_index();
    world.unset("PUBFLOW_INDEX_PYPI_TOKEN");
    let project = world.project("hello");
    git(&project, &["init", "-q", "-b", "side"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "first"]);
    git(&project, &["tag", "v9.9"]);
    std::fs::write(project.join("left-over.txt"), "").unwrap();
    std::fs::write(project.join("README.md"), "changed").unwrap();
    std::fs::write(
        project.join("pubflow.toml"),
        "[release]\nbranches = [\"main\", \"release/*\"]\n",
    )
    .unwrap();
    let refused = world
        .run_in(&project, &["release", "--pypi"])
        .exits(6)
        .says("without these files: left-over.txt")
        .says("differs from its commit: M README.md")
        .says("on branch side")
        .says("tagged `v9.9`")
        .says("no token for pypi");
    assert!(!project.join("dist").exists(), "{}", refused.err);
    let answers = world
        .run_in(&project, &["doctor", "--pypi", "--format", "json"])
        .exits(6)
        .json();
    assert_eq!(answers["ready"], false);
    assert!(index.files("production", "pubflow-hello").is_empty());
}

#[test]
fn a_commit_is_built_in_a_clean_copy_and_its_files_are_taken_again() {
    let (world, index) = with_index();
    let project = world.project("hello");
    std::fs::write(project.join(".gitignore"), "dist/\nsecret.txt\n").unwrap();
    git(&project, &["init", "-q", "-b", "main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-q", "-m", "first"]);
    std::fs::write(project.join("secret.txt"), "not committed").unwrap();
    let first = world
        .run_in(
            &project,
            &["release", "--pypi", "--no-verify", "--until", "check"],
        )
        .exits(0);
    assert!(first.err.contains("built in"), "{}", first.err);
    // A plan names the sealed bytes and leaves the state as it is.
    let before = names_below(&world.path("state"));
    let plan = ["plan", "--pypi", "--format", "json"];
    let sealed = world.run_in(&project, &plan).exits(0).json();
    assert!(sealed["manifest"].is_string(), "{sealed}");
    assert_eq!(names_below(&world.path("state")), before);
    let second = world
        .run_in(&project, &["release", "--pypi", "--no-verify"])
        .exits(0)
        .says("was built from this commit before");
    assert!(!second.err.contains("built in"), "{}", second.err);
    let files = index.files("production", "pubflow-hello");
    assert_eq!(files.len(), 2);
}

#[test]
fn a_run_is_told_as_it_was_asked_for() {
    let (world, _index) = with_index();
    let told = world.run(&release(&["--progress", "json"])).exits(0);
    let events: Vec<Value> = told
        .err
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let finished = |name: &str| {
        events
            .iter()
            .any(|event| event["event"] == "step-finished" && event["step"] == name)
    };
    for step in ["check", "rehearse:loopback", "upload:pypi", "verify:pypi"] {
        assert!(finished(step), "{step}: {}", told.err);
    }
    let groups = world.run(&release(&["--progress", "github"])).exits(0);
    let count = |text: &str| {
        groups
            .err
            .lines()
            .filter(|line| line.starts_with(text))
            .count()
    };
    assert!(count("::group::") >= 6, "{}", groups.err);
    assert_eq!(count("::group::"), count("::endgroup::"));
    let quiet = world.run(&release(&["--progress", "quiet"])).exits(0);
    assert!(!quiet.err.contains("upload to pypi"), "{}", quiet.err);
}

#[test]
fn a_command_of_the_project_is_a_step_of_the_release() {
    let (world, index) = with_index();
    world.write(
        "tool.py",
        "import json, os, pathlib, sys\n\
         done = pathlib.Path('done.txt')\n\
         if sys.argv[1] == 'observe':\n\
         \x20   sys.exit(0 if done.exists() else 1)\n\
         assert not any('TOKEN' in name for name in os.environ), os.environ\n\
         names = sorted(os.listdir(os.environ['PUBFLOW_FILES']))\n\
         with done.open('a') as out:\n\
         \x20   out.write(os.environ['PUBFLOW_VERSION'] + '\\n')\n\
         result = {'files': ' '.join(names), 'index': os.environ['PUBFLOW_INDEX']}\n\
         pathlib.Path(os.environ['PUBFLOW_RESULT']).write_text(json.dumps(result))\n",
    );
    let python = ["python3", "python"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok())
        .expect("a Python is what pubflow is for");
    let step = |more: &str| {
        format!("[[step]]\nname = \"docs\"\nrun = [\"{python}\", \"tool.py\", \"run\"]\n{more}\n")
    };
    world.write(
        "pubflow.toml",
        &step(&format!(
            "observe = [\"{python}\", \"tool.py\", \"observe\"]"
        )),
    );
    let document = world.run(&release(&["--format", "json"])).exits(0).json();
    let last = document["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(last["step"], "step:docs");
    let evidence = last["units"][0]["evidence"].to_string();
    assert!(evidence.contains("demo-1.0.tar.gz"), "{evidence}");
    assert!(evidence.contains("pypi"), "{evidence}");
    // What is there is not done again.
    world.run(&release(&[])).exits(0);
    let done = std::fs::read_to_string(world.work().join("done.txt")).unwrap();
    assert_eq!(done, "1.0\n");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_step_of_the_project_can_stop_a_release_or_make_it_wait() {
    let (world, index) = with_index();
    let python = ["python3", "python"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok())
        .expect("a Python is what pubflow is for");
    for (status, exit) in [(1, 1), (3, 3)] {
        world.write(
            "pubflow.toml",
            &format!(
                "[[step]]\nname = \"ask\"\nafter = \"check\"\nrun = [\"{python}\", \"-c\", \"import sys; print('the moon is wrong'); sys.exit({status})\"]\n"
            ),
        );
        world
            .run(&release(&[]))
            .exits(exit)
            .says("the moon is wrong");
    }
    world
        .run(&release(&["--skip", "step:ask=asked by hand"]))
        .exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
    for wrong in [
        "[[step]]\nname = \"A b\"\nrun = [\"x\"]\n",
        "[[step]]\nname = \"a\"\n",
        "[[step]]\nname = \"a\"\nrun = []\n",
        "[[step]]\nname = \"a\"\nrun = [\"x\"]\nafter = \"lunch\"\n",
        "[[step]]\nname = \"a\"\nrun = [\"x\"]\nbefore = \"check\"\n",
    ] {
        world.write("pubflow.toml", wrong);
        world.run(&release(&[])).exits(2);
    }
}

#[test]
fn a_commit_that_mends_a_gate_takes_the_place_of_the_one_before() {
    let (world, index) = with_index();
    let project = world.project("hello");
    let gate = |verb: &str| {
        let text = format!("[gates.tests]\nrun = [\"git\", \"{verb}\"]\n");
        std::fs::write(project.join("pubflow.toml"), text).unwrap();
        git(&project, &["add", "."]);
        git(&project, &["commit", "-q", "-m", verb]);
    };
    std::fs::write(project.join(".gitignore"), "dist/\n").unwrap();
    git(&project, &["init", "-q", "-b", "main"]);
    gate("no-such-command");
    let release = ["release", "--pypi", "--no-verify"];
    world.run_in(&project, &release).exits(1);
    gate("--version");
    world.run_in(&project, &release).exits(0);
    assert_eq!(index.files("production", "pubflow-hello").len(), 2);
    let resumed = world.run_in(&project, &["resume"]).exits(0);
    assert!(resumed.err.contains("nothing is open"), "{}", resumed.err);
}

#[test]
fn gates_and_closed_windows_hold_a_release_up() {
    let (world, index) = with_index();
    let gate = |status: &str| format!("[gates.tests]\nrun = [\"git\", \"{status}\"]\n");
    world.write("pubflow.toml", &gate("no-such-command"));
    world
        .run(&release(&[]))
        .exits(1)
        .says("gate `tests` failed");
    assert!(index.files("production", "demo").is_empty());
    world.write(
        "pubflow.toml",
        &format!(
            "{}[release.window]\ndeny = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun 00:00-23:59\"]\ntz = \"UTC\"\n",
            gate("--version")
        ),
    );
    let held = world.run(&release(&[]));
    // Only the last minute of a Sunday is open.
    assert_eq!(held.code, 3, "{}", held.err);
    assert!(held.err.contains("window"), "{}", held.err);
    assert!(index.files("production", "demo").is_empty());
    world.write("pubflow.toml", &gate("--version"));
    let document = world.run(&release(&["--format", "json"])).exits(0).json();
    assert_eq!(steps(&document)[0], "gate:tests");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_release_that_was_to_end_early_is_resumed_to_that_end() {
    let (world, index) = with_index();
    world.write("pubflow.toml", "[release]\napprovals = 1\n");
    world.run(&release(&["--until", "approve"])).exits(3);
    world.run(&["approve", "--yes", "--by", "ann"]).exits(0);
    world.run(&["resume"]).exits(0);
    assert!(index.files("production", "demo").is_empty());
    world.run(&release(&[])).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_release_goes_on_only_where_its_gates_and_approvals_are_at_hand() {
    let (world, index) = with_index();
    world.write("pubflow.toml", "[release]\napprovals = 1\n");
    world.run(&release(&[])).exits(3);
    let elsewhere = world.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    world
        .run_in(&elsewhere, &["resume", "demo==1.0", "--yes"])
        .exits(2)
        .says("was begun with `approve:pypi`")
        .says("in the project's folder");
    assert!(index.files("production", "demo").is_empty());
}

#[test]
fn a_release_is_rehearsed_neither_on_its_target_nor_on_pypi() {
    let (world, index) = with_index();
    world
        .run(&release(&["--rehearse", "pypi"]))
        .exits(2)
        .says("not rehearsed on pypi");
    // Nor where a project file says so; nobody would be asked.
    world.write("pubflow.toml", "[release]\nrehearse = \"pypi\"\n");
    world
        .run(&["release", "--testpypi", "--no-verify", FILES[0]])
        .exits(2)
        .says("pubflow.toml");
    for realm in ["test", "production"] {
        assert!(index.files(realm, "demo").is_empty(), "{realm}");
    }
}

#[test]
fn a_token_for_the_target_never_goes_to_an_index_for_trials() {
    let (mut world, index) = with_index();
    let settings = |rehearse: &str| {
        format!(
            "{rehearse}[index.trial]\nupload = \"{}\"\nsimple = \"{}\"\n",
            index.get("test", "upload"),
            index.get("test", "simple")
        )
    };
    world.write(
        "pubflow.toml",
        &settings("[release]\nrehearse = \"trial\"\n"),
    );
    // Each would be taken for the one target of `publish`, and the index for trials would accept it.
    let token = index.get("test", "token").to_owned();
    let file = world.write("token.txt", &token);
    world.set("PUBFLOW_TOKEN", token.clone());
    let token_file = ["--token-file", file.to_str().unwrap()];
    world.run(&release(&token_file)).exits(6).says("trial");
    // Also where the user has named it.
    world.write("pubflow.toml", &settings(""));
    let named = [&token_file[..], &["--rehearse", "trial"]].concat();
    world.run(&release(&named)).exits(6).says("trial");
    assert!(index.files("test", "demo").is_empty());
    world.unset("PUBFLOW_TOKEN");
    world.set("PUBFLOW_INDEX_TRIAL_TOKEN", token);
    world.run(&release(&["--rehearse", "trial"])).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(index.files("production", "demo"), expected(&world));
}
