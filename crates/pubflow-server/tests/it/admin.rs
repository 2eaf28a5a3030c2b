//! What owners and administrators do, by the admin API.

use super::TestIndex;
use super::support::http;
use super::support::upload::Upload;

#[test]
fn yanking_marks_every_file_and_can_be_undone() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    index.accept(&Upload::demo("1.1"));
    index.operate(r#"{"op":"yank","project":"Demo","version":"1.1.0","reason":"broken"}"#);
    let yanked = |index: &TestIndex| {
        let listing = index.listing("demo");
        let files = listing["files"].as_array().unwrap().clone();
        files
            .iter()
            .map(|file| file["yanked"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        yanked(&index),
        [serde_json::json!(false), serde_json::json!("broken")]
    );
    index.operate(r#"{"op":"yank","project":"demo","version":"1.1"}"#);
    assert_eq!(
        yanked(&index),
        [serde_json::json!(false), serde_json::json!(true)]
    );
    assert_eq!(
        index.get("/pypi/demo/json", None).json()["info"]["version"],
        "1.0"
    );
    index.operate(r#"{"op":"unyank","project":"demo","version":"1.1"}"#);
    let serial = index.listing("demo")["meta"]["_last-serial"].clone();
    index.operate(r#"{"op":"unyank","project":"demo","version":"1.1"}"#);
    assert_eq!(
        index.listing("demo")["meta"]["_last-serial"],
        serial,
        "nothing had to be done"
    );
    assert_eq!(yanked(&index), [false, false]);
    index.stop();
}

#[test]
fn a_deleted_file_never_frees_its_name() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    index.operate(r#"{"op":"delete-file","filename":"demo-1.0-py3-none-any.whl"}"#);
    assert_eq!(index.listing("demo")["files"], serde_json::json!([]));
    index.refuse(
        &upload,
        400,
        "This filename was previously used by a file that has since been deleted. Use a different version.",
    );
    index.stop();
}

#[test]
fn old_releases_take_identical_files_only() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    index.operate(r#"{"op":"age","project":"demo","version":"1.0","days":15}"#);
    index.accept(&upload);
    let late =
        Upload::wheel(&pubflow_testkit::WheelBuilder::new("demo", "1.0").tag("py2-none-any"));
    index.refuse(
        &late,
        400,
        "Uploading new files to releases older than 14 days is not allowed.",
    );
    index.operate(r#"{"op":"age","project":"demo","version":"1.0","days":13}"#);
    index.accept(&late);
    index.stop();
}

#[test]
fn archived_and_quarantined_projects() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    index.operate(r#"{"op":"status","project":"demo","status":"archived"}"#);
    assert_eq!(
        index.listing("demo")["project-status"]["status"],
        "archived"
    );
    index.refuse(
        &Upload::demo("1.1"),
        403,
        "The user 'rehearsal' isn't allowed to upload to project 'demo'.",
    );
    index.operate(r#"{"op":"status","project":"demo","status":"quarantined"}"#);
    let listing = index.listing("demo");
    assert_eq!(
        (
            listing["files"].as_array().unwrap().len(),
            listing["versions"].as_array().unwrap().len()
        ),
        (0, 0)
    );
    assert_eq!(index.get("/pypi/demo/json", None).status, 404);
    index.operate(r#"{"op":"status","project":"demo","status":"active"}"#);
    assert_eq!(
        index.listing("demo")["versions"],
        serde_json::json!(["1.0"])
    );
    index.stop();
}

#[test]
fn switches_close_the_upload() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    index.operate(r#"{"op":"flag","flag":"disallow-new-upload","on":true}"#);
    index.refuse(
        &Upload::demo("1.1"),
        403,
        "New uploads are temporarily disabled.",
    );
    index.operate(r#"{"op":"flag","flag":"disallow-new-upload","on":false}"#);
    index.operate(r#"{"op":"flag","flag":"disallow-new-project-registration","on":true}"#);
    index.accept(&Upload::demo("1.1"));
    let fresh = Upload::wheel(&pubflow_testkit::WheelBuilder::new("fresh", "1.0"));
    index.refuse(
        &fresh,
        403,
        "New project registration temporarily disabled.",
    );
    index.stop();
}

#[test]
fn the_upload_token_opens_yanking_alone() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let ask = |token: &str, operation: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str())];
        http::send(
            &index.realm().base,
            "POST",
            "/_/admin",
            &headers,
            operation.as_bytes(),
        )
        .unwrap()
    };
    let yank = r#"{"op":"yank","project":"demo","version":"1.0","reason":"x"}"#;
    let delete = r#"{"op":"delete-file","filename":"demo-1.0-py3-none-any.whl"}"#;
    let token = index.realm().token.clone();
    assert_eq!(ask(&token, yank).status, 200);
    let refused = ask(&token, delete);
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.text(),
        r#"{"ok":false,"message":"this operation needs the admin token"}"#
    );
    assert_eq!(
        ask(&index.production().admin_token.clone(), yank).status,
        403
    );
    assert_eq!(index.listing("demo")["files"][0]["yanked"], "x");
    index.stop();
}

#[test]
fn operations_on_what_is_not_there_are_refused() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let before = index.everything();
    for (operation, status) in [
        (r#"{"op":"yank","project":"nobody","version":"1.0"}"#, 404),
        (r#"{"op":"yank","project":"demo","version":"2.0"}"#, 404),
        (r#"{"op":"delete-file","filename":"nothing.whl"}"#, 404),
        (
            r#"{"op":"age","project":"demo","version":"1.0","days":9223372036854775807}"#,
            400,
        ),
        (
            r#"{"op":"age","project":"demo","version":"1.0","days":100000000000000}"#,
            400,
        ),
        (r#"{"op":"dance"}"#, 400),
        ("", 400),
    ] {
        let answer = index.admin(operation);
        assert_eq!(
            (answer.status, answer.json()["ok"].clone()),
            (status, serde_json::json!(false)),
            "{operation}"
        );
    }
    assert_eq!(index.everything(), before);
    assert_eq!(index.get("/_/admin", None).status, 405);
    index.stop();
}
