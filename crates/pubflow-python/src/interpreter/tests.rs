//! Selection on constructed interpreters, discovery on this machine's.

use super::*;

fn interpreter(version: &str) -> Interpreter {
    Interpreter {
        path: PathBuf::from(format!("/opt/{version}/bin/python3")),
        version: Version::parse(version).unwrap(),
        implementation: "cpython".to_owned(),
        platform: "linux-x86_64".to_owned(),
        pointer_bits: 64,
        glibc: None,
        free_threaded: false,
        debug: false,
        pip: None,
        ensurepip: true,
        venv: true,
        markers: BTreeMap::new(),
    }
}

#[track_caller]
fn check(found: &[&str], requires_python: Option<&str>, choice: Choice, expected: &[&str]) {
    let found: Vec<Interpreter> = found.iter().map(|version| interpreter(version)).collect();
    let set = requires_python.map(|text| SpecifierSet::parse(text).unwrap());
    let chosen = select(&found, set.as_ref(), choice).unwrap();
    let versions: Vec<String> = chosen.iter().map(|one| one.version.to_string()).collect();
    assert_eq!(versions, expected);
}

#[test]
fn interpreters_are_chosen_by_requires_python() {
    let found = ["3.15.0a2", "3.13.0", "3.12.4", "3.12.1", "3.9.18", "3.8.18"];
    check(&found, None, Choice::Newest, &["3.15.0a2"]);
    check(&found, Some(">=3.9,<3.13"), Choice::Newest, &["3.12.4"]);
    check(
        &found,
        Some(">=3.9,<3.14"),
        Choice::Ends,
        &["3.9.18", "3.13.0"],
    );
    check(&found, Some("==3.9.*"), Choice::Ends, &["3.9.18"]);
    check(
        &found,
        Some(">=3.12"),
        Choice::All,
        &["3.15.0a2", "3.13.0", "3.12.4"],
    );
}

#[test]
fn a_free_threaded_build_is_taken_when_it_is_asked_for_or_alone() {
    let threaded = |version: &str| Interpreter {
        free_threaded: true,
        path: PathBuf::from(format!("python{version}t")),
        ..interpreter(version)
    };
    let found = [
        threaded("3.14.0"),
        interpreter("3.13.2"),
        threaded("3.13.2"),
    ];
    let labels = |choice| -> Vec<String> {
        let chosen = select(&found, None, choice).unwrap();
        chosen.iter().map(|one| one.label()).collect()
    };
    assert_eq!(labels(Choice::Newest), ["cpython-3.13.2"]);
    assert_eq!(labels(Choice::Ends), ["cpython-3.13.2"]);
    assert_eq!(
        labels(Choice::All),
        ["cpython-3.14.0t", "cpython-3.13.2", "cpython-3.13.2t"]
    );
    let named = |version: &str, free_threaded| {
        let version = Version::parse(version).unwrap();
        named_by_version(&found, &version, free_threaded).map(|one| one.label())
    };
    assert_eq!(named("3.13", false).unwrap(), "cpython-3.13.2");
    assert_eq!(named("3.13", true).unwrap(), "cpython-3.13.2t");
    assert_eq!(named("3.14", false).unwrap(), "cpython-3.14.0t");
    assert_eq!(named("3.12", true), None);
}

#[test]
fn what_does_not_fit_is_listed() {
    let found = [interpreter("3.9.18")];
    let set = SpecifierSet::parse(">=3.12").unwrap();
    let error = select(&found, Some(&set), Choice::Newest).unwrap_err();
    assert_eq!(
        error.to_string(),
        "none of the Python interpreters found (3.9.18) satisfies `>=3.12`"
    );
    let error = select(&[], Some(&set), Choice::Newest).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no Python interpreter was found (CPython 3.8 or later)"
    );
}

#[test]
fn the_default_interpreter_of_this_machine_is_found_by_name_and_version_too() {
    let inherited = Inherited::capture();
    let default = find_default(&inherited, None).unwrap();
    assert_eq!(default.implementation, "cpython");
    assert_eq!(default.markers["implementation_name"], "cpython");
    let named = find_named(&default.path.to_string_lossy(), &inherited).unwrap();
    assert_eq!(named.version, default.version);
    let by_version = find_named(&default.version.to_string(), &inherited).unwrap();
    assert_eq!(by_version.label(), default.label());
    let all = find(&inherited).unwrap();
    assert!(all.iter().any(|one| one.version == default.version));
    assert!(all.is_sorted_by(|a, b| a.version >= b.version));
}

#[test]
fn a_machine_without_python_says_so() {
    let empty = tempfile::tempdir().unwrap();
    let inherited = Inherited::from_pairs([("PATH", empty.path()), ("HOME", empty.path())]);
    let error = find_default(&inherited, None).unwrap_err();
    assert!(matches!(error, InterpreterError::NoneFound), "{error}");
    for wanted in ["3.12", "python3", "/nonexistent/python"] {
        let error = find_named(wanted, &inherited).unwrap_err();
        assert!(
            matches!(error, InterpreterError::NotFound { .. }),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_is_no_interpreter_is_told_so() {
    let inherited = Inherited::capture();
    let shell = find_program("sh", &inherited).unwrap();
    let error = probe(&shell, &inherited).unwrap_err();
    assert!(
        matches!(error, InterpreterError::NotAnInterpreter { .. }),
        "{error}"
    );
}
