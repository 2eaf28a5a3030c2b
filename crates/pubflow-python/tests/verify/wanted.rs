//! What a project may ask of its smoke test, and what is looked at besides imports and scripts.

use std::time::Duration;

use pubflow_finding::Severity;
use pubflow_python::verify::Outcome;
use pubflow_testkit::WheelBuilder;

use crate::bench::{Bench, check_on, demo, outcome, shown};

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn times_are_measured_against_their_budgets() {
    let wheel = demo("import time\ntime.sleep(0.3)\n");
    let mut bench = Bench::new();
    bench.smoke.budgets.import = Some(Duration::from_millis(100));
    bench.smoke.budgets.install = Some(Duration::from_nanos(1));
    let subject = check_on(&bench, &wheel, &[("P1710", WARNING), ("P1710", WARNING)]);
    let messages: Vec<&str> = subject
        .findings
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert!(messages[0].starts_with("`import demo` on "), "{messages:?}");
    assert!(
        messages[0].ends_with("the budget is 0.10 s"),
        "{messages:?}"
    );
    assert!(
        messages[1].starts_with("the installation on "),
        "{messages:?}"
    );
    assert_eq!(outcome(&subject, "budgets"), Outcome::Found(WARNING));
}

#[test]
fn the_commands_of_the_project_run_in_an_empty_directory_of_the_environment() {
    let mut bench = Bench::new();
    bench.limits.command = Duration::from_secs(10);
    bench.smoke.budgets.import = Some(Duration::from_secs(600));
    bench.smoke.commands = vec![
        words(&[
            "python",
            "-c",
            "import demo, os; assert os.listdir('.') == []",
        ]),
        words(&["demo", "self-test"]),
        words(&["no-such-program-of-pubflow"]),
        words(&["python", "-c", "print('it broke'); raise SystemExit(3)"]),
        words(&["python", "-c", "import time; time.sleep(600)"]),
    ];
    let wheel = demo("def main():\n    raise SystemExit(0)\n")
        .entry_points("[console_scripts]\ndemo = demo:main\n");
    let expected = [("P1715", ERROR), ("P1715", ERROR), ("P1715", ERROR)];
    let subject = check_on(&bench, &wheel, &expected);
    let ending = |words: &str| {
        let mut findings = subject.findings.iter();
        findings.find(|one| one.message.ends_with(words)).unwrap()
    };
    let broke = ending("it ends with exit status 3");
    assert_eq!(broke.why.as_deref(), Some("it printed:\nit broke"));
    let by_hand = broke.by_hand.as_deref().unwrap();
    assert!(
        by_hand.ends_with("$PATH python -c 'print('\\''it broke'\\''); raise SystemExit(3)'"),
        "{by_hand}"
    );
    ending("it does not end within 10 s");
    assert_eq!(outcome(&subject, "commands"), Outcome::Found(ERROR));
    assert_eq!(outcome(&subject, "budgets"), Outcome::Passed);
}

#[test]
fn modules_that_are_named_are_imported_and_no_others() {
    let wheel = demo("")
        .file("demo/broken.py", "1 / 0\n")
        .file("demo/_private.py", "");
    let mut bench = Bench::new();
    bench.smoke.imports = words(&["demo", "demo._private", "demo.absent"]);
    let subject = check_on(&bench, &wheel, &[("P1701", ERROR)]);
    let by_hand = subject.findings[0].by_hand.as_deref().unwrap();
    assert!(
        by_hand.ends_with("&& pubflow-try/bin/python -I -c 'import demo.absent'"),
        "{by_hand}"
    );
}

#[test]
fn extras_that_are_named_are_installed_each_in_an_environment_of_its_own() {
    let helper = WheelBuilder::new("pubflow-helper", "1.0").file("pubflow_helper.py", "");
    let wheel = demo("")
        .file("demo/fast.py", "import pubflow_helper\n")
        .metadata_line("Provides-Extra: Fast_One")
        .requires("pubflow-helper; extra == 'fast-one'");
    let mut bench = Bench::with_index(&[helper]);
    bench.smoke.extras = words(&["", "fast.one", "none"]);
    let subjects = bench.run(&wheel).unwrap();
    let extras: Vec<_> = subjects.iter().map(|one| one.extra.as_deref()).collect();
    assert_eq!(extras, [None, Some("fast.one"), Some("none")]);
    assert_eq!(shown(&subjects[0].findings), [], "{:#?}", subjects[0]);
    assert_eq!(shown(&subjects[1].findings), [], "{:#?}", subjects[1]);
    assert_eq!(outcome(&subjects[0], "dependencies"), Outcome::Skipped);
    assert_eq!(outcome(&subjects[1], "dependencies"), Outcome::Passed);
    assert_eq!(outcome(&subjects[1], "consistency"), Outcome::Passed);
    assert_eq!(shown(&subjects[2].findings), [("P1707", ERROR)]);
}

#[test]
fn what_an_import_writes_beside_the_code_is_left_behind() {
    let writes =
        "import pathlib\npathlib.Path(__file__).with_name('cache.json').write_text('{}')\n";
    let subject = check_on(&Bench::new(), &demo(writes), &[("P1717", WARNING)]);
    let message = &subject.findings[0].message;
    assert!(
        message.contains("demo/cache.json` in the environment"),
        "{message}"
    );
}

#[test]
fn an_upgrade_meets_what_the_last_release_left() {
    let writes =
        "import pathlib\npathlib.Path(__file__).with_name('cache.json').write_text('{}')\n";
    let last = WheelBuilder::new("demo", "0.9").file("demo/__init__.py", writes);
    let other_machine = last.clone().tag("cp27-cp27m-win32");
    let mut bench = Bench::new();
    bench.previous = [&other_machine, &last]
        .map(|wheel| wheel.build_in(bench.scratch.path()))
        .to_vec();
    let confused = WheelBuilder::new("demo", "1.0").file(
        "demo/__init__.py",
        "import os\nif os.path.exists(os.path.join(os.path.dirname(__file__), 'cache.json')):\n    raise ValueError('unknown cache')\n",
    );
    let subject = check_on(&bench, &confused, &[("P1718", ERROR)]);
    let message = &subject.findings[0].message;
    assert!(
        message.ends_with(
            "after an upgrade from `demo-0.9-py3-none-any.whl`: ValueError: unknown cache"
        ),
        "{message}"
    );
    assert_eq!(outcome(&subject, "upgrade"), Outcome::Found(ERROR));
    bench.previous.pop();
    let subject = check_on(&bench, &confused, &[]);
    assert_eq!(outcome(&subject, "upgrade"), Outcome::Skipped);
}

#[cfg(target_os = "linux")]
#[test]
fn imports_have_no_network_where_the_system_lets_us_cut_it_off() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = format!("import socket\nsocket.create_connection(('127.0.0.1', {port}), 5)\n");
    let bench = Bench::new();
    let subject = bench.one(&demo(&calls));
    let imports = subject.checks.iter().find(|one| one.name == "imports");
    let detail = &imports.unwrap().detail;
    if detail.contains("with the network in reach") {
        assert_eq!(shown(&subject.findings), [], "said, and not done");
        return;
    }
    assert_eq!(shown(&subject.findings), [("P1701", ERROR)]);
    let why = subject.findings[0].why.as_deref().unwrap();
    assert!(why.contains("without a network"), "{why}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "somebody came through");
}
