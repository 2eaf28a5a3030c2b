//! Which rules are looked at, and what a finding costs.

use std::collections::BTreeMap;

use pubflow_testkit::WheelBuilder;

use super::{BROKEN, broken};
use crate::support::World;

/// Codes and severities that a call reports.
#[track_caller]
fn found(world: &World, arguments: &[&str]) -> Vec<(String, String)> {
    let call = [&["check", "--format", "json"], arguments].concat();
    let document = world.run(&call).json();
    let subjects = document["subjects"].as_array().unwrap();
    let findings = subjects
        .iter()
        .flat_map(|subject| subject["findings"].as_array().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings
        .map(|finding| (text(&finding["code"]), text(&finding["severity"])))
        .collect()
}

#[track_caller]
fn codes(world: &World, arguments: &[&str]) -> Vec<String> {
    let found: BTreeMap<_, _> = found(world, arguments).into_iter().collect();
    found.into_keys().collect()
}

#[test]
fn rules_are_chosen_by_code_family_and_name_on_the_command_line() {
    let (world, _) = broken();
    let all = codes(&world, &[]);
    for code in ["P107", "P108", "P206", "P221", "P402"] {
        assert!(all.iter().any(|found| found == code), "{code}: {all:?}");
    }
    assert_eq!(codes(&world, &["--select", "P206"]), ["P206"]);
    assert_eq!(
        codes(&world, &["--select", "project-key,P4xx"]),
        ["P206", "P402"]
    );
    assert_eq!(
        codes(&world, &["--select", "P1xx", "--ignore", "needless-wheel"]),
        ["P108"]
    );
    assert_eq!(
        codes(&world, &["--ignore", "all", "--extend-select", "P206"]),
        ["P206"]
    );
    assert_eq!(
        codes(&world, &["--select", "P206", "--extend-ignore", "P206"]),
        [""; 0]
    );
}

#[test]
fn an_unknown_rule_is_an_error_with_the_nearest_one() {
    let (world, _) = broken();
    let ended = world.run(&["check", "--select", "projct-key"]).exits(2);
    for words in [
        "error[E101]",
        "--select",
        "P206 (project-key)",
        "pubflow rule",
    ] {
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
    }
    let table = "[tool.pubflow.check]\nignore = [{ code = \"P999\", reason = \"x\" }]\n";
    world.write("pyproject.toml", &format!("{BROKEN}\n{table}"));
    let ended = world.run(&["check"]).exits(2);
    assert!(ended.err.contains("pyproject.toml:21"), "{}", ended.err);
    assert!(ended.err.contains("`P999`"), "{}", ended.err);
}

#[test]
fn the_project_says_what_is_looked_at_and_what_it_costs() {
    let world = World::new();
    let table = "
[tool.pubflow.check]
ignore = [
    { code = \"P206\", reason = \"our backend knows it\" },
    { code = \"P107\", reason = \"setup.py imports it\" },
]
severity = { P221 = \"error\", P1xx = \"note\" }
";
    world.write("pyproject.toml", &format!("{BROKEN}{table}"));
    let found: BTreeMap<_, _> = found(&world, &[]).into_iter().collect();
    assert_eq!(found.get("P206"), None);
    assert_eq!(found.get("P107"), None);
    assert_eq!(found["P221"], "error");
    assert_eq!(found["P108"], "note");
    // Words of the call stand instead of those of the project, or beside them.
    assert!(codes(&world, &["--ignore", "P402"]).contains(&"P206".to_owned()));
    assert!(!codes(&world, &["--extend-ignore", "P402"]).contains(&"P206".to_owned()));
    let shown = world.run(&["config", "show"]).exits(0).out;
    assert!(shown.contains("our backend knows it"), "{shown}");
    let text = world.run(&["check"]).exits(1).out;
    assert!(text.contains("2 ignored"), "{text}");
}

#[test]
fn an_ignore_that_ignores_nothing_is_a_finding_at_its_line() {
    let world = World::new();
    let table = "[tool.pubflow.check]\nignore = [\n  { code = \"P205\", reason = \"x\" },\n]\n\
                 per-file-ignores = { \"pyproject.toml\" = [\"P203\"] }\n";
    world.write("pyproject.toml", &format!("{BROKEN}\n{table}"));
    let document = world
        .run(&["check", "--format", "json", "--select", "P007"])
        .json();
    let findings = document["subjects"][0]["findings"].as_array().unwrap();
    let places: Vec<_> = findings
        .iter()
        .map(|finding| {
            (
                finding["place"]["line"].clone(),
                finding["place"]["field"].clone(),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (22.into(), "tool.pubflow.check.ignore[0]".into()),
            (
                24.into(),
                "tool.pubflow.check.per-file-ignores.\"pyproject.toml\"".into()
            ),
        ]
    );
    // Whoever checks one wheel alone is not told about them.
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&world.work());
    let wheel = "demo-1.0-py3-none-any.whl";
    assert!(!codes(&world, &[wheel]).contains(&"P007".to_owned()));
}

#[test]
fn an_ignore_needs_its_reason_and_keys_are_known() {
    let world = World::new();
    for (table, words) in [
        ("ignore = [{ code = \"P206\" }]", "ignore[0].reason"),
        ("ignore = [\"P206\"]", "check.ignore"),
        ("ignroe = []", "did you mean `ignore`?"),
        ("severity = { P206 = \"fatal\" }", "check.severity.P206"),
        ("select = \"P2\"", "array of strings"),
        (
            "per-file-ignores = { \"a[\" = [\"P206\"] }",
            "no pattern for paths",
        ),
    ] {
        world.write(
            "pyproject.toml",
            &format!("{BROKEN}\n[tool.pubflow.check]\n{table}\n"),
        );
        let ended = world.run(&["check"]).exits(2);
        assert!(ended.err.contains(words), "{table}: {}", ended.err);
    }
}

#[test]
fn members_of_archives_are_let_off_by_pattern() {
    let world = World::new();
    let ignores = "per-file-ignores = { \"demo/testdata/**\" = [\"P1301\"] }";
    world.write(
        "pyproject.toml",
        &format!("{BROKEN}\n[tool.pubflow.check]\n{ignores}\n"),
    );
    std::fs::create_dir(world.work().join("dist")).unwrap();
    let build = |member: &str| {
        WheelBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "")
            .file(member, "[pypi]\n")
            .build_in(&world.work().join("dist"));
    };
    build("demo/testdata/.pypirc");
    assert!(!codes(&world, &[]).contains(&"P1301".to_owned()));
    build("demo/.pypirc");
    assert!(codes(&world, &[]).contains(&"P1301".to_owned()));
}

#[test]
fn what_pypi_alone_refuses_is_judged_for_the_index() {
    let mut world = World::new();
    WheelBuilder::new("demo", "1.0+local")
        .file("demo/__init__.py", "")
        .build_in(&world.work());
    let wheel = "demo-1.0+local-py3-none-any.whl";
    world.run(&["check", wheel]).exits(1);
    world.run(&["check", wheel, "--for", "testpypi"]).exits(1);
    world.set(
        "PUBFLOW_INDEX_INNER_UPLOAD",
        "https://packages.example.com/upload/",
    );
    world.set(
        "PUBFLOW_INDEX_INNER_SIMPLE",
        "https://packages.example.com/simple/",
    );
    world.run(&["check", wheel, "--for", "inner"]).exits(0);
    let ended = world.run(&["check", wheel, "--for", "other"]).exits(2);
    assert!(
        ended.err.contains("no index is called `other`"),
        "{}",
        ended.err
    );
}

#[test]
fn a_broken_pyproject_is_a_finding_and_no_broken_configuration() {
    let world = World::new();
    for text in ["[project\n", "\u{feff}[project\n", "a = 1\na = 2\n"] {
        world.write("pyproject.toml", text);
        assert!(codes(&world, &[]).contains(&"P001".to_owned()), "{text:?}");
    }
    std::fs::write(world.work().join("pyproject.toml"), b"\xff\xfe[\0").unwrap();
    assert!(codes(&world, &[]).contains(&"P002".to_owned()));
}
