//! `.pypirc`: the reference cases where they are at hand, and what becomes of a section.

use super::*;
use crate::vectors::{self, Case};

#[test]
fn the_reference_cases_are_read_as_twine_reads_them() {
    vectors::check("pypirc", |case: &Case| {
        let input = case.input();
        let text = input["pypirc"].as_str().unwrap_or_default();
        let name = input["name"].as_str().unwrap();
        let repository = match input["url"].as_str() {
            Some(url) => Repository::of_url(url).ok(),
            None => Pypirc::parse(text)
                .ok()
                .and_then(|pypirc| pypirc.repository(name).ok()),
        };
        let Some(repository) = repository else {
            return serde_json::json!({"error": true});
        };
        let known = |known: Known, mark: &str| {
            (repository.url == known.address().upload.as_str()).then(|| mark.to_owned())
        };
        let url = known(Known::Pypi, "{PYPI}")
            .or_else(|| known(Known::TestPypi, "{TESTPYPI}"))
            .unwrap_or_else(|| repository.url.clone());
        let mut answer = serde_json::json!({
            "repository": url,
            "username": repository.user,
            "password": repository.password.as_ref().map(|text| text.to_string()),
        });
        for (key, path) in [
            ("ca_cert", &repository.ca_cert),
            ("client_cert", &repository.client_cert),
        ] {
            if let Some(path) = path {
                answer[key] = path.to_str().unwrap().into();
            }
        }
        // What the reference adds besides is a remark.
        if let Some(note) = case.expect().get("note") {
            answer["note"] = note.clone();
        }
        answer
    });
}

#[test]
fn a_section_serves_the_origin_that_it_names() {
    let home = tempfile::tempdir().unwrap();
    let write = |text: &str| fs::write(home.path().join(".pypirc"), text).unwrap();
    let environment =
        std::collections::BTreeMap::from([("HOME".to_owned(), home.path().display().to_string())]);
    let search = |name: &str| {
        let url = |path: &str| Url::parse(&format!("https://packages.example.com/{path}")).unwrap();
        let index = crate::IndexAddress::new(
            crate::IndexName::parse(name).unwrap(),
            crate::IndexKind::Generic,
            url("upload/"),
            url("simple/"),
        );
        let sought = Sought {
            index: &index,
            target: super::super::Target::Sole,
            environment: &environment,
            token_file: None,
            project: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            mint: None,
            keyring_command: None,
            prompt: None,
        };
        super::super::find(&sought).unwrap()
    };
    write(
        "[distutils]\nindex-servers = corp other\n[corp]\nrepository = https://packages.example.com/else\nusername = alice\npassword = p%w\n[other]\nrepository = https://other.example.com/\npassword = x\n",
    );
    for name in ["corp", "unnamed"] {
        let found = search(name).credential.unwrap();
        assert_eq!(
            (found.user.as_str(), found.secret.expose()),
            ("alice", "p%w")
        );
        assert!(found.source.contains("[corp]"), "{}", found.source);
    }
    // The name alone does not send a password to another host.
    write(
        "[distutils]\nindex-servers = corp\n[corp]\nrepository = https://other.example.com/\npassword = x\n",
    );
    let found = search("corp");
    assert!(found.credential.is_none());
    assert!(
        found.passed_over[0]
            .to_string()
            .ends_with("is for https://other.example.com")
    );
    // Broken files are said to be so and stop nothing.
    write("nonsense canary");
    let found = search("corp");
    assert!(
        found.passed_over[0].to_string().contains("line 1"),
        "{:?}",
        found.passed_over
    );
    assert!(!format!("{found:?}").contains("canary"));
}
