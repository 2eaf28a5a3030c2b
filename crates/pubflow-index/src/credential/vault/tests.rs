//! The file for tokens; the keyring of the machine that runs the tests is never asked.

use std::fs;

use url::Url;

use super::*;

fn world() -> (tempfile::TempDir, BTreeMap<String, String>) {
    let home = tempfile::tempdir().unwrap();
    let environment = BTreeMap::from([
        ("HOME".to_owned(), home.path().display().to_string()),
        (VARIABLE.to_owned(), "file".to_owned()),
    ]);
    (home, environment)
}

fn origin(text: &str) -> Origin {
    Origin::of(&Url::parse(text).unwrap()).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::from_text(text).unwrap()
}

#[test]
fn tokens_come_back_by_origin_and_project_and_go_again() {
    let (_home, environment) = world();
    let vault = Vault::of(&environment);
    let demo = ProjectName::parse("My_Demo").unwrap();
    let here = origin("https://index.example/legacy/");
    let (all, one) = (
        Entry::for_all(here.clone()),
        Entry::for_project(here, &demo),
    );
    let elsewhere = Entry::for_all(origin("https://index.example:8443/"));
    vault.keep(&all, &secret("a \"q\" \\")).unwrap();
    vault.keep(&one, &secret("b")).unwrap();
    let found = |entry| {
        vault
            .in_file(entry)
            .unwrap()
            .map(|token| token.expose().to_owned())
    };
    assert_eq!(found(&all).as_deref(), Some("a \"q\" \\"));
    assert_eq!(found(&one).as_deref(), Some("b"));
    assert_eq!(found(&elsewhere), None);
    assert_eq!(vault.in_keyring(&all).unwrap().map(|_| ()), None);
    assert_eq!(vault.forget(&all).unwrap().len(), 1);
    assert_eq!(vault.forget(&all).unwrap().len(), 0);
    assert_eq!(found(&all), None);
    assert_eq!(found(&one).as_deref(), Some("b"));
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone_and_is_not_read_otherwise() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_home, environment) = world();
    let vault = Vault::of(&environment);
    let entry = Entry::for_all(origin("https://index.example/"));
    let Place::File(path) = vault.keep(&entry, &secret("canary")).unwrap() else {
        panic!("the file was chosen");
    };
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = vault.in_file(&entry).unwrap_err();
    assert!(
        matches!(error, VaultError::TooOpen { mode: 0o640, .. }),
        "{error}"
    );
    // Nor is it silently made private again: others may have read it.
    assert!(vault.keep(&entry, &secret("other")).is_err());
    assert!(!format!("{error:?}").contains("canary"));
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let (_home, environment) = world();
    let vault = Vault::of(&environment);
    let entry = Entry::for_all(origin("https://index.example/"));
    let path = vault.file().unwrap();
    vault.keep(&entry, &secret("a")).unwrap();
    for text in [
        "",
        "{}",
        r#"{"schema": 2, "tokens": []}"#,
        r#"{"schema": 1, "tokens": [{"origin": "x", "project": null, "token": "t"}]}"#,
    ] {
        fs::write(&path, text).unwrap();
        assert!(
            matches!(vault.in_file(&entry), Err(VaultError::Damaged { .. })),
            "{text}"
        );
        assert!(vault.keep(&entry, &secret("b")).is_err(), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn the_variable_chooses_the_place() {
    let (_home, mut environment) = world();
    let entry = Entry::for_all(origin("https://index.example/"));
    environment.insert(VARIABLE.to_owned(), "off".to_owned());
    let error = Vault::of(&environment)
        .keep(&entry, &secret("a"))
        .unwrap_err();
    assert!(matches!(error, VaultError::Off), "{error}");
    environment.insert(VARIABLE.to_owned(), "yes".to_owned());
    let error = Vault::of(&environment).in_file(&entry).unwrap_err();
    assert!(matches!(error, VaultError::Choice { .. }), "{error}");
    // Without a session bus there is no keyring to ask, and the file serves.
    environment.remove(VARIABLE);
    if cfg!(target_os = "linux") {
        let place = Vault::of(&environment).keep(&entry, &secret("a")).unwrap();
        assert!(matches!(place, Place::File(_)), "{place}");
    }
}
