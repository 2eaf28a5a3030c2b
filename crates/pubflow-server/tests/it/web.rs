//! The pages for people, and the form that yanks.

use super::TestIndex;
use super::support::http::{self, Answer};
use super::support::upload::Upload;

const MANAGE: &str = "/manage/project/demo/release/1.0/";

struct Visitor {
    cookie: String,
    token: String,
}

/// Opens the management page as a browser does.
fn visit(index: &TestIndex) -> Visitor {
    let page = index.get(MANAGE, Some("text/html"));
    assert_eq!(page.status, 200);
    let cookie = page.header("set-cookie").unwrap();
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let token = page
        .text()
        .split("name=\"csrf_token\" value=\"")
        .nth(1)
        .unwrap();
    Visitor {
        cookie: cookie.split(';').next().unwrap().to_owned(),
        token: token.split('"').next().unwrap().to_owned(),
    }
}

fn post(index: &TestIndex, path: &str, cookie: &str, body: &str) -> Answer {
    let headers = [
        ("Cookie", cookie),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    http::send(&index.realm().base, "POST", path, &headers, body.as_bytes()).unwrap()
}

#[test]
fn a_visitor_yanks_and_un_yanks_by_the_form() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let visitor = visit(&index);
    let body = format!(
        "csrf_token={}&action=yank&reason=really+broken",
        visitor.token
    );
    let answer = post(&index, MANAGE, &visitor.cookie, &body);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some(MANAGE))
    );
    assert_eq!(index.listing("demo")["files"][0]["yanked"], "really broken");
    assert!(
        index
            .get("/project/demo/", None)
            .text()
            .contains("has been yanked. really broken")
    );
    let body = format!("csrf_token={}&action=unyank", visitor.token);
    assert_eq!(post(&index, MANAGE, &visitor.cookie, &body).status, 303);
    assert_eq!(index.listing("demo")["files"][0]["yanked"], false);
    index.stop();
}

#[test]
fn forms_of_other_pages_are_refused() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    index.accept(&Upload::demo("1.1"));
    let visitor = visit(&index);
    let stranger = visit(&index);
    let body = format!("csrf_token={}&action=yank", visitor.token);
    let other_release = MANAGE.replace("1.0", "1.1");
    for (path, cookie, body) in [
        (MANAGE, stranger.cookie.as_str(), body.as_str()),
        (MANAGE, "", &body),
        (MANAGE, &visitor.cookie, "action=yank"),
        (&other_release, &visitor.cookie, &body),
    ] {
        assert_eq!(
            post(&index, path, cookie, body).status,
            403,
            "{path} {cookie}"
        );
    }
    assert_eq!(index.listing("demo")["files"][0]["yanked"], false);
    assert_eq!(index.listing("demo")["files"][1]["yanked"], false);
    index.stop();
}

#[test]
fn texts_of_a_project_are_no_markup() {
    let index = TestIndex::start();
    let builder = pubflow_testkit::WheelBuilder::new("demo", "1.0")
        .metadata_line("Summary: <script>alert(1)</script>")
        .description("</pre><img src=x>");
    index.accept(&Upload::wheel(&builder));
    let page = index.get("/project/demo/1.0/", Some("text/html"));
    assert!(
        page.text()
            .contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{}",
        page.text()
    );
    assert!(
        !page.text().contains("<script") && !page.text().contains("<img"),
        "{}",
        page.text()
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    assert!(
        index
            .get("/", None)
            .text()
            .contains("<a href=\"/project/demo/\">demo</a>")
    );
    assert_eq!(index.get("/project/nobody/", None).status, 404);
    index.stop();
}

#[test]
fn a_refusal_points_to_its_rule() {
    let index = TestIndex::start();
    let answer = Upload::demo("1.0")
        .header("Authorization", "Bearer wrong")
        .send(index.realm())
        .unwrap();
    let address = format!("{}help/#R017", index.realm().base);
    assert!(answer.reason.contains(&address), "{}", answer.reason);
    let help = index.get("/help/", None);
    assert!(help.text().contains("<dt id=\"R017\">"), "{}", help.text());
    index.stop();
}
