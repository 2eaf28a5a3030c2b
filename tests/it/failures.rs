//! What goes wrong on this machine and in projects: each ends in the right exit code with a next
//! step, and what can be finished is finished by `resume` or the same command again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pubflow_testkit::fault_proxy::{Fault, FaultProxy, Gate, Nth};

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

/// The least patience with a program that has to reach a point.
const SOON: Duration = Duration::from_secs(60);

/// A world with a release in `dist/` and an index behind a proxy.
fn world_with_index() -> (World, TestIndex, FaultProxy) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    (world, index, proxy)
}

#[track_caller]
fn assert_nothing_was_sent(proxy: &FaultProxy) {
    let sent = proxy.log().into_iter().find(|r| r.method == "POST");
    assert_eq!(sent, None);
}

/// Uploads that the index took.
fn n_stored(proxy: &FaultProxy) -> usize {
    let log = proxy.log();
    log.iter()
        .filter(|request| request.method == "POST" && request.status == Some(200))
        .count()
}

// Projects and backends.

#[test]
fn backends_that_fail_are_told_by_the_hook_they_fail_in() {
    for (code, at, words) in [
        (
            "def build_sdist(directory, config_settings=None):\n    raise ValueError('the moon is wrong')",
            "build_sdist",
            &["the moon is wrong"][..],
        ),
        (
            "def build_wheel(directory, config_settings=None, metadata_directory=None):\n    raise ValueError('the moon is wrong')",
            "build_wheel",
            &["the moon is wrong"],
        ),
        (
            "def build_sdist(directory, config_settings=None):\n    import os\n    os._exit(0)",
            "build_sdist",
            &["exit"],
        ),
        (
            "def build_sdist(directory, config_settings=None):\n    import sys\n    sys.exit(0)",
            "build_sdist",
            &["exit"],
        ),
        (
            "def build_sdist(directory, config_settings=None):\n    return None",
            "build_sdist",
            &["not the name of a file"],
        ),
        (
            "def build_wheel(directory, config_settings=None, metadata_directory=None):\n    return 'not_there-1.0-py3-none-any.whl'",
            "build_wheel",
            &["not_there-1.0-py3-none-any.whl"],
        ),
        (
            "raise RuntimeError('no import')",
            "backend-import",
            &["no import"],
        ),
    ] {
        let world = World::new();
        world.project_with_backend(code);
        let ended = world.run(&["build", "--format", "json", "in-tree", "-o", "out"]);
        assert_eq!(ended.code, 1, "{code}: {}", ended.err);
        let json = ended.json();
        assert_eq!(json["error"]["at"], at, "{code}: {json:#}");
        let mut ended = ended.says("error[E301]").says("next:").omits("panicked");
        for word in words {
            ended = ended.says(word);
        }
        assert!(!has_wheel(&world.work().join("out")), "{code}");
    }
}

fn has_wheel(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.into_iter().any(|entry| {
            let name = entry.unwrap().file_name();
            name.to_string_lossy().ends_with(".whl")
        })
    })
}

#[test]
fn a_wheel_of_another_name_is_refused() {
    let world = World::new();
    world.project_with_backend(
        "METADATA = METADATA.replace('Name: pubflow-in-tree', 'Name: other')\nSTEM = 'other-0.3.0'",
    );
    let ended = world.run(&["build", "--format", "json", "in-tree", "-o", "out"]);
    let ended = ended.exits(1).says("other").says("pubflow-in-tree");
    assert_eq!(ended.json()["error"]["at"], "consistency");
    assert!(!has_wheel(&world.work().join("out")));
}

#[test]
fn a_backend_that_prints_json_does_not_spoil_the_result() {
    let world = World::new();
    world.project_with_backend(
        "print('{\"schema\": 1, \"files\": []}')\nimport os\nos.write(1, b'{\"error\": null}\\n')",
    );
    let ended = world
        .run(&["build", "--format", "json", "in-tree"])
        .exits(0);
    assert_eq!(ended.json()["files"].as_array().unwrap().len(), 2);
}

#[test]
fn a_child_that_a_backend_leaves_behind_is_not_waited_for() {
    let world = World::new();
    world.project_with_backend(
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])",
    );
    let begun = Instant::now();
    world.run(&["build", "in-tree"]).exits(0);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn a_build_is_interrupted_at_once() {
    let world = World::new();
    let project = world.project_with_backend(
        "def build_wheel(*arguments, **settings):\n    import pathlib, time\n    pathlib.Path(__file__).with_name('reached').touch()\n    pathlib.Path(MARK).touch()\n    time.sleep(300)",
    );
    let mark = world.path("tmp").join("mark");
    let backend = project.join("build_backend/make_it.py");
    let text = std::fs::read_to_string(&backend).unwrap();
    std::fs::write(
        &backend,
        format!("{text}\nMARK = {:?}\n", mark.display().to_string()),
    )
    .unwrap();
    let child = world.start(&["build", "in-tree"]);
    wait_for(|| mark.exists());
    let begun = Instant::now();
    interrupt(&child);
    world.wait(child).exits(130).says("interrupted");
    assert!(begun.elapsed() < SOON);
}

// This machine.

#[test]
fn no_python_ends_in_10_and_says_what_to_install() {
    let mut world = World::new();
    world.project("in-tree");
    world.unset("PYENV_ROOT").set("PATH", "/nonexistent");
    let ended = world
        .run(&["build", "--format", "json", "in-tree"])
        .exits(10);
    ended.says("error[E").says("Python").says("install").json();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    let wheel = pubflow_testkit::WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&dist);
    world
        .run(&["verify", wheel.to_str().unwrap()])
        .exits(10)
        .says("error[E601]")
        .says("install CPython");
}

#[test]
fn a_missing_python_does_not_keep_files_from_being_published() {
    let (mut world, index, _proxy) = world_with_index();
    world.set("PATH", "/nonexistent");
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn a_state_directory_that_cannot_be_used_ends_in_10_with_nothing_sent() {
    let (mut world, _index, proxy) = world_with_index();
    let file = world.write("a-file", "");
    for path in [file.clone(), file.join("below")] {
        world.set("PUBFLOW_STATE_DIR", path.display().to_string());
        let ended = world.run(PUBLISH).exits(10).says("a-file").says("next:");
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
    }
    assert_nothing_was_sent(&proxy);
    world.set("PUBFLOW_STATE_DIR", "");
    world.unset("HOME");
    world.run(PUBLISH).exits(10).says("--state-dir");
    assert_nothing_was_sent(&proxy);
}

#[test]
fn a_temporary_directory_that_is_not_there_ends_in_10_and_is_named() {
    let mut world = World::new();
    world.project("in-tree");
    world.set("TMPDIR", world.path("not-there").display().to_string());
    for arguments in [&["build", "in-tree"][..], &["rehearse", "in-tree"]] {
        let ended = world.run(arguments).exits(10);
        assert!(
            ended.err.contains("TMPDIR") || ended.err.contains("not-there"),
            "{}",
            ended.err
        );
        ended.says("next:");
    }
}

/// Runs the program where no file may grow over `blocks` of 512 bytes, as on a full disk.
fn run_with_little_room(world: &World, blocks: u32, arguments: &[&str]) -> crate::support::Ended {
    let program = world.command(arguments);
    let mut command = Command::new("/bin/sh");
    command
        // The signal is ignored so that the write fails as it does on a full disk.
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""),
        ])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(world.work())
        .env_clear()
        .envs(program.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    world.wait(command.spawn().unwrap())
}

#[cfg(unix)]
#[test]
fn a_full_disk_ends_in_10_with_nothing_sent_and_the_same_command_finishes() {
    let (world, index, proxy) = world_with_index();
    let ended = run_with_little_room(&world, 0, PUBLISH).exits(10);
    let ended = ended.says("error[E").says("next:");
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
    assert_nothing_was_sent(&proxy);
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_under_the_journal_stops_before_the_next_upload() {
    let (world, index, proxy) = world_with_index();
    // The distributions fit; the journal does not get far.
    let ended = run_with_little_room(&world, 4, PUBLISH);
    assert!(
        ended.code == 10 || (ended.code == 7 && !index.files("test", "demo").is_empty()),
        "{}: {}",
        ended.code,
        ended.err
    );
    let ended = ended.says("next:");
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert!(n_stored(&proxy) <= 3);
}

fn journals(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(journals(&path));
        } else if path.extension().is_some_and(|e| e == "jsonl") {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_damaged_journal_line_ends_in_9_and_names_the_place() {
    let (world, _index, proxy) = world_with_index();
    world.run(PUBLISH).exits(0);
    let n_requests = proxy.log().len();
    let journal = journals(&world.path("state")).pop().unwrap();
    let text = std::fs::read_to_string(&journal).unwrap();
    let damaged = text.replacen("\"plan\"", "\"plum\"", 1);
    assert_ne!(text, damaged);
    std::fs::write(&journal, damaged).unwrap();
    let name = journal.file_name().unwrap().to_str().unwrap();
    for arguments in [PUBLISH, &["resume"], &["status"], &["promote"]] {
        let ended = world.run(arguments);
        assert_eq!(ended.code, 9, "{arguments:?}: {}", ended.err);
        ended
            .says(name)
            .says("line")
            .says("next:")
            .omits("panicked");
    }
    assert_eq!(proxy.log().len(), n_requests, "the index was asked");
    // What the index lists is whole, and the damaged file is never written over.
    std::fs::write(&journal, text).unwrap();
    world.run(PUBLISH).exits(0);
}

// Two runs, and signals.

fn interrupt(child: &Child) {
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

fn wait_for(reached: impl Fn() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < SOON, "never reached");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_second_of_two_runs_ends_in_8_and_leaves_the_first_alone() {
    let (world, index, proxy) = world_with_index();
    let gate = Gate::closed();
    proxy.on("POST", "/legacy/", Nth::Only(1), Fault::Hold(gate.clone()));
    let first = world.start(PUBLISH);
    assert!(gate.wait_reached(SOON));
    for arguments in [PUBLISH, &["resume"]] {
        world
            .run(arguments)
            .exits(8)
            .says(&format!("{}", first.id()))
            .says("next:");
    }
    let json = world.run(&[PUBLISH, &["--format", "json"]].concat());
    assert_eq!(json.exits(8).json()["exit"], 8);
    gate.open();
    world.wait(first).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn an_interrupt_before_anything_landed_ends_in_130_and_resume_finishes() {
    let (world, index, proxy) = world_with_index();
    let gate = Gate::closed();
    proxy.on("GET", "/simple/", Nth::Every, Fault::Hold(gate.clone()));
    let run = world.start(PUBLISH);
    assert!(gate.wait_reached(SOON));
    interrupt(&run);
    // A signal is handled by another thread than the one that reads the answer.
    std::thread::sleep(Duration::from_millis(300));
    gate.open();
    let ended = world.wait(run).exits(130);
    ended.says("interrupted").says("nothing was published");
    assert_nothing_was_sent(&proxy);
    proxy.clear();
    // Either the plan was recorded already, or the same command begins anew.
    let resumed = world.run(&["resume"]).exits(0);
    if resumed.err.contains("nothing is open") {
        world.run(PUBLISH).exits(0);
    }
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn an_interrupt_after_the_first_file_landed_ends_in_7_and_resume_finishes() {
    let (world, index, proxy) = world_with_index();
    let gate = Gate::closed();
    proxy.on("POST", "/legacy/", Nth::Only(2), Fault::Hold(gate.clone()));
    let run = world.start(&[PUBLISH, &["--jobs", "1"]].concat());
    assert!(gate.wait_reached(SOON));
    interrupt(&run);
    std::thread::sleep(Duration::from_millis(300));
    gate.open();
    world
        .wait(run)
        .exits(7)
        .says("interrupted")
        .says("public already")
        .says("pubflow resume");
    assert!(index.files("test", "demo").len() < 3);
    proxy.clear();
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(n_stored(&proxy), 3);
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let (world, index, proxy) = world_with_index();
    let gate = Gate::closed();
    proxy.on("POST", "/legacy/", Nth::Only(1), Fault::Hold(gate.clone()));
    let run = world.start(PUBLISH);
    assert!(gate.wait_reached(SOON));
    interrupt(&run);
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&run);
    let begun = Instant::now();
    world.wait(run).exits(130);
    assert!(begun.elapsed() < Duration::from_secs(10));
    gate.open();
    proxy.clear();
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

// Streams and tokens.

#[test]
fn a_closed_standard_output_is_an_error_and_no_panic() {
    let world = world_with_a_release();
    for arguments in [
        &["check", "dist"][..],
        &["check", "dist", "--format", "json"],
        &["rule"],
        &["config", "show"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = world.command(arguments).stdout(writer).spawn().unwrap();
        let ended = world.wait(child);
        assert!(
            !ended.err.contains("panicked"),
            "{arguments:?}: {}",
            ended.err
        );
        assert_ne!(ended.code, 101, "{arguments:?}");
        assert_ne!(ended.code, -1, "{arguments:?}");
    }
}

#[test]
fn a_closed_standard_error_does_not_stop_a_release() {
    let (world, index, _proxy) = world_with_index();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child = world.command(PUBLISH).stderr(writer).spawn().unwrap();
    world.wait(child).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn a_token_pasted_with_white_space_works_from_every_source() {
    for source in ["variable", "file", "stdin"] {
        let (mut world, index, _proxy) = world_with_index();
        let token = format!(" \t{}\r\n\n", index.get("test", "token"));
        let ended = match source {
            "variable" => {
                world.set("PUBFLOW_INDEX_TESTPYPI_TOKEN", token);
                world.run(PUBLISH)
            }
            "file" => {
                world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
                world.write("token", &token);
                world.run(&[PUBLISH, &["--token-file", "token"]].concat())
            }
            _ => {
                world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
                world.run_with_input(&[PUBLISH, &["--token-file", "-"]].concat(), &token)
            }
        };
        assert_eq!(ended.code, 0, "{source}: {}", ended.err);
        assert_eq!(index.files("test", "demo"), expected(&world));
    }
}

#[test]
fn a_token_that_cannot_be_had_ends_in_6_and_says_where_from() {
    let (mut world, _index, proxy) = world_with_index();
    world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    world
        .run(PUBLISH)
        .exits(6)
        .says("PUBFLOW_INDEX_TESTPYPI_TOKEN")
        .says("--token-file");
    world
        .run(&[PUBLISH, &["--token-file", "missing"]].concat())
        .exits(6)
        .says("missing");
    world.write("empty", " \n");
    world
        .run(&[PUBLISH, &["--token-file", "empty"]].concat())
        .exits(6)
        .says("--token-file");
    world.set("PUBFLOW_INDEX_TESTPYPI_TOKEN", "two\nlines");
    world.run(PUBLISH).exits(6).omits("two\nlines");
    assert_nothing_was_sent(&proxy);
}
