//! Precedence, white space, and tokens that are kept from the wrong index.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use super::*;
use crate::{IndexKind, IndexName, known};

fn loopback(kind: IndexKind) -> IndexAddress {
    let url = |path: &str| Url::parse(&format!("http://127.0.0.1:4711/{path}")).unwrap();
    IndexAddress::new(
        IndexName::parse("my-index").unwrap(),
        kind,
        url("legacy/"),
        url("simple/"),
    )
}

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn search(index: &IndexAddress, target: Target, pairs: &[(&str, &str)]) -> Search {
    find(&Sought {
        index,
        target,
        environment: &environment(pairs),
        token_file: None,
        project: None,
        now: Timestamp::UNIX_EPOCH,
        mint: None,
        keyring_command: None,
        prompt: None,
    })
    .unwrap()
}

/// The user, the secret and the source of what a search found.
#[track_caller]
fn check(index: &IndexAddress, pairs: &[(&str, &str)], expected: Option<(&str, &str, &str)>) {
    let found = search(index, Target::Sole, pairs).credential;
    let found = found.as_ref().map(|found| {
        (
            found.user.as_str(),
            found.secret.expose(),
            found.source.as_str(),
        )
    });
    assert_eq!(found, expected);
}

fn token_of(instance: Known) -> String {
    let host = instance
        .address()
        .web
        .unwrap()
        .host_str()
        .unwrap()
        .to_owned();
    let mut bytes = vec![2, 1, u8::try_from(host.len()).unwrap()];
    bytes.extend_from_slice(host.as_bytes());
    bytes.extend_from_slice(&[2, 1, b'i', 0, 0, 6, 1, 0]);
    format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn embedded_token() -> String {
    format!(
        "pypi-{}",
        URL_SAFE_NO_PAD.encode("pubflow embedded index, test realm, 00")
    )
}

#[test]
fn sources_answer_in_their_order() {
    let index = loopback(IndexKind::Generic);
    let mut pairs = vec![
        ("TWINE_PASSWORD", "e"),
        ("UV_PUBLISH_PASSWORD", "d"),
        ("UV_PUBLISH_TOKEN", "c"),
        ("PUBFLOW_TOKEN", "b"),
        ("PUBFLOW_INDEX_MY_INDEX_TOKEN", "a"),
    ];
    for name_and_value in pairs.clone().into_iter().rev() {
        let (name, value) = name_and_value;
        check(&index, &pairs, Some(("__token__", value, name)));
        pairs.pop();
    }
    check(&index, &[], None);
}

#[test]
fn a_token_file_comes_before_everything_and_is_trimmed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, "\u{feff} from-file \r\n").unwrap();
    let index = loopback(IndexKind::Generic);
    let sought = |file: &TokenFile| {
        find(&Sought {
            index: &index,
            target: Target::Sole,
            environment: &environment(&[("PUBFLOW_INDEX_MY_INDEX_TOKEN", "a")]),
            token_file: Some(file),
            project: None,
            now: Timestamp::UNIX_EPOCH,
            mint: None,
            keyring_command: None,
            prompt: None,
        })
    };
    let found = sought(&TokenFile::Path(path.clone()))
        .unwrap()
        .credential
        .unwrap();
    assert_eq!(found.secret.expose(), "from-file");
    assert!(found.source.contains("token file"), "{}", found.source);

    let missing = sought(&TokenFile::Path(directory.path().join("none")));
    assert!(matches!(missing, Err(CredentialError::File { .. })));
    std::fs::write(&path, "canary-one\ncanary-two\n").unwrap();
    let error = sought(&TokenFile::Path(path.clone())).unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("canary"),
        "{error:?}"
    );
    std::fs::write(&path, vec![b'x'; 70_000]).unwrap();
    assert!(matches!(
        sought(&TokenFile::Path(path)),
        Err(CredentialError::File { .. })
    ));
}

#[test]
fn variables_without_a_name_are_for_the_only_target() {
    let index = loopback(IndexKind::Generic);
    let pairs = [("PUBFLOW_TOKEN", "b"), ("TWINE_PASSWORD", "e")];
    let found = search(&index, Target::OneOfSeveral, &pairs);
    assert!(found.credential.is_none());
    let pairs = [("PUBFLOW_INDEX_MY_INDEX_TOKEN", " a\n"), pairs[0]];
    let found = search(&index, Target::OneOfSeveral, &pairs)
        .credential
        .unwrap();
    assert_eq!(found.secret.expose(), "a");
}

#[test]
fn an_empty_variable_is_no_answer() {
    let index = loopback(IndexKind::Generic);
    check(
        &index,
        &[("PUBFLOW_TOKEN", " \n"), ("UV_PUBLISH_TOKEN", "c")],
        Some(("__token__", "c", "UV_PUBLISH_TOKEN")),
    );
}

#[test]
fn user_names_are_for_indexes_that_take_them() {
    let pairs = [("TWINE_USERNAME", "alice"), ("TWINE_PASSWORD", "e")];
    check(
        &loopback(IndexKind::Generic),
        &pairs,
        Some(("alice", "e", "TWINE_PASSWORD")),
    );
    let found = search(&known::pypi(), Target::Sole, &pairs);
    assert!(found.credential.is_none());
    assert_eq!(found.passed_over[0].why, Reason::UserName);
}

#[test]
fn customary_names_belong_to_the_public_indexes_alone() {
    let (pypi, testpypi) = (token_of(Known::Pypi), token_of(Known::TestPypi));
    let pairs = [
        ("PYPI_API_TOKEN", pypi.as_str()),
        ("TESTPYPI_API_TOKEN", testpypi.as_str()),
    ];
    let token = |text| {
        Some((
            "__token__",
            text,
            if text == pypi {
                "PYPI_API_TOKEN"
            } else {
                "TESTPYPI_API_TOKEN"
            },
        ))
    };
    check(&known::pypi(), &pairs, token(pypi.as_str()));
    check(&known::testpypi(), &pairs, token(testpypi.as_str()));
    // The name alone does not attract them.
    let mut redirected = loopback(IndexKind::Embedded);
    redirected.name = IndexName::parse("pypi").unwrap();
    check(&redirected, &pairs, None);
}

#[test]
fn a_token_of_another_index_is_passed_over_and_said_so() {
    let pypi = token_of(Known::Pypi);
    let testpypi = token_of(Known::TestPypi);
    let found = search(
        &known::testpypi(),
        Target::Sole,
        &[("PUBFLOW_TOKEN", &pypi), ("TESTPYPI_API_TOKEN", &testpypi)],
    );
    assert_eq!(found.credential.unwrap().source, "TESTPYPI_API_TOKEN");
    assert_eq!(
        found.passed_over[0].to_string(),
        "PUBFLOW_TOKEN holds a token of PyPI"
    );

    let embedded = embedded_token();
    let elsewhere = IndexAddress::new(
        IndexName::parse("corp").unwrap(),
        IndexKind::Generic,
        Url::parse("https://example.org/up").unwrap(),
        Url::parse("https://example.org/simple").unwrap(),
    );
    for (index, token) in [
        (known::pypi(), &embedded),
        (elsewhere.clone(), &embedded),
        (elsewhere.clone(), &pypi),
        (loopback(IndexKind::Embedded), &pypi),
        (loopback(IndexKind::Generic), &testpypi),
    ] {
        let found = search(&index, Target::Sole, &[("PUBFLOW_TOKEN", token)]);
        assert!(found.credential.is_none(), "{}", index.name);
        assert_eq!(found.passed_over.len(), 1);
    }
    check(
        &loopback(IndexKind::Embedded),
        &[("PUBFLOW_TOKEN", &embedded)],
        Some(("__token__", &embedded, "PUBFLOW_TOKEN")),
    );
    // On another machine it has to prove that it printed the token before it gets it.
    let proving = IndexAddress {
        kind: IndexKind::Embedded,
        ..elsewhere.clone()
    };
    check(
        &proving,
        &[("PUBFLOW_TOKEN", &embedded)],
        Some(("__token__", &embedded, "PUBFLOW_TOKEN")),
    );
    check(
        &elsewhere,
        &[("PUBFLOW_TOKEN", "glpat-1")],
        Some(("__token__", "glpat-1", "PUBFLOW_TOKEN")),
    );
}

#[test]
fn a_person_is_asked_last_and_told_where_the_token_goes() {
    let index = loopback(IndexKind::Generic);
    let asked = std::cell::RefCell::new(None);
    let prompt = |question: &Question| {
        *asked.borrow_mut() = Some(question.clone());
        Ok(Some(" typed\n".to_owned()))
    };
    let sought = |pairs: &[(&str, &str)]| {
        find(&Sought {
            index: &index,
            target: Target::Sole,
            environment: &environment(pairs),
            token_file: None,
            project: None,
            now: Timestamp::UNIX_EPOCH,
            mint: None,
            keyring_command: None,
            prompt: Some(&prompt),
        })
        .unwrap()
        .credential
        .unwrap()
    };
    assert_eq!(sought(&[("PUBFLOW_TOKEN", "b")]).secret.expose(), "b");
    assert_eq!(*asked.borrow(), None);
    assert_eq!(sought(&[]).secret.expose(), "typed");
    let question = asked.borrow().clone().unwrap();
    assert_eq!(question.origin.to_string(), "http://127.0.0.1:4711");
}

/// A token of some other server, limited to a project and a time.
fn limited(project: &str, until: i64) -> String {
    let token = |text: String| Secret::from_text(text).unwrap();
    let mut bytes = vec![2, 1, 1, b'x', 2, 1, b'i', 0, 0, 6, 32];
    bytes.extend_from_slice(&[1; 32]);
    let root = token(format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes)));
    let project = ProjectName::parse(project).unwrap();
    let until = Timestamp::from_second(until).unwrap();
    let narrowed = narrow(&root, Some(&project), Some((Timestamp::UNIX_EPOCH, until))).unwrap();
    narrowed.expose().to_owned()
}

#[test]
fn a_token_that_has_ended_or_is_for_another_project_is_passed_over() {
    let index = loopback(IndexKind::Generic);
    let demo = ProjectName::parse("demo").unwrap();
    let now = Timestamp::from_second(1_000_000).unwrap();
    let search = |token: &str| {
        let environment = environment(&[("PUBFLOW_TOKEN", token), ("UV_PUBLISH_TOKEN", "next")]);
        let search = find(&Sought {
            index: &index,
            target: Target::Sole,
            environment: &environment,
            token_file: None,
            project: Some(&demo),
            now,
            mint: None,
            keyring_command: None,
            prompt: None,
        })
        .unwrap();
        let passed_over = search.passed_over.first().map(ToString::to_string);
        (search.credential.unwrap().source, passed_over)
    };
    assert_eq!(
        search(&limited("demo", 2_000_000)),
        ("PUBFLOW_TOKEN".to_owned(), None)
    );
    let (source, why) = search(&limited("other", 2_000_000));
    assert_eq!(source, "UV_PUBLISH_TOKEN");
    assert_eq!(
        why.unwrap(),
        "PUBFLOW_TOKEN: the token is only valid for `other`"
    );
    let (source, why) = search(&limited("demo", 900_000));
    assert_eq!(source, "UV_PUBLISH_TOKEN");
    assert!(
        why.unwrap()
            .starts_with("PUBFLOW_TOKEN: the token expired at 1970-01-11")
    );
    // The clock here may be ahead.
    assert_eq!(search(&limited("demo", 999_500)).0, "PUBFLOW_TOKEN");
}

#[test]
fn the_keyring_command_is_asked_for_twines_entries_and_its_failure_stops_nothing() {
    let index = loopback(IndexKind::Generic);
    let asked = std::cell::RefCell::new(Vec::new());
    let search = |answer: fn(&str) -> io::Result<Option<Secret>>| {
        let ask = |service: &str, user: &str| {
            asked.borrow_mut().push(format!("{service} {user}"));
            answer(user)
        };
        find(&Sought {
            index: &index,
            target: Target::Sole,
            environment: &environment(&[("TWINE_USERNAME", "alice")]),
            token_file: None,
            project: None,
            now: Timestamp::UNIX_EPOCH,
            mint: None,
            keyring_command: Some(&ask),
            prompt: None,
        })
        .unwrap()
    };
    let found = search(|user| match user {
        TOKEN_USER => Ok(Some(Secret::from_text("kept").unwrap())),
        _ => Ok(None),
    });
    assert_eq!(found.credential.unwrap().secret.expose(), "kept");
    let service = "http://127.0.0.1:4711/legacy/";
    assert_eq!(
        *asked.borrow(),
        [format!("{service} alice"), format!("{service} __token__")]
    );
    let failed = search(|_| Err(io::Error::other("no backend")));
    assert!(failed.credential.is_none());
    assert_eq!(
        failed.passed_over[0].to_string(),
        "the `keyring` command cannot be read: no backend"
    );
}

#[test]
fn what_login_kept_serves_the_project_first() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().display().to_string();
    let pairs = [("HOME", home.as_str()), ("PUBFLOW_KEYRING", "file")];
    let index = loopback(IndexKind::Generic);
    let origin = index.upload_origin().unwrap();
    let demo = ProjectName::parse("demo").unwrap();
    let variables = environment(&pairs);
    let vault = vault::Vault::of(&variables);
    let keep = |entry, text: &str| {
        vault
            .keep(&entry, &Secret::from_text(text).unwrap())
            .unwrap();
    };
    keep(vault::Entry::for_all(origin.clone()), "for-all");
    let found = |project| {
        let sought = Sought {
            index: &index,
            target: Target::OneOfSeveral,
            environment: &variables,
            token_file: None,
            project,
            now: Timestamp::UNIX_EPOCH,
            mint: None,
            keyring_command: None,
            prompt: None,
        };
        find(&sought)
            .unwrap()
            .credential
            .unwrap()
            .secret
            .expose()
            .to_owned()
    };
    assert_eq!(found(Some(&demo)), "for-all");
    keep(vault::Entry::for_project(origin, &demo), "for-demo");
    assert_eq!(found(Some(&demo)), "for-demo");
    assert_eq!(found(None), "for-all");
}

#[test]
fn sources_are_named_once() {
    let mut names: Vec<_> = SOURCES.iter().map(|source| source.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SOURCES.len());
}

#[test]
fn no_debug_shows_a_token() {
    let index = loopback(IndexKind::Generic);
    let found = search(&index, Target::Sole, &[("PUBFLOW_TOKEN", "canary")]);
    assert!(!format!("{found:?}").contains("canary"));
}
