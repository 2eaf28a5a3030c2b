//! Listings as odd servers serve them.

use super::*;
use crate::IndexKind;
use crate::test_server::{Answer, TestServer};

const JSON: &str = "application/vnd.pypi.simple.v1+json";

fn demo() -> ProjectName {
    ProjectName::parse("De.mo").unwrap()
}

fn listing(filename: &str, digest: &str) -> String {
    format!(
        r#"{{"meta": {{"api-version": "1.1"}}, "files": [{{"filename": "{filename}", "url": "/files/{filename}", "hashes": {{{digest}}}}}]}}"#
    )
}

#[tokio::test]
async fn json_is_asked_for_first_and_no_credential_is_sent() {
    let server = TestServer::start(|_| Answer::new(404, "text/plain", "")).await;
    let index = server.index(IndexKind::Generic);
    assert_eq!(index.project(&demo()).await.unwrap(), None);
    let request = &server.received()[0];
    assert_eq!(request.path, "/simple/de-mo/");
    assert!(request.header("accept").unwrap().starts_with(JSON));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn the_content_type_decides_how_a_listing_is_read() {
    let digest = "c".repeat(64);
    let html = format!("<a href=\"/f/demo-1.0.tar.gz#sha256={digest}\">x</a>");
    let json = listing("demo-1.0.tar.gz", &format!(r#""sha256": "{digest}""#));
    for (content_type, body) in [
        (JSON, &json),
        ("application/json", &json),
        ("text/html; charset=UTF-8", &html),
        ("text/plain", &html),
        ("text_html", &html),
    ] {
        let body = body.clone();
        let server = TestServer::start(move |_| Answer::new(200, content_type, body.clone())).await;
        let state = server
            .index(IndexKind::Generic)
            .observe(&demo(), "demo-1.0.tar.gz")
            .await;
        assert!(
            matches!(state, FileState::Present { sha256, .. } if sha256.to_string() == digest),
            "{content_type}: {state:?}"
        );
    }
}

#[tokio::test]
async fn a_listing_without_digest_is_answered_from_the_file_itself() {
    let server = TestServer::start(|request| match request.path.as_str() {
        "/files/demo-1.0.tar.gz" => Answer::new(200, "application/gzip", "content"),
        _ => Answer::new(200, JSON, listing("demo-1.0.tar.gz", "")),
    })
    .await;
    let index = server.index(IndexKind::Generic);
    let state = index.observe(&demo(), "demo-1.0.tar.gz").await;
    assert!(
        matches!(state, FileState::Present { sha256, .. } if sha256 == Sha256::of(b"content")),
        "{state:?}"
    );
    assert!(matches!(
        index.observe(&demo(), "demo-2.0.tar.gz").await,
        FileState::Absent
    ));
}

#[tokio::test]
async fn an_index_that_cannot_be_asked_leaves_the_state_unknown() {
    for (status, retry) in [
        (401, Retry::Unauthorised),
        (403, Retry::Unauthorised),
        (500, Retry::Transient { after: None }),
        (503, Retry::Transient { after: None }),
        (418, Retry::Permanent),
    ] {
        let server = TestServer::start(move |_| Answer::new(status, "text/plain", "why not")).await;
        let index = server.index(IndexKind::Generic);
        let FileState::Unknown(error) = index.observe(&demo(), "demo-1.0.tar.gz").await else {
            panic!("{status} is no listing");
        };
        assert_eq!(error.retry(), retry);
        assert!(error.to_string().ends_with(": why not"), "{error}");
    }
    let server = TestServer::start(|_| Answer::new(200, JSON, "<html>")).await;
    let index = server.index(IndexKind::Generic);
    let state = index.observe(&demo(), "x").await;
    assert!(
        matches!(state, FileState::Unknown(ObserveError::Page(_))),
        "{state:?}"
    );
}

#[tokio::test]
async fn redirects_within_the_origin_are_followed_and_others_mean_absent() {
    let public = TestServer::start(|_| {
        let digest = format!(r#""sha256": "{}""#, "d".repeat(64));
        Answer::new(200, JSON, listing("demo-1.0.tar.gz", &digest))
    })
    .await;
    let elsewhere = public.url("simple/de-mo/").to_string();
    let private = TestServer::start(move |_| Answer::to(303, elsewhere.clone())).await;
    let state = private
        .index(IndexKind::Generic)
        .observe(&demo(), "demo-1.0.tar.gz")
        .await;
    assert!(matches!(state, FileState::Absent), "{state:?}");
    assert_eq!(public.received().len(), 0);

    let moved = TestServer::start(|request| match request.path.as_str() {
        "/simple/de-mo/" => Answer::to(301, "/simple/moved/"),
        _ => Answer::new(200, "text/html", "<a href=\"demo-1.0.tar.gz\">x</a>"),
    })
    .await;
    let page = moved.index(IndexKind::Generic).project(&demo()).await;
    let file = page.unwrap().unwrap().files[0].clone();
    assert_eq!(file.url.path(), "/simple/moved/demo-1.0.tar.gz");

    let circle = TestServer::start(|_| Answer::to(302, "/simple/de-mo/")).await;
    let error = circle.index(IndexKind::Generic).project(&demo()).await;
    assert!(
        matches!(error, Err(ObserveError::Redirects { .. })),
        "{error:?}"
    );
    assert_eq!(circle.received().len(), 6);
}

#[tokio::test]
async fn an_unchanged_listing_is_not_sent_again() {
    let server = TestServer::start(|request| match request.header("if-none-match") {
        Some("\"v1\"") => Answer::new(304, JSON, ""),
        _ => Answer::new(200, JSON, listing("a-1.0.tar.gz", "")).header("etag", "\"v1\""),
    })
    .await;
    let index = server.index(IndexKind::Generic);
    let first = index.project(&demo()).await.unwrap().unwrap();
    let second = index.project(&demo()).await.unwrap().unwrap();
    assert_eq!(first, second);
    assert_eq!(second.files.len(), 1);
    assert_eq!(server.received()[1].header("if-none-match"), Some("\"v1\""));
}
