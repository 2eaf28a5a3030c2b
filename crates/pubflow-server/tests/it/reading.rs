//! What installers and other readers see.

use pubflow_testkit::WheelBuilder;

use super::support::http;
use super::support::upload::Upload;
use super::{HTML, JSON, TestIndex};

#[test]
fn the_listing_comes_in_the_form_that_was_asked_for() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    for (accept, content_type) in [
        (Some(JSON), JSON),
        (Some(HTML), HTML),
        (Some("application/*"), HTML),
        (Some("text/html"), "text/html; charset=UTF-8"),
        (Some("*/*"), "text/html; charset=UTF-8"),
        (Some("application/x-unknown"), "text/html; charset=UTF-8"),
        (None, "text/html; charset=UTF-8"),
    ] {
        for path in ["/simple/", "/simple/demo/"] {
            let answer = index.get(path, accept);
            assert_eq!(
                answer.header("content-type"),
                Some(content_type),
                "{accept:?}"
            );
            assert_eq!(answer.header("vary"), Some("Accept, Accept-Encoding"));
            assert_eq!(answer.header("x-pypi-last-serial"), Some("1"));
        }
    }
    index.stop();
}

#[test]
fn html_and_json_say_the_same() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    index.operate(
        r#"{"op":"yank","project":"demo","version":"1.0","reason":"<b>\"broken\"</b> & more"}"#,
    );
    let listing = index.listing("demo");
    let file = &listing["files"][0];
    assert_eq!(file["yanked"], "<b>\"broken\"</b> & more");
    let metadata = file["core-metadata"]["sha256"].as_str().unwrap();
    let anchor = format!(
        "<a href=\"{}#sha256={}\" data-requires-python=\"&gt;=3.8\" data-dist-info-metadata=\"sha256={metadata}\" \
         data-core-metadata=\"sha256={metadata}\" data-yanked=\"&lt;b&gt;&#34;broken&#34;&lt;/b&gt; &amp; more\">\
         demo-1.0-py3-none-any.whl</a>",
        file["url"].as_str().unwrap(),
        file["hashes"]["sha256"].as_str().unwrap(),
    );
    let html = index.get("/simple/demo/", Some(HTML));
    assert!(
        html.text().contains(&anchor),
        "{}\nlacks\n{anchor}",
        html.text()
    );
    assert!(
        html.text()
            .contains("<meta name=\"pypi:repository-version\" content=\"1.4\">")
    );
    assert!(
        html.text()
            .contains("<meta name=\"pypi:project-status\" content=\"active\">")
    );
    index.stop();
}

#[test]
fn an_unchanged_listing_is_not_sent_again() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let tag = index
        .get("/simple/demo/", Some(JSON))
        .header("etag")
        .unwrap()
        .to_owned();
    let again = |path: &str| {
        let headers = [("Accept", JSON), ("If-None-Match", tag.as_str())];
        http::send(&index.realm().base, "GET", path, &headers, b"").unwrap()
    };
    let answer = again("/simple/demo/");
    assert_eq!((answer.status, answer.body.len()), (304, 0));
    assert_eq!(answer.header("etag"), Some(tag.as_str()));
    index.accept(&Upload::demo("1.1"));
    assert_eq!(again("/simple/demo/").status, 200);
    index.stop();
}

#[test]
fn other_spellings_lead_to_the_normal_name() {
    let index = TestIndex::start();
    index.accept(&Upload::wheel(&WheelBuilder::new("Demo.Pkg", "1.0")));
    for path in [
        "/simple/Demo.Pkg/",
        "/simple/demo_pkg/",
        "/simple/demo-pkg",
        "/simple/demo__pkg",
    ] {
        let answer = index.get(path, Some(JSON));
        assert_eq!(answer.status, 301, "{path}");
        let target = format!("{}simple/demo-pkg/", index.realm().base);
        assert_eq!(answer.header("location"), Some(target.as_str()), "{path}");
    }
    assert_eq!(index.get("/simple", None).status, 301);
    assert_eq!(index.get("/simple/nobody/", Some(JSON)).status, 404);
    assert_eq!(index.get("/simple/%2e%2e/", Some(JSON)).status, 404);
    assert_eq!(index.get("/pypi/Demo_Pkg/json", None).status, 301);
    index.stop();
}

#[test]
fn files_are_served_whole_in_part_and_by_head() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    let url = index.listing("demo")["files"][0]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url
        .strip_prefix(index.realm().base.trim_end_matches('/'))
        .unwrap();
    let ask = |method: &str, headers: &[(&str, &str)]| {
        http::send(&index.realm().base, method, path, headers, b"").unwrap()
    };
    let size = upload.content.len();
    let head = ask("HEAD", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(
        head.header("content-length"),
        Some(size.to_string().as_str())
    );
    assert_eq!(head.header("accept-ranges"), Some("bytes"));
    let tail = ask("GET", &[("Range", "bytes=-64")]);
    assert_eq!(tail.status, 206);
    assert_eq!(tail.body, upload.content[size - 64..]);
    let range = format!("bytes {}-{}/{size}", size - 64, size - 1);
    assert_eq!(tail.header("content-range"), Some(range.as_str()));
    let outside = ask("GET", &[("Range", "bytes=999999-")]);
    assert_eq!(outside.status, 416);
    assert_eq!(
        outside.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
    let tag = head.header("etag").unwrap();
    assert_eq!(ask("GET", &[("If-None-Match", tag)]).status, 304);
    let wrong = path.replace("demo-1.0", "demo-1.1");
    assert_eq!(index.get(&wrong, None).status, 404);
    index.stop();
}

#[test]
fn a_large_file_survives_the_way_there_and_back() {
    let index = TestIndex::start();
    let noise: Vec<u8> = (0..2_000_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let upload = Upload::wheel(&WheelBuilder::new("large", "1.0").file("large/noise", &noise));
    index.accept(&upload);
    let url = index.listing("large")["files"][0]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url
        .strip_prefix(index.realm().base.trim_end_matches('/'))
        .unwrap();
    assert!(index.get(path, None).body == upload.content);
    index.stop();
}

#[test]
fn project_and_release_json() {
    let index = TestIndex::start();
    index.accept(&Upload::wheel(
        &WheelBuilder::new("demo", "1.0")
            .metadata_line("Project-URL: Source, https://example.org/src")
            .metadata_line("Keywords: one,two")
            .requires("idna>=3"),
    ));
    index.accept(&Upload::demo("1.1"));
    let project = index.get("/pypi/demo/json", None).json();
    assert_eq!(project["info"]["version"], "1.1");
    assert_eq!(project["releases"].as_object().unwrap().len(), 2);
    let release = index.get("/pypi/demo/1.0.0/json", None).json();
    assert_eq!(release["info"]["version"], "1.0");
    assert_eq!(
        release["info"]["project_urls"]["Source"],
        "https://example.org/src"
    );
    assert_eq!(
        release["info"]["requires_dist"],
        serde_json::json!(["idna>=3"])
    );
    assert_eq!(release["info"]["author"], serde_json::Value::Null);
    assert_eq!(release["urls"][0]["packagetype"], "bdist_wheel");
    assert_eq!(index.get("/pypi/demo/2.0/json", None).status, 404);
    assert_eq!(index.get("/pypi/nobody/json", None).status, 404);
    index.stop();
}

#[test]
fn the_index_proves_its_identity() {
    let index = TestIndex::start();
    let challenge = "5a".repeat(32);
    let first = index
        .get(&format!("/_/identity?challenge={challenge}"), None)
        .json();
    assert_eq!(first["schema"], 1);
    assert_eq!(first["realm"], "test");
    assert_eq!(first["proof"].as_str().unwrap().len(), 64);
    let other = index
        .get(&format!("/_/identity?challenge={}", "5b".repeat(32)), None)
        .json();
    assert_ne!(first["proof"], other["proof"]);
    assert_eq!(index.get("/_/identity", None).status, 400);
    index.stop();
}

#[test]
fn names_that_are_not_loopback_are_not_answered() {
    let index = TestIndex::start();
    let ask = |host: &str| {
        let headers = [("Host", host), ("Accept", JSON)];
        http::send(&index.realm().base, "GET", "/simple/", &headers, b"")
            .unwrap()
            .status
    };
    assert_eq!(ask("localhost:80"), 200);
    assert_eq!(ask("[::1]:8080"), 200);
    assert_eq!(ask("index.example.org"), 421);
    assert_eq!(ask("127.0.0.1.example.org:80"), 421);
    index.stop();
}

#[test]
fn requests_are_logged_without_queries_and_headers() {
    let index = TestIndex::start();
    index.get("/simple/?token=canary", None);
    let requests = index.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].path.as_str(), requests[0].status),
        ("/simple/", 200)
    );
    index.stop();
}
