//! What networks and servers do to an upload: each ends in a known state with the right exit code,
//! and a plain re-run finishes what can be finished.

use std::time::Duration;

use pubflow_testkit::fault_proxy::{Canned, Fault, Nth};

use crate::support::{Ended, TestIndex, World, expected, through_proxy, world_with_a_release};

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

/// One fault on one request; the run, then a re-run without the fault, which must finish.
#[track_caller]
fn under(path: &str, nth: Nth, fault: Fault) -> (Ended, World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    let method = if path == "/legacy/" { "POST" } else { "GET" };
    proxy.on(method, path, nth, fault);
    let ended = world.run(PUBLISH);
    let first_run_done = ended.code == 0;
    proxy.clear();
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    if first_run_done {
        let n_posts = proxy
            .log()
            .iter()
            .filter(|request| request.method == "POST" && request.status == Some(200))
            .count();
        assert!(
            n_posts <= 3,
            "a file was stored and sent again: {:#?}",
            proxy.log()
        );
    }
    (ended, world, index)
}

fn answer(status: u16) -> Canned {
    Canned::new(status, "the test says so")
}

#[test]
fn passing_failures_of_an_upload_are_ridden_out_in_one_run() {
    let busy = answer(429).header("retry-after", "1");
    for (name, fault) in [
        ("429 with Retry-After", Fault::Answer(busy)),
        ("408", Fault::Answer(answer(408))),
        ("500 before storing", Fault::Answer(answer(500))),
        ("502 before storing", Fault::Answer(answer(502))),
        ("500 after storing", Fault::AnswerAfterCommit(answer(500))),
        ("502 after storing", Fault::AnswerAfterCommit(answer(502))),
        ("a reset before the body", Fault::CutBeforeBody),
        ("a reset in the body", Fault::CutMidBody(100)),
        ("a reset after the commit", Fault::CutAfterCommit),
        ("a cut answer", Fault::CutAnswer(1)),
        ("a slow server", Fault::Delay(Duration::from_millis(700))),
    ] {
        let (ended, ..) = under("/legacy/", Nth::Only(1), fault);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
    }
}

#[test]
fn a_listing_that_fails_at_first_is_asked_again() {
    for fault in [
        Fault::Answer(answer(503)),
        Fault::CutBeforeBody,
        Fault::CutAnswer(5),
    ] {
        let (ended, ..) = under("/simple/", Nth::First(2), fault);
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
}

#[test]
fn a_refused_token_ends_in_6_before_anything_landed() {
    for status in [401, 403] {
        let (ended, ..) = under("/legacy/", Nth::Every, Fault::Answer(answer(status)));
        ended
            .exits(6)
            .says("error[E202]")
            .says("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    }
}

#[test]
fn a_token_refused_in_the_middle_ends_in_7_and_says_what_is_public() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    proxy.on("POST", "/legacy/", Nth::Only(2), Fault::Answer(answer(403)));
    world
        .run(PUBLISH)
        .exits(7)
        .says("already public: demo-1.0-");
    proxy.clear();
    world.run(&["resume"]).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn a_refusal_quotes_the_index_and_ends_in_1() {
    let (ended, ..) = under(
        "/legacy/",
        Nth::Every,
        Fault::Answer(Canned::new(400, "the moon is in the wrong phase")),
    );
    ended
        .exits(1)
        .says("error[E203]")
        .says("the moon is in the wrong phase");
}

#[test]
fn an_index_that_is_down_ends_in_5_and_nothing_is_lost() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    world
        .set(
            "PUBFLOW_INDEX_TESTPYPI_UPLOAD",
            "http://127.0.0.1:1/legacy/",
        )
        .set(
            "PUBFLOW_INDEX_TESTPYPI_SIMPLE",
            "http://127.0.0.1:1/simple/",
        )
        .set("PUBFLOW_INDEX_TESTPYPI_TOKEN", index.get("test", "token"));
    world.run(PUBLISH).exits(5).says("next:");
    through_proxy_again(&mut world, &index);
}

#[track_caller]
fn through_proxy_again(world: &mut World, index: &TestIndex) {
    let _proxy = through_proxy(world, index);
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(world));
}

#[test]
fn a_redirect_to_another_host_is_not_followed_with_the_token() {
    let elsewhere = pubflow_testkit::fault_proxy::FaultProxy::start("http://127.0.0.1:1");
    let redirect = answer(307).header("location", &format!("{}legacy/", elsewhere.base()));
    let (ended, ..) = under("/legacy/", Nth::Every, Fault::Answer(redirect));
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(
        elsewhere.log().is_empty(),
        "the other host was asked: {:?}",
        elsewhere.log()
    );
}

#[test]
fn other_bytes_under_our_name_end_in_4_and_nothing_is_overwritten() {
    let mut first = world_with_a_release();
    let index = TestIndex::start(&first);
    index.configure(&mut first);
    first.run(PUBLISH).exits(0);
    let published = index.files("test", "demo");

    let mut second = World::new();
    let dist = second.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    pubflow_testkit::WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&dist);
    index.configure(&mut second);
    second.run(PUBLISH).exits(4).says("raise the version");
    assert_eq!(index.files("test", "demo"), published);
}

#[test]
fn one_listing_answers_the_first_look_at_all_files() {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    let log = proxy.log();
    let is_listing = |request: &&pubflow_testkit::fault_proxy::Logged| {
        request.method == "GET" && request.path == "/simple/demo/"
    };
    // The release before this one, what would be refused, and what is there: however many files there are.
    let before = log.iter().take_while(|request| request.method != "POST");
    assert_eq!(before.filter(is_listing).count(), 3, "{log:#?}");
    // Each of the three files is looked at after it was sent, and all of them twice at the end.
    assert_eq!(log.iter().filter(is_listing).count(), 3 + 3 + 2, "{log:#?}");
}
