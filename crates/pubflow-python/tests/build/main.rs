//! Builds of small projects with real interpreters.
//!
//! The backend is in the tree and needs the standard library only, so no test here needs a network.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod repeated;

use std::time::{Duration, Instant};

use pubflow_dist::digest_file;
use pubflow_process::Inherited;
use pubflow_python::build::{BuildReason, BuildStage, HookFailure};

use fixture::Project;

const SDIST: &str = "demo_pkg-1.0.tar.gz";
const WHEEL: &str = "demo_pkg-1.0-py3-none-any.whl";

#[test]
fn both_files_appear_and_nothing_else() {
    let project = Project::new("");
    let built = project.build().unwrap();
    assert_eq!(project.out_names(), [WHEEL, SDIST]);
    assert_eq!(
        (built.name.normalized(), built.version.to_string().as_str()),
        ("demo-pkg", "1.0")
    );
    for file in [&built.sdist, &built.wheel] {
        assert_eq!(digest_file(&file.path).unwrap(), file.digests);
    }
    assert_eq!(
        project.tree_names(),
        ["backend", "demo_pkg.py", "pyproject.toml"]
    );
    assert_eq!(project.names_in("tree/backend"), ["intree.py"]);
}

#[test]
fn what_hooks_print_is_a_log_and_never_a_result() {
    let project = Project::new(
        r#"
print("on import")
inner_sdist = build_sdist
def build_sdist(directory, config_settings=None):
    print('{"status": "returned", "value": "other"}')
    os.write(1, b"raw \xff\xfe bytes")
    sys.stderr.write("x" * 200000)
    return inner_sdist(directory)
"#,
    );
    project.build().unwrap();
    let log = project.log();
    assert!(log.contains("on import") && log.contains("xxxx"));
}

#[test]
fn a_hook_that_raises_is_named_with_its_words_and_leaves_nothing() {
    let project =
        Project::new("def build_wheel(*arguments):\n    raise RuntimeError('first\\nsecond')\n");
    let error = project.build().unwrap_err();
    assert_eq!(error.at, BuildStage::BuildWheel);
    assert_eq!(
        error.message(),
        "hook `build_wheel` failed: it raised RuntimeError: first"
    );
    assert!(error.log.unwrap().ends_with("second"));
    assert_eq!(project.out_names(), [""; 0]);
}

#[track_caller]
fn check_stops(extra: &str, at: BuildStage, words: &str) {
    let project = Project::new(extra);
    let Err(error) = project.build() else {
        panic!("it was built");
    };
    let text = error.message();
    assert!(
        error.at == at && text.contains(words),
        "{}: {text}",
        error.at
    );
    assert!(!error.is_machine());
    assert_eq!(project.out_names(), [""; 0]);
}

#[test]
fn an_end_without_a_result_is_a_failure() {
    let sdist = BuildStage::BuildSdist;
    check_stops(
        "def build_sdist(*a):\n    sys.exit(0)\n",
        sdist,
        "it raised SystemExit: 0",
    );
    check_stops(
        "def build_sdist(*a):\n    os._exit(0)\n",
        sdist,
        "exit status 0 without a result",
    );
    check_stops(
        "def build_sdist(*a):\n    os.kill(os.getpid(), 9)\n",
        sdist,
        "killed by signal 9",
    );
    check_stops(
        "def build_sdist(*a):\n    os.killpg(0, 9)\n",
        sdist,
        "signal 9 without a result",
    );
}

#[test]
fn a_result_must_be_the_name_of_a_distribution_that_is_there() {
    let (sdist, wheel) = (BuildStage::BuildSdist, BuildStage::BuildWheel);
    check_stops(
        "def build_sdist(*a): return 'demo_pkg-2.0.tar.gz'",
        sdist,
        "made no such file",
    );
    check_stops("def build_sdist(*a): return 5", sdist, "it returned `5`");
    check_stops(
        "def build_sdist(*a): return b'x'",
        sdist,
        "it returned bytes",
    );
    check_stops(
        "def build_wheel(d, *a): return d + '/demo_pkg-1.0-py3-none-any.whl'",
        wheel,
        "not the name of a file",
    );
    check_stops("def build_wheel(*a): pass", wheel, "it returned `null`");
    check_stops("del build_wheel", wheel, "the backend has no such hook");
    let empty = "def build_wheel(d, *a):\n    open(os.path.join(d, 'demo_pkg-1.0-py3-none-any.whl'), 'w')\n    return 'demo_pkg-1.0-py3-none-any.whl'\n";
    check_stops(empty, wheel, "holds no readable core metadata");
}

#[test]
fn what_is_listed_as_required_must_be_requirements() {
    let (sdist, wheel) = (
        BuildStage::GetRequiresForBuildSdist,
        BuildStage::GetRequiresForBuildWheel,
    );
    check_stops(
        "def get_requires_for_build_sdist(*a): return 'x'",
        sdist,
        "not a list of requirements",
    );
    check_stops(
        "def get_requires_for_build_wheel(*a): return ['x >>> 1']",
        wheel,
        "it asks for `x >>> 1`",
    );
    check_stops(
        "def get_requires_for_build_wheel(*a): raise OSError(5)",
        wheel,
        "it raised OSError: 5",
    );
    let prepared = BuildStage::PrepareMetadataForBuildWheel;
    check_stops(
        "def prepare_metadata_for_build_wheel(*a): return 'x'",
        prepared,
        "made no such file",
    );
}

#[test]
fn a_requirement_that_cannot_be_installed_stops_at_requires() {
    let absent = "['no-such-project-of-pubflow']";
    check_stops(
        &format!("def get_requires_for_build_wheel(*a): return {absent}"),
        BuildStage::Requires,
        "could not install no-such-project-of-pubflow",
    );
    let project = Project::new("");
    project.edit(
        "pyproject.toml",
        "requires = []",
        &format!("requires = {absent}"),
    );
    let error = project.build().unwrap_err();
    assert_eq!(error.at, BuildStage::Requires);
    assert!(error.log.unwrap().contains("no-such-project-of-pubflow"));
}

#[test]
fn requirements_excluded_by_a_marker_change_nothing() {
    let project = Project::new(
        "def get_requires_for_build_wheel(*a): return [\"absent; python_version < '3'\"]",
    );
    project.build().unwrap();
}

#[test]
fn a_backend_comes_from_the_tree_when_backend_path_says_so() {
    let import = BuildStage::BackendImport;
    for (backend, words) in [
        ("json", "not from backend-path"),
        ("zipapp", "module `zipapp` is not in backend-path"),
        ("absent", "module `absent` is not in backend-path"),
        ("intree:no.such", "`intree` has no `no`"),
        ("in tree", "is not of the form"),
    ] {
        let project = Project::new("");
        project.edit("pyproject.toml", "\"intree\"", &format!("\"{backend}\""));
        let error = project.build().unwrap_err();
        assert!(
            error.at == import && error.message().contains(words),
            "{error}"
        );
    }
    check_stops(
        "raise ValueError('at import')",
        import,
        "ValueError: at import",
    );
    check_stops("sys.exit(0)", import, "SystemExit");
    check_stops("os._exit(0)", import, "without a result");
}

#[test]
fn everything_that_was_built_must_agree() {
    let consistency = BuildStage::Consistency;
    let replaced =
        |from: &str, to: &str| format!("METADATA = METADATA.replace({from:?}, {to:?})\n");
    check_stops(
        &replaced("1.0", "1.1"),
        consistency,
        "is named for version 1.0, its metadata say 1.1",
    );
    check_stops(
        &replaced("demo-pkg", "other"),
        consistency,
        "is named for name demo-pkg",
    );
    check_stops(
        "def wheel_metadata(): return METADATA.replace('a sample', 'another')",
        consistency,
        "the prepared metadata and demo_pkg-1.0-py3-none-any.whl differ in Summary: `a sample` and `another`",
    );
    check_stops(
        "del prepare_metadata_for_build_wheel\ndef wheel_metadata(): return METADATA + 'Keywords: x\\n'",
        consistency,
        "demo_pkg-1.0.tar.gz and demo_pkg-1.0-py3-none-any.whl differ in Keywords",
    );
    for (from, to, words) in [
        (
            "version = \"1.0\"",
            "version = \"1.1\"",
            "pyproject.toml gives the version `1.1`",
        ),
        (
            "name = \"demo-pkg\"",
            "name = \"demo\"",
            "pyproject.toml gives the name `demo`",
        ),
    ] {
        let project = Project::new("");
        project.edit("pyproject.toml", from, to);
        let error = project.build().unwrap_err();
        assert!(
            error.at == consistency && error.message().contains(words),
            "{error}"
        );
    }
}

#[test]
fn an_sdist_that_is_no_safe_archive_or_lacks_the_project_is_refused() {
    let outside =
        "inner = sdist_members\ndef sdist_members(): return inner() + [('../../escape', b'')]";
    check_stops(outside, BuildStage::Extract, "cannot be unpacked");
    let garbage = "def build_sdist(d, *a):\n    open(os.path.join(d, STEM + '.tar.gz'), 'wb').write(b'x' * 999)\n    return STEM + '.tar.gz'\n";
    check_stops(garbage, BuildStage::Extract, "cannot be unpacked");
    let without = "inner = sdist_members\ndef sdist_members(): return inner()[1:]";
    check_stops(
        without,
        BuildStage::BuildWheel,
        "does not hold the project's pyproject.toml",
    );
    let partial = "inner = sdist_members\ndef sdist_members(): return [m for m in inner() if m[0] != 'demo_pkg.py']";
    check_stops(partial, BuildStage::BuildWheel, "FileNotFoundError");
}

#[test]
fn a_process_that_a_hook_leaves_behind_is_not_waited_for() {
    let project = Project::new(
        r#"
import subprocess
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
inner_wheel = build_wheel
def build_wheel(*arguments):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    return inner_wheel(*arguments)
"#,
    );
    let started = Instant::now();
    project.build().unwrap();
    assert!(started.elapsed() < Duration::from_secs(100));
}

#[test]
fn a_hook_that_hangs_is_killed_at_the_deadline() {
    let mut project = Project::new("import time\ndef build_sdist(*a): time.sleep(300)");
    project.deadline = Duration::from_secs(8);
    let started = Instant::now();
    let error = project.build().unwrap_err();
    assert_eq!(error.at, BuildStage::BuildSdist);
    assert!(error.message().contains("was killed"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(100));
}

#[test]
fn hooks_see_no_secret_and_no_home_of_the_user() {
    let mut project =
        Project::new("for name in sorted(os.environ): print('%s=%s' % (name, os.environ[name]))");
    let secrets = [
        "PUBFLOW_TOKEN",
        "TWINE_PASSWORD",
        "GITHUB_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "SOME_TOKEN",
    ];
    project.inherited = secrets
        .iter()
        .fold(fixture::inherited(), |all, name| {
            all.with(*name, "canary-value")
        })
        .with("DEMO_SPEEDUPS", "yes");
    project.pass_environment = vec!["DEMO_SPEEDUPS".to_owned(), "SOME_TOKEN".to_owned()];
    project.source_date_epoch = Some(1_700_000_000);
    project.build().unwrap();
    let log = project.log();
    assert!(!log.contains("canary-value"), "{log}");
    assert!(log.contains("SOURCE_DATE_EPOCH=1700000000") && log.contains("DEMO_SPEEDUPS=yes"));
    let home = project.inherited.home().unwrap();
    assert!(!log.contains(&format!("\nHOME={}\n", home.display())));
}

#[test]
fn settings_reach_every_hook() {
    let mut project = Project::new(
        "inner_sdist = build_sdist\ndef build_sdist(d, config_settings=None):\n    print('settings', config_settings)\n    return inner_sdist(d)\n",
    );
    project.build().unwrap();
    assert!(project.log().contains("settings None"));
    let settings = [("b", "1"), ("a", "2"), ("b", "3")];
    project.config_settings = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    project.build().unwrap();
    assert!(
        project
            .log()
            .contains("settings {'a': '2', 'b': ['1', '3']}")
    );
}

#[test]
fn a_failed_build_leaves_the_output_directory_as_it_was() {
    let project = Project::new("");
    project.build().unwrap();
    let before = std::fs::read(project.out().join(SDIST)).unwrap();
    project.edit("backend/intree.py", "a sample", "a changed sample");
    project.append("def build_wheel(*a): raise OSError()\n");
    project.build().unwrap_err();
    assert_eq!(project.out_names(), [WHEEL, SDIST]);
    assert_eq!(std::fs::read(project.out().join(SDIST)).unwrap(), before);
}

#[test]
fn an_output_directory_that_cannot_be_written_is_told_before_anything_runs() {
    let project = Project::new("");
    std::fs::write(project.out(), "a file in the way").unwrap();
    let error = project.build().unwrap_err();
    assert!(
        error.is_machine() && error.message().contains("out`"),
        "{error}"
    );
    assert_eq!(project.log(), "");
}

#[test]
fn a_machine_without_python_is_told_apart_from_a_broken_project() {
    let mut project = Project::new("");
    let empty = project.out().with_file_name("empty");
    project.inherited = Inherited::from_pairs([("PATH", &empty), ("HOME", &empty)]);
    let error = project.build().unwrap_err();
    assert!(error.is_machine(), "{error}");
    assert_eq!(
        error.message(),
        "no Python interpreter was found (CPython 3.8 or later)"
    );

    let project = Project::new("");
    project.edit(
        "pyproject.toml",
        "version = ",
        "requires-python = \">=7\"\nversion = ",
    );
    let error = project.build().unwrap_err();
    assert!(error.message().contains("satisfies `>=7`"), "{error}");
}

#[test]
fn a_backend_that_says_it_cannot_is_quoted() {
    let extra = "class UnsupportedOperation(Exception): pass\ndef build_sdist(*a): raise UnsupportedOperation('no licence')\n";
    let error = Project::new(extra).build().unwrap_err();
    let BuildReason::Hook { failure, .. } = error.reason.as_ref() else {
        panic!("{error}");
    };
    assert!(matches!(failure, HookFailure::Unsupported(words) if words.contains("no licence")));
}
