//! Bad days on demand: each fault is seen by a client, and leaves the index in the state that it promises.

use super::TestIndex;
use super::support::http::{self, Answer};
use super::support::upload::Upload;

/// An index with one rule in force.
fn index_with(rule: &str) -> TestIndex {
    let index = TestIndex::start();
    index.operate(&format!(
        r#"{{"op":"faults","plan":{{"format":"index-faults/1","seed":1,"rules":[{rule}]}}}}"#
    ));
    index
}

fn is_listed(index: &TestIndex) -> bool {
    index.operate(r#"{"op":"clear-faults"}"#);
    !index.listing("demo").is_null()
}

#[test]
fn a_status_comes_before_or_after_the_upload_is_stored() {
    for (commit, expected) in [("false", false), ("true", true)] {
        let index = index_with(&format!(
            r#"{{"route":"upload","fault":{{"kind":"status","status":503,"retry_after":7,"commit":{commit}}}}}"#
        ));
        let answer = Upload::demo("1.0").send(index.realm()).unwrap();
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("7"))
        );
        assert_eq!(is_listed(&index), expected, "commit {commit}");
        index.stop();
    }
}

#[test]
fn connections_are_reset_at_every_moment() {
    for (when, expected) in [
        ("before-body", false),
        ("in-body", false),
        ("after-body", false),
        ("after-commit", true),
    ] {
        let index = index_with(&format!(
            r#"{{"route":"upload","fault":{{"kind":"reset","when":"{when}","after_bytes":100}}}}"#
        ));
        let sent = Upload::demo("1.0").send(index.realm());
        assert!(sent.is_err(), "{when}: {sent:?}");
        assert_eq!(
            index.requests().iter().map(|request| request.status).min(),
            Some(0)
        );
        assert_eq!(is_listed(&index), expected, "{when}");
        index.stop();
    }
}

#[test]
fn an_upload_can_be_answered_as_if_it_had_been_there() {
    let index = index_with(r#"{"route":"upload","fault":{"kind":"duplicate"}}"#);
    let answer = Upload::demo("1.0").send(index.realm()).unwrap();
    assert_eq!(answer.status, 400);
    assert!(
        answer.reason.starts_with("File already exists"),
        "{}",
        answer.reason
    );
    assert!(is_listed(&index));
    index.stop();
}

#[test]
fn one_file_of_a_release_is_addressed_by_its_name() {
    let index = index_with(
        r#"{"route":"upload","file":"demo-1.1-*","fault":{"kind":"status","status":500}}"#,
    );
    let status = |version| Upload::demo(version).send(index.realm()).unwrap().status;
    assert_eq!(
        [status("1.0"), status("1.1"), status("1.2")],
        [200, 500, 200]
    );
    index.operate(r#"{"op":"clear-faults"}"#);
    let versions = index.listing("demo")["versions"].clone();
    assert_eq!(
        versions,
        serde_json::json!(["1.0", "1.2"]),
        "put back as it was sent"
    );
    index.stop();
}

/// The path of the only file of the project.
fn file_path(index: &TestIndex) -> String {
    let url = index.listing("demo")["files"][0]["url"].clone();
    let base = index.realm().base.trim_end_matches('/').to_owned();
    url.as_str()
        .unwrap()
        .strip_prefix(&base)
        .unwrap()
        .to_owned()
}

fn get(index: &TestIndex, path: &str) -> std::io::Result<Answer> {
    http::send(&index.realm().base, "GET", path, &[], b"")
}

#[test]
fn bodies_are_cut_corrupted_and_slowed() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    let path = file_path(&index);
    let plan = |fault: &str| {
        index.operate(&format!(
            r#"{{"op":"faults","plan":{{"format":"index-faults/1","rules":[{{"route":"file","fault":{fault}}}]}}}}"#
        ));
    };
    plan(r#"{"kind":"truncate","after_bytes":10}"#);
    match get(&index, &path) {
        Ok(answer) => assert_eq!(answer.body, upload.content[..10]),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    plan(r#"{"kind":"corrupt"}"#);
    let corrupt = get(&index, &path).unwrap().body;
    assert_eq!(corrupt.len(), upload.content.len());
    assert_ne!(corrupt, upload.content);
    plan(r#"{"kind":"throttle","bytes_per_second":20000}"#);
    assert_eq!(get(&index, &path).unwrap().body, upload.content);
    plan(r#"{"kind":"latency","ms":5}"#);
    assert_eq!(get(&index, &path).unwrap().body, upload.content);
    index.stop();
}

#[test]
fn listings_lag_and_lie() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let good = index.listing("demo");
    let path = file_path(&index);
    let plan = |rule: &str| {
        index.operate(&format!(
            r#"{{"op":"faults","plan":{{"format":"index-faults/1","seed":3,"rules":[{rule}]}}}}"#
        ));
    };
    plan(r#"{"route":"simple","fault":{"kind":"lag","ms":3600000}}"#);
    assert!(index.listing("demo").is_null(), "not there yet");
    plan(r#"{"route":"simple","fault":{"kind":"lag","ms":3600000,"nodes":3}}"#);
    let seen: Vec<bool> = (0..30).map(|_| index.listing("demo").is_null()).collect();
    assert!(
        seen.contains(&true) && seen.contains(&false),
        "nodes differ: {seen:?}"
    );
    plan(r#"{"route":"file","fault":{"kind":"file-lag","ms":3600000}}"#);
    assert_eq!(get(&index, &path).unwrap().status, 404);
    assert_eq!(index.listing("demo"), good, "listed before it is there");
    plan(r#"{"route":"simple","fault":{"kind":"wrong-digest"}}"#);
    let lied = index.listing("demo");
    assert_ne!(lied["files"][0]["hashes"], good["files"][0]["hashes"]);
    assert_eq!(lied["files"][0]["filename"], good["files"][0]["filename"]);
    index.stop();
}
