//! `watch` and `stats`: what an index shows that did not come from here, and how often it is fetched.

use std::fs;

use pubflow_testkit::WheelBuilder;
use pubflow_testkit::fault_proxy::{Canned, Fault, Nth};
use serde_json::json;

use crate::support::{TestIndex, World, through_proxy, world_with_a_release};

const WATCH: [&str; 5] = ["watch", "demo", "--testpypi", "--format", "json"];

fn published() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    (world, index)
}

/// The kinds of news, and what they are about.
#[track_caller]
fn news(world: &World, code: i32) -> Vec<(String, String)> {
    let document = world.run(&WATCH).exits(code).json();
    let news = document["news"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    news.map(|one| (text(&one["kind"]), text(&one["subject"])))
        .collect()
}

#[test]
fn what_did_not_come_from_here_is_news() {
    let (mut world, index) = published();
    assert!(news(&world, 0).is_empty());
    // Somebody else uploads a file of another version.
    let mut other = World::new();
    index.configure(&mut other);
    let dist = other.work().join("dist");
    fs::create_dir(&dist).unwrap();
    WheelBuilder::new("demo", "1.1")
        .file("demo/__init__.py", "")
        .build_in(&dist);
    other
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    let foreign = (
        "foreign-file".to_owned(),
        "demo-1.1-py3-none-any.whl".to_owned(),
    );
    assert_eq!(news(&world, 1), std::slice::from_ref(&foreign));
    // And yanks ours on the index's pages.
    index.admin(
        "test",
        &json!({"op": "yank", "project": "demo", "version": "1.0", "reason": "evil\nline"}),
    );
    let found = news(&world, 1);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found.iter().filter(|(kind, _)| kind == "yanked").count(), 3);
    index.admin(
        "test",
        &json!({"op": "unyank", "project": "demo", "version": "1.0"}),
    );
    // A yank from here is none, taking it back elsewhere is.
    world.set(
        "PUBFLOW_INDEX_TESTPYPI_TOKEN",
        index.get("test", "admin_token"),
    );
    world
        .run(&["yank", "demo==1.0", "--reason", "r", "--testpypi"])
        .exits(0)
        .says("demo 1.0 is yanked: r");
    assert_eq!(news(&world, 1), [foreign]);
    index.admin(
        "test",
        &json!({"op": "unyank", "project": "demo", "version": "1.0"}),
    );
    assert_eq!(news(&world, 1).len(), 4);
    // Nothing was published from an empty memory.
    other
        .run(&["watch", "demo", "--pypi"])
        .exits(2)
        .says("error[E105]");
}

#[test]
fn advisories_and_statuses_are_news() {
    let (mut world, index) = published();
    let proxy = through_proxy(&mut world, &index);
    world.set("PUBFLOW_INDEX_TESTPYPI_WEB", proxy.base());
    let advisory = json!({"info": {}, "urls": [], "vulnerabilities": [{"id": "PYSEC-1", "summary": "bad", "fixed_in": ["1.1"], "withdrawn": null}]});
    let canned = Canned::new(200, &advisory.to_string()).header("content-type", "application/json");
    proxy.on(
        "GET",
        "/pypi/demo/1.0/json",
        Nth::Every,
        Fault::Answer(canned),
    );
    assert_eq!(news(&world, 1), [("advisory".to_owned(), "1.0".to_owned())]);
    proxy.clear();
    index.admin(
        "test",
        &json!({"op": "status", "project": "demo", "status": "archived"}),
    );
    assert_eq!(news(&world, 1), [("status".to_owned(), String::new())]);
    proxy.on(
        "GET",
        "/simple/",
        Nth::Every,
        Fault::Answer(Canned::new(503, "no")),
    );
    world.run(&WATCH).exits(5);
}

#[test]
fn downloads_are_shown_as_the_service_counts_them() {
    let (mut world, index) = published();
    let proxy = through_proxy(&mut world, &index);
    world.set("PUBFLOW_STATS_URL", format!("{}api", proxy.base()));
    let answer = |path: &'static str, body: serde_json::Value| {
        let canned = Canned::new(200, &body.to_string()).header("content-type", "application/json");
        proxy.on("GET", path, Nth::Every, Fault::Answer(canned));
    };
    answer(
        "/api/packages/demo/recent",
        json!({"data": {"last_day": 1, "last_week": 7, "last_month": 30}}),
    );
    answer(
        "/api/packages/demo/overall",
        json!({"data": [{"date": "2026-01-01", "downloads": 5}]}),
    );
    let document = world
        .run(&["stats", "demo", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(
        (&document["last_month"], &document["days"][0]["downloads"]),
        (&json!(30), &json!(5))
    );
    let text = world.run(&["stats", "demo"]).exits(0);
    assert!(text.out.contains("2026-01-01  5"), "{}", text.out);
    world.run(&["stats", "none"]).exits(2).says("error[E217]");
    world.set("PUBFLOW_STATS_URL", "http://127.0.0.1:9/api");
    world
        .run(&["stats", "demo"])
        .exits(5)
        .says("PUBFLOW_STATS_URL");
}
