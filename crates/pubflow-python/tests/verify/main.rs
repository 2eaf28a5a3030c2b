//! Smoke tests of wheels with and without defects, on the real interpreters and the real installer of
//! this machine, without a network.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod wanted;

use std::time::Duration;

use pubflow_finding::Severity;
use pubflow_python::installer::Network;
use pubflow_python::interpreter::Choice;
use pubflow_python::verify::{Outcome, RULES, ScriptTest, SmokeTest, VerifyError, VerifyLimits};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use bench::{Bench, check, check_on, demo, interpreters, outcome, shown};

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;
const NOTE: Severity = Severity::Note;

#[test]
fn a_sound_wheel_passes_on_the_oldest_and_the_newest_interpreter() {
    let wheel = demo(
        "__version__ = '1.0.0'\ntry:\n    import pubflow_absent\nexcept ImportError:\n    pass\n",
    )
    .file(
        "demo/cli.py",
        "import sys\ndef main():\n    sys.exit(0)\ndef gui():\n    raise SystemExit(3)\n",
    )
    .file(
        "demo/__main__.py",
        "raise RuntimeError('not to be imported')\n",
    )
    .file(
        "demo/tests/test_demo.py",
        "raise RuntimeError('not to be imported')\n",
    )
    .file("demo/_speedups.py", "raise RuntimeError('private')\n")
    .file("demo/schema.json", "{}")
    .entry_points(
        "[console_scripts]\ndemo = demo.cli:main\n[gui_scripts]\ndemo-gui = demo.cli:gui\n",
    );
    let bench = Bench {
        choice: Choice::Ends,
        ..Bench::new()
    };
    let subjects = bench.run(&wheel).unwrap();
    let ends = pubflow_python::interpreter::select(interpreters(), None, Choice::Ends).unwrap();
    assert_eq!(subjects.len(), ends.len());
    for subject in &subjects {
        assert_eq!(shown(&subject.findings), [], "{:#?}", subject.findings);
        for name in [
            "install", "files", "metadata", "imports", "version", "scripts", "help",
        ] {
            assert_eq!(outcome(subject, name), Outcome::Passed, "{name}");
        }
        assert_eq!(outcome(subject, "dependencies"), Outcome::Skipped);
    }
    let newest = &interpreters()[0];
    assert_eq!(subjects.last().unwrap().python, Some(newest.label()));
}

#[test]
fn a_missing_subpackage_is_told_once_with_all_that_fail_by_it() {
    let subject = check(
        &demo("from .core import engine\n")
            .file("demo/a.py", "")
            .file("demo/b.py", ""),
        &[("P1701", ERROR)],
    );
    let finding = &subject.findings[0];
    assert!(
        finding.message.contains("No module named 'demo.core'"),
        "{}",
        finding.message
    );
    assert!(
        finding.message.ends_with("so does `demo.a` and 1 more"),
        "{}",
        finding.message
    );
    assert!(finding.why.as_deref().unwrap().contains("not in the wheel"));
    assert_eq!(finding.place.member.as_deref(), Some("demo/__init__.py"));
    assert_eq!(finding.place.line, Some(1));
    assert_eq!(outcome(&subject, "imports"), Outcome::Found(ERROR));
}

#[test]
fn failures_of_submodules_cost_what_they_are() {
    let wheel = demo("")
        .file("demo/data.py", "open(__file__[:-3] + '.json')\n")
        .file(
            "demo/bug.py",
            "import importlib\nimportlib.util.find_spec('demo')\n",
        )
        .file(
            "demo/refuses.py",
            "raise RuntimeError('configure me first')\n",
        )
        .file("demo/syntax.py", "def f(:\n")
        .file("demo/native_win32.py", "import winreg\n");
    let windows = cfg!(windows);
    if windows {
        return;
    }
    let subject = check(
        &wheel,
        &[
            ("P1701", WARNING),
            ("P1701", ERROR),
            ("P1713", NOTE),
            ("P1701", WARNING),
            ("P1701", ERROR),
        ],
    );
    let members: Vec<_> = subject
        .findings
        .iter()
        .map(|one| one.place.member.as_deref().unwrap())
        .collect();
    assert_eq!(
        members,
        [
            "demo/bug.py",
            "demo/data.py",
            "demo/native_win32.py",
            "demo/refuses.py",
            "demo/syntax.py"
        ]
    );
    assert_eq!(
        subject.findings[1].why.as_deref(),
        Some("`demo/data.json` is not in the wheel")
    );
}

#[test]
fn an_import_that_hangs_or_ends_the_interpreter_does_not_hide_the_others() {
    let wheel = demo("")
        .file("demo/a_hangs.py", "import time\ntime.sleep(600)\n")
        .file("demo/b_exits.py", "import os\nos._exit(3)\n")
        .file(
            "demo/c_forks.py",
            "import os\nif hasattr(os, 'fork'):\n    os.fork()\n",
        )
        .file("demo/d_fails.py", "import demo.gone\n");
    let bench = Bench {
        limits: VerifyLimits {
            import: Duration::from_secs(2),
            ..VerifyLimits::default()
        },
        ..Bench::new()
    };
    let subject = bench.one(&wheel);
    let mut found = shown(&subject.findings);
    found.sort_unstable();
    assert_eq!(
        found,
        [("P1701", ERROR), ("P1701", ERROR), ("P1702", ERROR)],
        "{:#?}",
        subject.findings
    );
    let hangs = subject
        .findings
        .iter()
        .find(|one| one.rule.code == "P1702")
        .unwrap();
    assert_eq!(hangs.place.member.as_deref(), Some("demo/a_hangs.py"));
    assert_eq!(hangs.place.line, Some(2));
    let died = subject
        .findings
        .iter()
        .find(|one| one.message.contains("b_exits"))
        .unwrap();
    assert!(died.message.ends_with("exit status 3"), "{}", died.message);
}

#[test]
fn writes_below_home_are_seen_and_temporary_files_are_not() {
    let init = "import os, tempfile\n\
        open(os.path.join(tempfile.mkdtemp(), 'x'), 'w').close()\n\
        assert os.environ.get('PUBFLOW_CANARY_TOKEN') is None\n";
    let bench = Bench::new();
    let inherited = bench
        .inherited
        .clone()
        .with("PUBFLOW_CANARY_TOKEN", "canary");
    check_on(&Bench { inherited, ..bench }, &demo(init), &[]);
    let writes = "import os\nos.makedirs(os.path.expanduser('~/.demo/cache'))\n";
    let subject = check(&demo(writes), &[("P1703", WARNING)]);
    let message = &subject.findings[0].message;
    assert!(
        message.contains("`~/.demo`") && message.contains("cache`"),
        "{message}"
    );
}

#[test]
fn scripts_must_load() {
    let wheel = demo("def main():\n    return 0\nvalue = 1\n").entry_points(
        "[console_scripts]\ngood = demo:main\nno-module = demo.cli:run\nno-attribute = demo:absent\n\
         [gui_scripts]\nno-function = demo:value\n",
    );
    let subject = check(
        &wheel,
        &[("P1704", ERROR), ("P1704", ERROR), ("P1704", ERROR)],
    );
    let names = ["no-module", "no-attribute", "no-function"];
    for (finding, name) in subject.findings.iter().zip(names) {
        let member = finding.place.member.as_deref();
        assert_eq!(member, Some("demo-1.0.dist-info/entry_points.txt"));
        assert!(finding.message.contains(name), "{}", finding.message);
    }
    assert_eq!(outcome(&subject, "help"), Outcome::Passed);
}

#[test]
fn a_script_that_stops_at_a_missing_module_or_gives_no_help_is_told() {
    let wheel = demo("")
        .file("demo/lazy.py", "def main():\n    import demo.gone\n")
        .file("demo/mute.py", "def main():\n    print('what?')\n    return 2\n")
        .file("demo/version.py", "import sys\ndef main():\n    return 0 if '--version' in sys.argv else 2\n")
        .entry_points("[console_scripts]\nlazy = demo.lazy:main\nmute = demo.mute:main\nversioned = demo.version:main\n");
    let subject = check(&wheel, &[("P1704", ERROR), ("P1711", WARNING)]);
    assert!(subject.findings[1].message.contains("`mute`"));
    assert!(
        subject.findings[1]
            .why
            .as_deref()
            .unwrap()
            .contains("what?")
    );
    assert!(subject.findings[0].message.contains("`demo.gone`"));
    let bench = Bench {
        smoke: SmokeTest {
            scripts: ScriptTest::Load,
            ..SmokeTest::default()
        },
        ..Bench::new()
    };
    check_on(&bench, &wheel, &[]);
}

#[test]
fn the_version_attribute_must_agree() {
    let subject = check(&demo("__version__ = '1.1'\n"), &[("P1705", WARNING)]);
    assert!(subject.findings[0].message.contains("`1.1`"));
    check(&demo("__version__ = '1'\n"), &[]);
    check(&demo("__version__ = (1, 1)\n"), &[]);
}

#[test]
fn undeclared_dependencies_are_told_from_extras() {
    let extra = WheelBuilder::new("pubflow-extra", "1.0").file("pubflow_extra/__init__.py", "");
    let base = WheelBuilder::new("pubflow-base", "1.0").file("pubflow_base.py", "");
    let bench = Bench::with_index(&[extra, base]);
    let wheel = demo("import pubflow_base\n")
        .file("demo/optional.py", "try:\n    import pubflow_extra\nexcept ImportError:\n    raise RuntimeError('install demo[more]') from None\n")
        .file("demo/integration.py", "import pubflow_absent\n")
        .file("demo/cli.py", "import pubflow_extra\ndef main():\n    return 0\n")
        .requires("pubflow-base>=1")
        .metadata_line("Provides-Extra: more")
        .requires("pubflow-extra; extra == 'more'")
        .entry_points("[console_scripts]\nplain = demo.cli:main\nasking = demo.cli:main [more]\n");
    let subject = check_on(&bench, &wheel, &[("P1704", WARNING), ("P1706", WARNING)]);
    assert!(
        subject.findings[0]
            .why
            .as_deref()
            .unwrap()
            .contains("the extra `more`"),
        "{:#?}",
        subject.findings
    );
    assert!(subject.findings[1].message.contains("`demo.integration`"));
    assert_eq!(outcome(&subject, "dependencies"), Outcome::Passed);
    assert_eq!(outcome(&subject, "extras"), Outcome::Passed);

    let subject = check_on(&bench, &demo("import pubflow_base\n"), &[("P1706", ERROR)]);
    assert!(
        subject.findings[0]
            .next
            .as_deref()
            .unwrap()
            .contains("`pubflow_base`")
    );
}

#[test]
fn a_second_module_that_is_for_an_extra_is_a_warning_and_the_main_one_an_error() {
    let extra = WheelBuilder::new("pubflow-extra", "1.0").file("pubflow_extra/__init__.py", "");
    let bench = Bench::with_index(&[extra]);
    let with_extra = |wheel: WheelBuilder| {
        wheel
            .metadata_line("Provides-Extra: d")
            .requires("pubflow-extra; extra == 'd'")
    };
    let second = with_extra(demo("")).file("demod.py", "import pubflow_extra\n");
    check_on(&bench, &second, &[("P1706", WARNING)]);
    let main = with_extra(demo("import pubflow_extra\n"))
        .file("demo/a.py", "")
        .file("other.py", "");
    check_on(&bench, &main, &[("P1706", ERROR)]);
}

#[test]
fn what_old_environments_are_seeded_with_counts_as_undeclared() {
    let bench = Bench {
        choice: Choice::Ends,
        ..Bench::new()
    };
    for subject in bench.run(&demo("import pkg_resources\n")).unwrap() {
        assert_eq!(
            shown(&subject.findings),
            [("P1706", ERROR)],
            "{:#?}",
            subject.findings
        );
    }
}

#[test]
fn requirements_and_extras_must_resolve() {
    let base = WheelBuilder::new("pubflow-base", "1.0").file("pubflow_base.py", "");
    let bench = Bench::with_index(&[base]);
    let extras = demo("")
        .metadata_line("Provides-Extra: good")
        .requires("pubflow-base; extra == 'good'")
        .metadata_line("Provides-Extra: bad")
        .requires("pubflow-base>=2; extra == 'bad'");
    let subject = check_on(&bench, &extras, &[("P1707", ERROR)]);
    assert!(subject.findings[0].message.starts_with("the extra `bad`"));
    let subject = check_on(
        &bench,
        &demo("").requires("pubflow-base>=2"),
        &[("P1707", ERROR)],
    );
    assert!(subject.findings[0].message.starts_with("the dependencies"));
    check_on(&bench, &demo("").requires("pubflow-base>=1"), &[]);
}

#[test]
fn an_index_that_cannot_be_reached_is_no_defect() {
    let mut bench = Bench::new();
    bench.network = Network::Online;
    // Nobody listens on the discard port of this machine.
    let address = "http://127.0.0.1:9/simple/";
    bench.inherited = bench
        .inherited
        .with("PIP_INDEX_URL", address)
        .with("PIP_RETRIES", "0")
        .with("UV_DEFAULT_INDEX", address)
        .with("UV_HTTP_RETRIES", "0");
    let wheel = demo("").requires("pubflow-absent");
    let error = bench.run(&wheel).unwrap_err();
    assert!(matches!(error, VerifyError::Dependencies { .. }), "{error}");
    assert!(error.log().is_some_and(|log| !log.is_empty()));
}

#[test]
fn installed_files_must_be_those_of_record() {
    let wheel = demo("x = 1\n").file("demo/a.py", "x = 1\n");
    check(&wheel, &[]);
    let wrong = wheel
        .clone()
        .record_edit("demo/a.py,sha256=", "demo/a.py,sha256=AAAA");
    let subject = check(&wrong, &[("P1708", ERROR)]);
    assert!(subject.findings[0].message.contains("`demo/a.py`"));
    // A dependency that brings a file of the same path along replaces ours.
    let thief = WheelBuilder::new("pubflow-thief", "1.0").file("demo/a.py", "x = 2\n");
    let bench = Bench::with_index(&[thief]);
    let wheel = wheel.requires("pubflow-thief");
    check_on(&bench, &wheel, &[("P1708", ERROR)]);
}

#[test]
fn a_dependency_must_not_replace_the_file_under_test() {
    let newer = WheelBuilder::new("demo", "2.0").file("demo/__init__.py", "");
    let circular = WheelBuilder::new("pubflow-circle", "1.0")
        .file("pubflow_circle.py", "")
        .requires("demo>=2");
    let bench = Bench::with_index(&[newer, circular]);
    let subject = bench.one(&demo("x = 1\n").requires("pubflow-circle"));
    let found = shown(&subject.findings);
    assert!(found.contains(&("P1709", ERROR)), "{:#?}", subject.findings);
}

#[test]
fn a_wheel_for_another_machine_is_noted_and_not_failed() {
    let elsewhere = demo("").tag("cp38-cp38-win_arm64");
    let subject = check(&elsewhere, &[("P1713", NOTE)]);
    assert_eq!(subject.python, None);
    assert!(subject.checks.is_empty());
    let too_new = demo("").metadata_line("Requires-Python: >=4");
    let subject = check(&too_new, &[("P1713", NOTE)]);
    assert!(
        subject.findings[0]
            .why
            .as_deref()
            .unwrap()
            .contains("Requires-Python: >=4")
    );
}

#[test]
fn a_wheel_that_the_installer_refuses_is_a_finding() {
    let wheel = demo("").without("demo-1.0.dist-info/WHEEL");
    let subject = check(&wheel, &[("P1714", ERROR)]);
    assert_eq!(outcome(&subject, "install"), Outcome::Found(ERROR));
    assert_eq!(subject.findings[0].refused_by.len(), 1);
}

#[test]
fn modules_for_windows_alone_are_not_held_against_a_wheel_that_says_so() {
    if cfg!(windows) {
        return;
    }
    check(&demo("import winreg\n"), &[("P1701", ERROR)]);
    let says_so = demo("import winreg\n")
        .metadata_line("Classifier: Operating System :: Microsoft :: Windows");
    check(&says_so, &[("P1713", NOTE)]);
}

#[test]
fn several_files_are_verified_at_once_and_come_back_in_order() {
    let bench = Bench::new();
    let other = WheelBuilder::new("other", "2.0").file("other.py", "import absent_module\n");
    let empty = WheelBuilder::new("meta", "1.0");
    let files = [&demo(""), &other, &empty].map(|wheel| wheel.build_in(bench.scratch.path()));
    let subjects = bench.run_on(&files).unwrap();
    let found: Vec<_> = subjects
        .iter()
        .map(|one| (one.path.clone(), one.worst()))
        .collect();
    let [first, second, third] = files;
    assert_eq!(found, [(first, None), (second, Some(ERROR)), (third, None)]);
    assert_eq!(outcome(&subjects[2], "imports"), Outcome::Skipped);
}

/// A backend without requirements, for an sdist that builds without a network.
const BACKEND: &str = r#"
import zipfile
INFO = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
def build_sdist(directory, settings=None):
    raise RuntimeError("an installer asks for no second sdist")
def build_wheel(directory, settings=None, metadata=None):
    name = "demo-1.0-py3-none-any.whl"
    files = {
        "demo/__init__.py": "from .gone import x\n",
        "demo-1.0.dist-info/METADATA": INFO,
        "demo-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files["demo-1.0.dist-info/RECORD"] = "".join(f"{path},,\n" for path in [*files, "demo-1.0.dist-info/RECORD"])
    with zipfile.ZipFile(directory + "/" + name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name
"#;

#[test]
fn an_sdist_is_verified_by_the_wheel_that_is_built_from_it() {
    let bench = Bench::new();
    let sdist = SdistBuilder::new("demo", "1.0")
        .pyproject(
            "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n\
             [project]\nname = 'demo'\nversion = '1.0'\n",
        )
        .file("backend.py", BACKEND)
        .metadata("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
        .build_in(bench.scratch.path());
    let subjects = bench.run_on(std::slice::from_ref(&sdist)).unwrap();
    assert_eq!(subjects.len(), 1);
    assert_eq!(subjects[0].path, sdist);
    assert_eq!(shown(&subjects[0].findings), [("P1701", ERROR)]);
    let broken = SdistBuilder::new("broken", "1.0").build_in(bench.scratch.path());
    let error = bench.run_on(&[broken]).unwrap_err();
    assert!(matches!(error, VerifyError::Sdist { .. }), "{error}");
}

#[test]
fn a_file_that_is_no_distribution_is_an_error() {
    let bench = Bench::new();
    let file = bench.scratch.path().join("notes.txt");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(
        bench.run_on(&[file]),
        Err(VerifyError::NoDistribution { .. })
    ));
    let absent = bench.scratch.path().join("absent-1.0-py3-none-any.whl");
    assert!(matches!(bench.run_on(&[absent]), Err(VerifyError::Open(_))));
}

#[test]
fn rules_are_told_apart_and_explained() {
    let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    for rule in RULES {
        for part in [rule.about, rule.why, rule.cure] {
            assert!(part.len() > 20, "{} is not explained", rule.code);
        }
    }
}
