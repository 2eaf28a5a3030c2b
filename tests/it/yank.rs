//! Yanking: by the index's own means where there are any, else by a person who is told the page and
//! is watched for. Either way it is in the journal and seen on every file.

use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Listed, TestIndex, World, expected, world_with_a_release};

const REASON: &str = "broken on Windows";

/// A release of three files on the production realm.
fn released() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.run(&["publish", "--pypi", "--no-verify"]).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
    (world, index)
}

/// The same release, on an index where only people yank.
pub(crate) fn released_where_people_yank() -> (World, TestIndex) {
    let (mut world, index) = released();
    world.set("PUBFLOW_INDEX_PYPI_KIND", "pypi");
    world.unset("PUBFLOW_INDEX_PYPI_NONCE");
    (world, index)
}

/// The files of the release, all of them yanked.
fn all_yanked(world: &World) -> Vec<Listed> {
    let files = expected(world).into_iter();
    files
        .map(|(name, sha256, _)| (name, sha256, true))
        .collect()
}

/// What the production realm gives as the reason, file by file.
fn reasons(index: &TestIndex) -> Vec<Value> {
    let page = index.listing("production", "demo");
    let files = page["files"].as_array().unwrap();
    files.iter().map(|file| file["yanked"].clone()).collect()
}

/// What `status` says, file by file: the journal's word and the index's.
fn status(world: &World) -> Vec<(String, String)> {
    let status = world
        .run(&["status", "demo==1.0", "--format", "json"])
        .exits(0)
        .json();
    let files = status["files"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    files
        .iter()
        .map(|file| (text(&file["journal"]), text(&file["remote"])))
        .collect()
}

#[track_caller]
fn assert_status(world: &World, journal: &str, remote: &str) {
    assert_eq!(
        status(world),
        vec![(journal.to_owned(), remote.to_owned()); 3]
    );
}

#[test]
fn a_yank_marks_every_file_with_the_reason_and_undo_takes_it_back() {
    let (world, index) = released();
    world
        .run(&["yank", "demo==1.0", "--reason", REASON, "--pypi"])
        .exits(0)
        .says("installers find no version at all");
    assert_eq!(index.files("production", "demo"), all_yanked(&world));
    assert_eq!(reasons(&index), vec![json!(REASON); 3]);
    assert_status(&world, "done, yanked", "identical, yanked");

    world
        .run(&["yank", "demo==1.0", "--undo", "--pypi"])
        .exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
    assert_status(&world, "done", "identical");
}

#[test]
fn every_turn_of_a_yank_is_in_the_journal() {
    let (world, index) = released();
    let yank = ["yank", "demo==1.0", "--reason", REASON, "--pypi"];
    let undo = ["yank", "demo==1.0", "--undo", "--pypi"];
    for (arguments, yanked, n_turns) in [
        (&yank[..], true, 1),
        (&yank, true, 1), // asked again: nothing new
        (&undo, false, 2),
        (&yank, true, 3),
    ] {
        world.run(arguments).exits(0);
        let listed = index.files("production", "demo");
        assert!(listed.iter().all(|(.., is)| *is == yanked), "{listed:?}");
        let lines = journal(&world);
        let turns = lines
            .iter()
            .filter(|line| line.contains(r#""topic":"yank""#));
        assert_eq!(turns.count(), n_turns, "{lines:#?}");
    }
    let lines = journal(&world);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("yank:pypi") && line.contains("\"intent\"")),
        "{lines:#?}"
    );
    assert!(lines.iter().any(|line| line.contains(REASON)), "{lines:#?}");
}

/// Every line of every journal of a world.
fn journal(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folders = vec![world.path("state")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "jsonl") {
                let text = std::fs::read_to_string(path).unwrap();
                lines.extend(text.lines().map(str::to_owned));
            }
        }
    }
    lines
}

#[test]
fn what_somebody_else_undid_is_yanked_again() {
    let (world, index) = released();
    let yank = ["yank", "demo==1.0", "--reason", REASON, "--pypi"];
    world.run(&yank).exits(0);
    index.admin(
        "production",
        &json!({"op": "unyank", "project": "demo", "version": "1.0"}),
    );
    assert_eq!(index.files("production", "demo"), expected(&world));
    world.run(&yank).exits(0);
    assert_eq!(index.files("production", "demo"), all_yanked(&world));
}

#[test]
fn a_release_made_elsewhere_is_yanked_from_an_empty_state() {
    let (maker, index) = released();
    let mut world = World::new();
    index.configure(&mut world);
    world
        .run(&["yank", "Demo==1.0.0", "--reason", REASON, "--pypi"])
        .exits(0);
    assert_eq!(index.files("production", "demo"), all_yanked(&maker));
    assert_status(&world, "nothing, yanked", "identical, yanked");
}

#[test]
fn a_version_that_is_not_there_ends_in_2() {
    let (world, index) = released();
    for release in ["demo==2.0", "other==1.0"] {
        world
            .run(&["yank", release, "--reason", REASON, "--pypi"])
            .exits(2)
            .says(release);
    }
    world
        .run(&["yank", "demo", "--reason", REASON, "--pypi"])
        .exits(2)
        .says("NAME==VERSION");
    world
        .run(&["yank", "demo==1.0", "--pypi"])
        .exits(2)
        .says("--reason");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn a_wrong_token_yanks_nothing_and_ends_in_6() {
    let (mut world, index) = released();
    world.set(
        "PUBFLOW_INDEX_PYPI_TOKEN",
        index.get("test", "token").to_owned(),
    );
    world
        .run(&["yank", "demo==1.0", "--reason", REASON, "--pypi"])
        .exits(6)
        .says("next:");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn where_only_people_yank_the_page_and_the_reason_are_shown_and_waiting_ends_in_3() {
    let (world, index) = released_where_people_yank();
    let page = format!(
        "{}manage/project/demo/release/1.0/",
        index.get("production", "web")
    );
    let begun = Instant::now();
    world
        .run(&[
            "yank",
            "demo==1.0",
            "--reason",
            REASON,
            "--pypi",
            "--timeout",
            "2",
        ])
        .exits(3)
        .says(&page)
        .says(REASON)
        .says("error[E207]")
        .says("demo-1.0.tar.gz");
    let took = begun.elapsed();
    assert_status(&world, "done, yank begun", "identical");
    assert!(
        (Duration::from_millis(1900)..Duration::from_secs(30)).contains(&took),
        "{took:?}"
    );
    assert_eq!(index.files("production", "demo"), expected(&world));
}

/// Runs a command that hands over to a person, who acts as soon as the page is named.
#[track_caller]
pub(crate) fn with_a_person(world: &World, arguments: &[&str], act: impl FnOnce()) {
    let mut child = world.start(arguments);
    let mut words = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("watched meanwhile") {
        let n_read = words.read_line(&mut said).unwrap();
        assert!(n_read > 0, "it ended before it asked: {said}");
    }
    act();
    words.read_to_string(&mut said).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
}

#[test]
fn what_a_person_does_meanwhile_is_seen() {
    let (world, index) = released_where_people_yank();
    let yank = [
        "yank",
        "demo==1.0",
        "--reason",
        REASON,
        "--pypi",
        "--timeout",
        "60",
    ];
    with_a_person(&world, &yank, || {
        let yank = json!({"op": "yank", "project": "demo", "version": "1.0", "reason": REASON});
        index.admin("production", &yank);
    });
    assert_eq!(index.files("production", "demo"), all_yanked(&world));

    let undo = ["yank", "demo==1.0", "--undo", "--pypi", "--timeout", "60"];
    with_a_person(&world, &undo, || {
        let unyank = json!({"op": "unyank", "project": "demo", "version": "1.0"});
        index.admin("production", &unyank);
    });
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn an_index_without_any_yank_says_so_and_ends_in_1() {
    let (mut world, index) = released();
    world.set("PUBFLOW_INDEX_PYPI_KIND", "generic");
    world
        .run(&["yank", "demo==1.0", "--reason", REASON, "--pypi"])
        .exits(1)
        .says("error[E208]");
    assert_eq!(index.files("production", "demo"), expected(&world));
}

#[test]
fn death_at_every_journal_line_of_a_yank_is_survived() {
    let yank = ["yank", "demo==1.0", "--reason", REASON, "--pypi"];
    for side in ["before", "after"] {
        for line in 1.. {
            let (mut world, index) = released();
            world.set("PUBFLOW_FAIL_POINT", format!("{side}:{line}"));
            let ended = world.run(&yank);
            world.set("PUBFLOW_FAIL_POINT", "");
            if ended.code == 0 {
                assert!(line > 4, "only {line} journal lines for a yank");
                break;
            }
            assert_eq!(ended.code, -1, "at {side}:{line}: {}", ended.err);
            // Before its first line nothing says that it was wanted.
            if (side, line) == ("before", 1) {
                world.run(&["resume"]).exits(0).says("nothing is open");
                world.run(&yank).exits(0);
            }
            world.run(&["resume"]).exits(0);
            assert_eq!(
                index.files("production", "demo"),
                all_yanked(&world),
                "at {side}:{line}"
            );
            assert_status(&world, "done, yanked", "identical, yanked");
            world.run(&["resume"]).exits(0).says("nothing is open");
            world
                .run(&["yank", "demo==1.0", "--undo", "--pypi"])
                .exits(0);
            assert_status(&world, "done", "identical");
            world.run(&["resume"]).exits(0).says("nothing is open");
        }
    }
}

#[test]
fn a_yank_that_waits_for_a_person_is_resumed_and_a_refused_one_is_over() {
    let (world, index) = released_where_people_yank();
    let yank = ["yank", "demo==1.0", "--reason", REASON, "--pypi"];
    world
        .run(&[&yank[..], &["--timeout", "1"]].concat())
        .exits(3);
    with_a_person(&world, &["resume"], || {
        let yank = json!({"op": "yank", "project": "demo", "version": "1.0", "reason": REASON});
        index.admin("production", &yank);
    });
    assert_eq!(index.files("production", "demo"), all_yanked(&world));
    world.run(&["resume"]).exits(0).says("nothing is open");

    let (mut world, index) = released();
    let token = index.get("production", "token").to_owned();
    world.set("PUBFLOW_INDEX_PYPI_TOKEN", index.get("test", "token"));
    world.run(&yank).exits(6);
    world.set("PUBFLOW_INDEX_PYPI_TOKEN", token);
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("production", "demo"), expected(&world));
    world.run(&["resume"]).exits(0).says("nothing is open");
}
