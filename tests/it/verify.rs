//! What a maintainer asks of `pubflow verify`: everything that CI has made at once, the tests that the
//! project has written down, results that other programs read.

use pubflow_testkit::WheelBuilder;
use serde_json::Value;

use crate::support::World;

fn wheel(name: &str) -> WheelBuilder {
    let module = format!("{}/__init__.py", name.replace('-', "_"));
    WheelBuilder::new(name, "1.0")
        .metadata_line("Summary: A sample")
        .file(&module, "")
}

fn codes(subject: &Value) -> Vec<&str> {
    let findings = subject["findings"].as_array().unwrap().iter();
    findings.map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn of_sixty_wheels_those_that_fit_are_installed_and_the_rest_is_read() {
    let world = World::new();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    wheel("demo").build_in(&dist);
    let platforms = [
        "manylinux_2_17_s390x.manylinux2014_s390x",
        "musllinux_1_2_ppc64le",
        "macosx_10_9_ppc64",
        "win_ia64",
    ];
    for minor in 0..15 {
        for platform in platforms {
            let tag = format!("cp2{minor}-cp2{minor}m-{platform}");
            wheel("demo").platlib().tag(&tag).build_in(&dist);
        }
    }
    let broken = "cp29-cp29m-win_ia64";
    wheel("demo")
        .platlib()
        .tag(broken)
        .record_edit("demo/__init__.py,sha256=", "demo/__init__.py,sha256=x")
        .build_in(&dist);
    let ended = world
        .run(&[
            "verify",
            "--offline",
            "--installer",
            "pip",
            "--python",
            "max",
            "--format",
            "json",
            "--output",
            "junit=report.xml",
            "--output",
            "markdown=report.md",
            "dist",
        ])
        .exits(1);
    let document = ended.json();
    let subjects = document["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), 61);
    let of_mode = |mode: &str| -> Vec<&Value> {
        let mine = subjects.iter().filter(|one| one["mode"] == mode);
        mine.collect()
    };
    let installed = of_mode("installed");
    assert_eq!(installed.len(), 1);
    assert_eq!(installed[0]["path"], "dist/demo-1.0-py3-none-any.whl");
    assert_eq!(installed[0]["verdict"], "pass", "{:#}", installed[0]);
    for subject in of_mode("static") {
        let is_broken = subject["path"].as_str().unwrap().contains(broken);
        let verdict = if is_broken { "fail" } else { "pass" };
        assert_eq!(subject["verdict"], verdict, "{subject:#}");
        assert!(codes(subject).contains(&"P1713"), "{subject:#}");
    }
    let junit = std::fs::read_to_string(world.work().join("report.xml")).unwrap();
    assert!(
        junit.contains("<testsuites name=\"pubflow verify\""),
        "{junit}"
    );
    assert_eq!(junit.matches("<testsuite ").count(), 61);
    assert_eq!(junit.matches("<failure ").count(), 1);
    assert!(junit.contains("name=\"imports\" time="), "{junit}");
    let markdown = std::fs::read_to_string(world.work().join("report.md")).unwrap();
    assert!(markdown.starts_with("## pubflow verify: 1 of 61 subjects failed\n"));
    assert_eq!(markdown.matches("| static |").count(), 59);
}

#[test]
fn the_tests_of_a_project_are_for_its_own_distributions() {
    let world = World::new();
    world.write(
        "pyproject.toml",
        r#"[project]
name = "demo"
version = "1.0"
[tool.pubflow]
budgets = { wheel = "100 B", import-time = "5min" }
[tool.pubflow.smoke]
imports = ["demo"]
scripts = "none"
run = [["python", "-c", "import demo; print(demo.missing)"]]
"#,
    );
    wheel("demo").build_in(&world.work());
    wheel("other").build_in(&world.work());
    let verify = |file: &str| {
        let options = ["verify", "--offline", "--python", "max", "--format", "json"];
        let arguments: Vec<&str> = options.into_iter().chain([file]).collect();
        world.run(&arguments)
    };
    let document = verify("demo-1.0-py3-none-any.whl").exits(1).json();
    let subject = &document["subjects"][0];
    assert_eq!(codes(subject), ["P1715"]);
    let finding = &subject["findings"][0];
    let why = finding["why"].as_str().unwrap();
    assert!(why.contains("has no attribute 'missing'"), "{why}");
    let by_hand = finding["by_hand"].as_str().unwrap();
    assert!(by_hand.contains("./demo-1.0-py3-none-any.whl"), "{by_hand}");
    assert!(
        by_hand.ends_with("python -c 'import demo; print(demo.missing)'"),
        "{by_hand}"
    );
    let document = verify("other-1.0-py3-none-any.whl").exits(0).json();
    assert_eq!(codes(&document["subjects"][0]), [""; 0]);
    // The size is a matter of the check.
    let check = world.run(&["check", "--format", "json", "demo-1.0-py3-none-any.whl"]);
    let document = check.exits(0).json();
    let found = codes(&document["subjects"][0]);
    assert_eq!(
        found.iter().filter(|code| **code == "P1502").count(),
        1,
        "{found:?}"
    );
    let shown = world.run(&["config", "show"]).exits(0).out;
    for (key, value) in [
        ("smoke.imports", "demo"),
        ("smoke.scripts", "none"),
        ("smoke.run", "python -c import demo"),
        ("budgets.wheel", "100 bytes"),
        ("budgets.import-time", "300 s"),
    ] {
        let row = shown.lines().find(|line| line.starts_with(key));
        assert!(row.is_some_and(|row| row.contains(value)), "{key}: {shown}");
    }
}

#[test]
fn a_directory_without_distributions_is_no_subject() {
    let world = World::new();
    let ended = world.run(&["verify", "."]).exits(2);
    assert!(ended.err.contains("no wheel and no sdist"), "{}", ended.err);
    let ended = world
        .run(&["verify", "--format", "sarif", "x.whl"])
        .exits(2);
    assert!(ended.err.contains("--format sarif"), "{}", ended.err);
}
