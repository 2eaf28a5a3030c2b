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

/// Sends uploads one after the other: token, upload, and what is answered.
#[track_caller]
fn play(index: &TestIndex, folder: &Path, steps: &[(&str, Upload, u16, &str)]) {
    for (token, upload, status, words) in steps {
        let answer = send(index, folder, token, upload);
        assert_eq!(answer.status, *status, "{token}: {}", answer.reason);
        assert!(
            answer.reason.starts_with(words),
            "{token}: {}",
            answer.reason
        );
    }
}

fn new(name: &str) -> Upload {
    Upload::wheel(&WheelBuilder::new(name, "1.0"))
}

#[test]
fn users_may_what_their_accounts_and_tokens_allow() {
    let folder = tempfile::tempdir().unwrap();
    let index = start(folder.path(), |_| {}).unwrap();
    let demo = || Upload::demo("2.0");
    let not_his = "The user 'ben' isn't allowed to upload to project 'demo'";
    let scope =
        "Invalid API Token: project-scoped token is not valid for project: 'demo', project-scoped";
    let expired = "Invalid API Token: token is expired, token is expired";
    let steps = [
        ("ben", demo(), 403, not_his),
        ("ann-other", demo(), 403, scope),
        ("ann-old", demo(), 403, expired),
        ("ann-gone", demo(), 403, "Invalid or non-existent"),
        ("cat", new("fresh"), 403, "User 'cat', associated with"),
        ("ann", demo(), 200, "OK"),
        ("ann", new("fresh"), 200, "OK"),
        ("ben", new("fresh"), 403, "The user 'ben' isn't allowed"),
    ];
    play(&index, folder.path(), &steps);
    let accept = [("Accept", super::JSON)];
    let page = super::http::send(
        &index.production().base,
        "GET",
        "/simple/demo/",
        &accept,
        b"",
    );
    let page = page.unwrap().json();
    assert_eq!(page["versions"], json!(["1.0", "1.1", "2.0"]));
    assert_eq!(page["files"][1]["yanked"], "broken");
    let other_realm = index.listing("demo");
    assert!(other_realm.is_null(), "the test realm got the seed too");
    index.stop();
}

#[test]
fn new_projects_need_a_free_name_and_an_allowance() {
    let folder = tempfile::tempdir().unwrap();
    let index = start(folder.path(), |_| {}).unwrap();
    let steps = [
        ("ben", new("fresh"), 429, "Too many new projects created"),
        ("ann", new("forbidden"), 400, "The name 'forbidden' isn't"),
        ("ann", new("asyncio"), 400, "The name 'asyncio' isn't"),
        ("ann", new("dem0"), 400, "The name 'dem0' is too similar"),
    ];
    play(&index, folder.path(), &steps);
    let told = send(&index, folder.path(), "ben", &new("fresh"));
    assert!(told.header("ratelimit").unwrap().contains("r=0;t="));
    assert!(told.header("ratelimit-policy").unwrap().contains("q=20"));
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
