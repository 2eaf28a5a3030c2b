//! Both installers on this machine's interpreters. Nothing here needs a network.

use std::collections::BTreeMap;

use pubflow_testkit::WheelBuilder;

use super::*;
use crate::interpreter::find_default;

fn job<'a>(log: &'a Path) -> Job<'a> {
    Job {
        log,
        deadline: Duration::from_secs(120),
        cancel: None,
    }
}

#[test]
fn an_environment_of_venv_starts_empty_and_takes_a_local_wheel() {
    let inherited = Inherited::capture();
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let interpreter = find_default(&inherited, None).unwrap();
    let installer = Installer::find(InstallerChoice::Pip, &inherited).unwrap();
    let root = scratch.path().join("deep/env");
    let environment = installer
        .create_environment(&root, &interpreter, job(&log))
        .unwrap();
    assert!(environment.python().exists() && environment.scripts().is_dir());
    assert_eq!(
        n_entries(&environment.site_packages()),
        usize::from(!pip_is_shared(&interpreter)) * 2
    );

    let wheel = WheelBuilder::new("pubflow-tiny", "1.0")
        .file("pubflow_tiny/__init__.py", "")
        .build_in(scratch.path());
    let how = (Dependencies::None, Sources::default());
    installer
        .install_files(&environment, &[wheel], how, job(&log))
        .unwrap();
    assert!(
        environment
            .site_packages()
            .join("pubflow_tiny/__init__.py")
            .is_file()
    );
}

fn pip_is_shared(interpreter: &Interpreter) -> bool {
    pip::create(Path::new("/nonexistent"), interpreter)
        .is_ok_and(|command| command.line().contains("--without-pip"))
}

fn n_entries(directory: &Path) -> usize {
    std::fs::read_dir(directory).unwrap().count()
}

#[test]
fn what_cannot_be_had_offline_is_refused_with_the_installers_words() {
    let inherited = Inherited::capture();
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let interpreter = find_default(&inherited, None).unwrap();
    let installer = Installer::find(InstallerChoice::Pip, &inherited).unwrap();
    let root = scratch.path().join("env");
    let environment = installer
        .create_environment(&root, &interpreter, job(&log))
        .unwrap();
    let sources = Sources {
        network: Network::Offline,
        ..Sources::default()
    };
    let absent = ["no-such-project-of-pubflow".to_owned()];
    let error = installer
        .install_requirements(&environment, &absent, sources, job(&log))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "pip could not install no-such-project-of-pubflow"
    );
    assert!(
        error.log().unwrap().contains("No matching distribution"),
        "{error:?}"
    );
    let direct = ["demo @ https://files.example.org/demo-1.0-py3-none-any.whl".to_owned()];
    let error = installer
        .install_requirements(&environment, &direct, sources, job(&log))
        .unwrap_err();
    assert!(
        matches!(error, InstallerError::NeedsNetwork { .. }),
        "{error}"
    );
}

#[test]
fn uv_is_chosen_only_where_it_is() {
    let empty = tempfile::tempdir().unwrap();
    let inherited = Inherited::from_pairs([("PATH", empty.path())]);
    let error = Installer::find(InstallerChoice::Uv, &inherited).unwrap_err();
    assert!(matches!(error, InstallerError::NoUv));
    assert_eq!(
        Installer::find(InstallerChoice::Auto, &inherited)
            .unwrap()
            .name(),
        "pip"
    );
}

#[test]
fn an_interpreter_without_pip_and_ensurepip_is_refused() {
    let interpreter = Interpreter {
        pip: Some("9.0.1".to_owned()),
        ensurepip: false,
        markers: BTreeMap::new(),
        ..find_default(&Inherited::capture(), None).unwrap()
    };
    let error = pip::create(Path::new("/nonexistent"), &interpreter).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has neither pip 22.3 or later nor ensurepip")
    );
}
