//! Every format: what a person, a script and another tool read.

use std::process::Command;

use serde_json::Value;

use super::broken;
use crate::peers::{Environment, Set};
use crate::support::World;

/// Readers of the formats, made from the schemas themselves.
const SCHEMAS: Set = Set {
    name: "schemas",
    pins: &[
        "jsonschema==4.26.0",
        "pydantic-sarif==0.1.1",
        "pydantic==2.12.5",
    ],
    python: (3, 10),
};

/// Runs Python code of a test over a file; its words when it does not end well.
#[track_caller]
fn judge(peers: &Environment, code: &str, arguments: &[&str]) {
    let output = Command::new(peers.tool("python"))
        .args(["-c", code])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A world whose project and distributions have findings of all kinds, hostile values among them.
fn hostile() -> World {
    let (world, path) = broken();
    let mut text = std::fs::read_to_string(&path).unwrap();
    text = text.replace("name = \"demo\"", "name = \"de\\u001b[31mmo\\u0007\"");
    text.push_str("\"<b>&'\\u202e\" = \"x, y: %0A::error::\"\n");
    std::fs::write(&path, text).unwrap();
    std::fs::create_dir(world.work().join("dist")).unwrap();
    pubflow_testkit::WheelBuilder::new("demo", "1.0")
        .file("tests/a b.py", "")
        .file("demo/__init__.py", "")
        .build_in(&world.work().join("dist"));
    std::fs::write(world.work().join("dist/odd name.txt"), "x").unwrap();
    world
}

#[test]
fn text_shows_the_line_the_place_and_what_to_do() {
    let (world, _) = broken();
    let ended = world.run(&["check", "--select", "P206,P107"]).exits(1);
    assert!(ended.out.starts_with("fail . (project)\n"), "{}", ended.out);
    for lines in [
        "error[P206]: `requires_python` is no key of `project`\n  where: pyproject.toml:9:1, project.requires_python\n\
         \x20        9 | requires_python = \">=3.10\"  # misspelt\n\
         \x20          | ^^^^^^^^^^^^^^^\n\
         \x20 next:  use `requires-python`; `pubflow check --fix` does it\n\
         \x20 refused by: spec\n",
        "note[P107]: setuptools needs no `wheel` in `requires`\n",
        "\n1 checked: 1 error, 0 warnings, 1 note\n2 can be fixed with --fix; --diff shows how\n\
         `pubflow rule P206` explains a finding\n",
    ] {
        assert!(ended.out.contains(lines), "{lines}\n---\n{}", ended.out);
    }
}

#[test]
fn several_outputs_come_from_one_run() {
    let (world, _) = broken();
    let ended = world
        .run(&[
            "check",
            "--format",
            "concise",
            "--output",
            "sarif=a.sarif",
            "--output",
            "junit=b.xml",
        ])
        .exits(1);
    assert!(
        ended.out.lines().any(|line| line
            == "pyproject.toml:9:1: error[P206] `requires_python` is no key of `project`"),
        "{}",
        ended.out
    );
    let read = |name: &str| std::fs::read_to_string(world.work().join(name)).unwrap();
    assert!(serde_json::from_str::<Value>(&read("a.sarif")).unwrap()["runs"].is_array());
    assert!(read("b.xml").starts_with("<?xml"));
    let wrong = world.run(&["check", "--output", "sarif"]).exits(2);
    assert!(wrong.err.contains("FORMAT=FILE"), "{}", wrong.err);
    let wrong = world.run(&["check", "--output", "pdf=x"]).exits(2);
    assert!(wrong.err.contains("gitlab"), "{}", wrong.err);
    let wrong = world.run(&["status", "--format", "sarif"]).exits(2);
    assert!(wrong.err.contains("pubflow check"), "{}", wrong.err);
    let elsewhere = world
        .run(&["check", "--output", "json=no/such/folder/x"])
        .exits(10);
    assert!(
        elsewhere.err.contains("no/such/folder/x"),
        "{}",
        elsewhere.err
    );
}

#[test]
fn json_sarif_junit_and_gitlab_are_what_their_schemas_say() {
    let world = hostile();
    let all = [
        "check",
        "--notes",
        "--statistics",
        "--output",
        "json=a.json",
        "--output",
        "sarif=a.sarif",
        "--output",
        "junit=a.xml",
        "--output",
        "gitlab=g.json",
    ];
    world.run(&all).exits(1);
    let file = |name: &str| world.work().join(name).display().to_string();
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    let document: Value = serde_json::from_str(&read("a.json")).unwrap();
    let findings: usize = document["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subject| subject["findings"].as_array().unwrap().len())
        .sum();
    assert!(findings > 8, "{document}");
    let log: Value = serde_json::from_str(&read("a.sarif")).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
    let issues: Vec<Value> = serde_json::from_str(&read("g.json")).unwrap();
    let mut fingerprints: Vec<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), findings);
    let Some(peers) = SCHEMAS.installed() else {
        return;
    };
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check.schema.json");
    judge(
        &peers,
        "import json, sys, jsonschema\n\
         schema, document = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:])\n\
         jsonschema.Draft202012Validator.check_schema(schema)\n\
         jsonschema.Draft202012Validator(schema).validate(document)\n\
         document['subjects'][0]['verdict'] = 'maybe'\n\
         assert not jsonschema.Draft202012Validator(schema).is_valid(document)",
        &[schema, &file("a.json")],
    );
    judge(
        &peers,
        "import json, sys\n\
         from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log\n\
         log = json.load(open(sys.argv[1], encoding='utf-8'))\n\
         Log.model_validate(log)\n\
         log['runs'][0]['results'][0]['levle'] = 'error'\n\
         try:\n    Log.model_validate(log)\n\
         except ValueError:\n    pass\n\
         else:\n    raise SystemExit('a misspelt key was taken')",
        &[&file("a.sarif")],
    );
    judge(
        &peers,
        "import sys, xml.etree.ElementTree as tree\n\
         root = tree.parse(sys.argv[1]).getroot()\n\
         cases, failed = root.findall('.//testcase'), root.findall('.//failure')\n\
         assert int(root.get('tests')) == len(cases) > 8, len(cases)\n\
         assert int(root.get('failures')) == len(failed) > 1, len(failed)",
        &[&file("a.xml")],
    );
}

#[test]
fn a_line_of_jsonl_is_a_finding() {
    let (world, _) = broken();
    let ended = world.run(&["check", "--format", "jsonl"]).exits(1);
    let lines: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.len() >= 5, "{}", ended.out);
    assert!(
        lines
            .iter()
            .all(|line| line["schema"] == 1 && line["subject"] == ".")
    );
    assert!(lines.iter().any(|line| line["finding"]["code"] == "P206"));
}

#[test]
fn no_value_of_a_file_steers_the_terminal_in_any_format() {
    let world = hostile();
    for format in [
        "text", "concise", "github", "junit", "markdown", "gitlab", "sarif", "json",
    ] {
        let ended = world
            .run(&["check", "--notes", "--format", format])
            .exits(1);
        let steers =
            |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        let text = format!("{}{}", ended.out, ended.err);
        // JSON escapes what matters to a terminal; what turns the direction it may hold.
        let is_json = ["sarif", "json", "gitlab"].contains(&format);
        let found = text
            .chars()
            .find(|c| steers(*c) && (!is_json || c.is_control()));
        assert_eq!(found, None, "{format}: {text:?}");
        if format == "github" {
            assert!(
                ended.out.lines().all(|line| line.starts_with("::")),
                "{}",
                ended.out
            );
        }
    }
}

#[test]
fn in_github_actions_there_are_annotations_and_a_summary() {
    let (mut world, _) = broken();
    let summary = world.path("summary.md");
    world.set("GITHUB_ACTIONS", "true");
    world.set("GITHUB_STEP_SUMMARY", summary.display().to_string());
    let ended = world.run(&["check", "--format", "json"]).exits(1);
    assert_eq!(ended.json()["schema"], 1);
    let annotation = "::error file=pyproject.toml,line=9,col=1,title=P206 project-key::`requires_python` is no key of `project`";
    assert!(ended.err.contains(annotation), "{}", ended.err);
    let text = std::fs::read_to_string(&summary).unwrap();
    assert!(
        text.starts_with("## pubflow check: 1 of 1 subject failed\n"),
        "{text}"
    );
    assert!(
        text.contains("| error | P206 project-key | `line 9`, `project.requires_python` |"),
        "{text}"
    );
    world
        .run(&["check", "--format", "github"])
        .exits(1)
        .omits("warning:");
    let twice = std::fs::read_to_string(&summary).unwrap();
    assert_eq!(twice, text.repeat(2), "a step adds to the summary");
}

#[test]
fn statistics_count_by_rule() {
    let (world, _) = broken();
    let ended = world
        .run(&["check", "--statistics", "--select", "P206,P4,P1"])
        .exits(1);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], "count  code  severity  fixable  name");
    assert!(
        lines.contains(&"1      P206  error     1        project-key"),
        "{}",
        ended.out
    );
}

#[test]
fn long_lines_are_cut_and_huge_ones_left_out() {
    let world = World::new();
    for n in [10_000, 100_000] {
        let pad = "x".repeat(n);
        let text = format!(
            "[project]\nname = \"demo\"\nversion = \"1\"\nkeywords = [\"{pad}\", \"a,b\"]\n"
        );
        world.write("x.toml", &text);
        let ended = world
            .run(&["check", "--notes", "--select", "P218", "x.toml"])
            .exits(0);
        assert!(
            ended.out.lines().all(|line| line.len() < 200),
            "{}",
            ended.out
        );
        assert_eq!(ended.out.contains("\"a,b\""), n == 10_000, "{}", ended.out);
    }
}
