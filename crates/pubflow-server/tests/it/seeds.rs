//! Seeds: users, tokens and projects from a file, and what the rules make of them.

use std::fs;
use std::path::Path;

use jiff::SignedDuration;
use pubflow_server::{Seed, ServerError, ServerOptions};
use pubflow_testkit::WheelBuilder;
use serde_json::{Value, json};

use super::TestIndex;
use super::support::http::Answer;
use super::support::upload::Upload;

/// Writes a seed with one project of two releases, and starts an index with it.
fn start(
    folder: &Path,
    options: impl FnOnce(&mut ServerOptions),
) -> Result<TestIndex, ServerError> {
    let fixtures = folder.join("fixtures");
    fs::create_dir_all(&fixtures).unwrap();
    let release = |version: &str, more: Value| {
        let path = WheelBuilder::new("demo", version).build_in(&fixtures);
        let fixture = path.file_name().unwrap().to_str().unwrap();
        let mut release = json!({"version": version, "files": [{"fixture": fixture, "form": [
            ["name", "demo"], ["version", version], ["filetype", "bdist_wheel"], ["pyversion", "py3"],
            ["sha256_digest", format!("${{sha256:{fixture}}}")], ["requires_python", ">=3.8"]]}]});
        release
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        release
    };
    let user = |name: &str| json!({"name": name, "email_verified": true, "second_factor": true, "frozen": false});
    let token = |name: &str, user: &str| json!({"name": name, "user": user, "scope": "user"});
    let seed = json!({
        "format": "index-seed/1",
        "users": [user("ann"), user("ben"), {"name": "cat", "email_verified": false, "second_factor": true, "frozen": false}],
        "tokens": [
            token("ann", "ann"), token("ben", "ben"), token("cat", "cat"),
            {"name": "ann-other", "user": "ann", "scope": "projects", "projects": ["other"]},
            {"name": "ann-old", "user": "ann", "scope": "user", "expires_in_s": -1},
            {"name": "ann-gone", "user": "ann", "scope": "user", "deleted": true},
        ],
        "prohibited_names": ["forbidden"],
        "rate_used": [{"user": "ben", "new_projects": 20}],
        "projects": [{"name": "demo", "owner": "ann", "releases": [
            release("1.0", json!({"age_days": 20})),
            release("1.1", json!({"yanked": true, "yanked_reason": "broken"})),
        ]}],
    });
    let file = folder.join("seed.json");
    fs::write(&file, seed.to_string()).unwrap();
    let mut all = ServerOptions::on_free_ports(None);
    all.seed = Some(Seed {
        file,
        credentials: Some(folder.join("credentials.json")),
    });
    options(&mut all);
    TestIndex::with(all)
}

fn credential(folder: &Path, token: &str) -> String {
    let text = fs::read(folder.join("credentials.json")).unwrap();
    let credentials: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(credentials["passwords"].as_object().unwrap().len(), 3);
    credentials["tokens"][token].as_str().unwrap().to_owned()
}

#[track_caller]
fn send(index: &TestIndex, folder: &Path, token: &str, upload: &Upload) -> Answer {
    let bearer = format!("Bearer {}", credential(folder, token));
    upload
        .clone()
        .header("Authorization", &bearer)
        .send(index.production())
        .unwrap()
}

#[test]
fn users_may_what_their_accounts_and_tokens_allow() {
    let folder = tempfile::tempdir().unwrap();
    let index = start(folder.path(), |_| {}).unwrap();
    let new = |name: &str| Upload::wheel(&WheelBuilder::new(name, "1.0"));
    let demo = Upload::demo("2.0");
    for (token, upload, status, words) in [
        (
            "ben",
            &demo,
            403,
            "The user 'ben' isn't allowed to upload to project 'demo'",
        ),
        (
            "ann-other",
            &demo,
            403,
            "Invalid API Token: project-scoped token is not valid for project: 'demo', ",
        ),
        (
            "ann-old",
            &demo,
            403,
            "Invalid API Token: token is expired, token is expired",
        ),
        (
            "ann-gone",
            &demo,
            403,
            "Invalid or non-existent authentication information.",
        ),
        (
            "cat",
            &new("fresh"),
            403,
            "User 'cat', associated with the API token used, does not have a verified",
        ),
        ("ben", &new("fresh"), 429, "Too many new projects created"),
        (
            "ann",
            &new("forbidden"),
            400,
            "The name 'forbidden' isn't allowed.",
        ),
        (
            "ann",
            &new("asyncio"),
            400,
            "The name 'asyncio' isn't allowed (conflict",
        ),
        (
            "ann",
            &Upload::demo("1.0").containing(b"other"),
            400,
            "File already exists",
        ),
        ("ann", &demo, 200, "OK"),
        ("ann", &new("fresh"), 200, "OK"),
        ("ben", &new("fresh"), 403, "The user 'ben' isn't allowed"),
    ] {
        let answer = send(&index, folder.path(), token, upload);
        assert_eq!(answer.status, status, "{token}: {}", answer.reason);
        assert!(
            answer.reason.starts_with(words),
            "{token}: {}",
            answer.reason
        );
        let limited = answer.header("ratelimit").is_some();
        let makes = ["forbidden", "asyncio"]
            .iter()
            .any(|name| upload.filename.starts_with(name));
        assert!(
            limited || !(makes || status == 429),
            "{token}: no word of the limit"
        );
    }
    let page = super::http::send(
        &index.production().base,
        "GET",
        "/simple/demo/",
        &[("Accept", super::JSON)],
        b"",
    );
    let page = page.unwrap().json();
    assert_eq!(page["versions"], json!(["1.0", "1.1", "2.0"]));
    assert_eq!(page["files"][1]["yanked"], "broken");
    assert!(
        index.listing("demo").is_null(),
        "the test realm got the seed too"
    );
    index.stop();
}

#[test]
fn a_clock_ahead_lets_tokens_expire_and_releases_age() {
    let folder = tempfile::tempdir().unwrap();
    let index = start(folder.path(), |options| {
        options.clock_offset = SignedDuration::from_hours(24 * 30);
    })
    .unwrap();
    let answer = send(&index, folder.path(), "ann", &Upload::demo("2.0"));
    assert_eq!(answer.status, 200, "{}", answer.reason);
    let page = super::http::send(
        &index.production().base,
        "GET",
        "/simple/demo/",
        &[("Accept", super::JSON)],
        b"",
    );
    let made = page.unwrap().json()["files"][2]["upload-time"]
        .as_str()
        .unwrap()
        .to_owned();
    let made: jiff::Timestamp = made.parse().unwrap();
    assert!(made > jiff::Timestamp::now() + SignedDuration::from_hours(24 * 29));
    index.stop();
}

#[test]
fn what_a_seed_made_outlives_the_process_and_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    start(folder.path(), |options| options.data = Some(data.clone()))
        .unwrap()
        .stop();
    let refused = start(folder.path(), |options| options.data = Some(data.clone())).err();
    assert!(
        matches!(refused, Some(ServerError::Seed { .. })),
        "{refused:?}"
    );
    let index = TestIndex::in_directory(data).unwrap();
    let answer = send(&index, folder.path(), "ann", &Upload::demo("2.0"));
    assert_eq!(answer.status, 200, "{}", answer.reason);
    index.stop();
}

#[test]
fn a_broken_seed_says_what_is_wrong() {
    for (text, why) in [
        ("{}", "missing field `format`"),
        (
            r#"{"format":"index-seed/9"}"#,
            "its format is `index-seed/9`",
        ),
        (
            r#"{"format":"index-seed/1","projects":[{"name":"d","owner":"a","releases":[{"version":"1","files":[{"fixture":"no.whl","form":[]}]}]}]}"#,
            "fixture `no.whl`",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seed.json");
        fs::write(&file, text).unwrap();
        let mut options = ServerOptions::on_free_ports(None);
        options.seed = Some(Seed {
            file,
            credentials: None,
        });
        let error = TestIndex::with(options).err().unwrap().to_string();
        assert!(error.contains(why), "{error}");
    }
}
