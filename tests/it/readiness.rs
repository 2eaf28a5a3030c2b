//! Whether a release can go out: gates, items, times and people, asked by the program itself.

use serde_json::Value;

use crate::support::{TestIndex, World, world_with_a_release};

const PROJECT: &str = "[project]\nname = \"demo\"\nversion = \"1.0\"\n";
const JUNIT: &str = "<testsuite><testcase name='a'/><testcase name='b'><failure message='boom'/></testcase></testsuite>";

/// A release that is sealed and on TestPyPI, with settings of its project.
fn released(settings: &str) -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.set("USER", "ann");
    world.write("pyproject.toml", &format!("{PROJECT}{settings}"));
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    (world, index)
}

fn readiness(world: &World, options: &[&str], code: i32) -> Value {
    let arguments = [&["readiness", "--format", "json"], options].concat();
    world.run(&arguments).exits(code).json()
}

#[track_caller]
fn check(document: &Value, verdict: &str, blockers: &[&str]) {
    assert_eq!(document["verdict"], verdict, "{document:#}");
    let found: Vec<String> = document["blockers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|blocker| {
            format!(
                "{}: {}",
                blocker["kind"].as_str().unwrap(),
                blocker["what"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(found, blockers);
}

const GATE: &str = "[tool.pubflow.gates.tests]\nreport = \"junit:-\"\nrun = [\"sh\", \"-c\", \"cat report.xml; grep -q failure report.xml && exit 1; exit 0\"]\n";

#[test]
fn a_gate_counts_for_the_source_that_it_saw() {
    let (world, _index) = released(GATE);
    world.write("report.xml", JUNIT);
    let fresh = readiness(&world, &[], 1);
    check(&fresh, "not-ready", &["missing: gate `tests` was not run"]);

    let red = readiness(&world, &["--run"], 1);
    check(
        &red,
        "not-ready",
        &["failed: gate `tests` failed: 1 failed"],
    );
    let counts = &red["gates"][0]["counts"];
    assert!(
        counts.to_string().contains("[\"failed\",\"1\"]"),
        "{counts}"
    );
    let recommended = red["recommendation"].to_string();
    assert!(
        recommended.contains("pre-release such as 1.0rc1"),
        "{recommended}"
    );

    world.write("report.xml", "<testsuite><testcase name='a'/></testsuite>");
    let stale = readiness(&world, &[], 1);
    check(
        &stale,
        "not-ready",
        &["missing: gate `tests` has no result for the source and settings as they are now"],
    );
    let green = readiness(&world, &["--run"], 0);
    check(&green, "ready", &[]);
    // Nothing is run again while nothing changed.
    let again = world.run(&["readiness", "--run"]).exits(0);
    assert!(!again.err.contains("gate tests"), "{}", again.err);
    assert!(
        again.out.starts_with("demo 1.0 is READY\nmanifest "),
        "{}",
        again.out
    );
}

#[test]
fn people_decide_and_their_conditions_become_items() {
    let (world, _index) = released(
        "[[tool.pubflow.checklist]]\ngroup = \"process\"\ntext = \"Legal review\"\nmanual = true\nowner = \"lead\"\n",
    );
    let open = readiness(&world, &[], 3);
    check(
        &open,
        "not-ready",
        &["waiting: checklist item `legal-review` is open: Legal review (lead)"],
    );
    for wrong in [
        "legal-review",
        "legal=APPROVED",
        "legal-review=MAYBE",
        "legal-review=CONDITIONAL",
    ] {
        world.run(&["readiness", "--decide", wrong]).exits(2);
    }
    let conditional = [
        "--decide",
        "legal-review=CONDITIONAL",
        "--condition",
        "notice added",
    ];
    let conditional = readiness(&world, &conditional, 3);
    check(
        &conditional,
        "not-ready",
        &["waiting: checklist item `legal-review.1` is open: notice added (lead)"],
    );
    let ready = readiness(&world, &["--decide", "legal-review.1=approved"], 0);
    check(&ready, "ready", &[]);
    assert_eq!(ready["checklist"][0]["status"], "CONDITIONAL");
    assert_eq!(ready["checklist"][1]["by"], "ann");
}

#[test]
fn clocks_and_risks_stand_against_a_release() {
    let (world, _index) = released("[tool.pubflow.release]\nsoak = \"7d\"\n");
    world.write(
        "risks.toml",
        "[[risk]]\nrisk = \"old clients break\"\nlevel = \"high\"\nmitigation = \"a shim\"\nstatus = \"mitigated\"\n",
    );
    let soaking = readiness(&world, &[], 3);
    let what = soaking["blockers"][0]["what"].as_str().unwrap();
    assert!(
        what.starts_with("the soak time (7 d on testpypi) is not over until "),
        "{what}"
    );
    assert_eq!(soaking["risks"][0]["mitigation"], "a shim");
    world.write(
        "risks.toml",
        "[[risk]]\nrisk = \"data loss\"\nlevel = \"critical\"\n",
    );
    let risky = readiness(&world, &[], 1);
    assert_eq!(
        risky["blockers"][0]["what"],
        "an open critical risk: data loss"
    );
    world.write("risks.toml", "[[risk]]\nrisk = \"x\"\nlevel = \"huge\"\n");
    world.run(&["readiness"]).exits(2).says("risk[0].level");
}

#[test]
fn nothing_sealed_is_not_ready_and_says_what_to_do() {
    let world = World::new();
    world.write("pyproject.toml", PROJECT);
    let nothing = world.run(&["readiness"]).exits(1);
    assert!(
        nothing.out.contains("this project is NOT READY"),
        "{}",
        nothing.out
    );
    assert!(
        nothing.out.contains("next: run `pubflow build`"),
        "{}",
        nothing.out
    );
}

#[test]
fn the_page_and_markdown_escape_what_reports_say() {
    let (world, _index) = released(GATE);
    let hostile = "<testsuite><testcase name='&lt;script>'><failure message='|&lt;b>'/></testcase></testsuite>";
    world.write("report.xml", hostile);
    let page = world.work().join("page.html");
    let arguments = [
        "readiness",
        "--run",
        "--html",
        page.to_str().unwrap(),
        "--format",
        "markdown",
    ];
    let markdown = world.run(&arguments).exits(1).out;
    assert!(
        markdown.starts_with("# demo 1.0: NOT READY\n"),
        "{markdown}"
    );
    let html = std::fs::read_to_string(page).unwrap();
    for part in [
        "NOT READY</span>",
        "default-src 'none'",
        "<h2>Timeline</h2>",
        "upload:testpypi",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("<script"), "the page has a script");
    assert!(!markdown.contains("<b>"), "{markdown}");
}

#[test]
fn metrics_count_runs_steps_and_lead_time() {
    let (world, _index) = released("");
    let metrics = world.run(&["metrics", "--format", "json"]).exits(0).json();
    assert_eq!(metrics["runs"]["done"], 1);
    assert_eq!(metrics["success_rate"], 1.0);
    let steps = metrics["steps"].as_array().unwrap();
    let upload = steps
        .iter()
        .find(|step| step["step"] == "upload:testpypi")
        .unwrap();
    assert_eq!(
        (&upload["done"], &upload["failures"]),
        (&Value::from(3), &Value::from(0))
    );
    assert!(metrics["releases"][0]["lead_seconds"].as_f64().unwrap() > 0.0);
    let table = world.run(&["metrics", "demo"]).exits(0).out;
    assert!(table.contains("1 runs: 1 done"), "{table}");
    let nothing = World::new().run(&["metrics"]).exits(0).out;
    assert_eq!(nothing, "No run is recorded.\n");
}
