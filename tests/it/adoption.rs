//! What other tools uploaded counts: the same bytes are adopted, other bytes under our name are a
//! conflict, and in neither case is anything sent.

use std::path::PathBuf;

use pubflow_testkit::WheelBuilder;
use pubflow_testkit::fault_proxy::FaultProxy;

use crate::peers::{Peers, peers};
use crate::support::{Ended, TestIndex, World, expected, through_proxy, world_with_a_release};

type Upload = fn(&Peers, &World, [&str; 2], &[PathBuf]) -> Ended;

const TOOLS: [(&str, Upload); 2] = [("twine", Peers::twine_upload), ("uv", Peers::uv_publish)];

const PUBLISH: [&str; 5] = ["publish", "--testpypi", "--no-verify", "--format", "json"];

fn files_of(world: &World) -> Vec<PathBuf> {
    let dist = world.work().join("dist");
    let names = expected(world).into_iter();
    names.map(|(name, ..)| dist.join(name)).collect()
}

/// The whole release of a world, uploaded by another tool.
fn uploaded_by(upload: Upload, world: &World) -> TestIndex {
    let index = TestIndex::start(world);
    let to = [index.get("test", "upload"), index.get("test", "token")];
    upload(peers(), world, to, &files_of(world)).exits(0);
    assert_eq!(index.files("test", "demo"), expected(world));
    index
}

fn n_posts(proxy: &FaultProxy) -> usize {
    let log = proxy.log();
    log.iter()
        .filter(|request| request.method == "POST")
        .count()
}

#[test]
fn the_same_bytes_are_adopted_without_a_token() {
    for (tool, upload) in TOOLS {
        let mut world = world_with_a_release();
        let index = uploaded_by(upload, &world);
        let proxy = through_proxy(&mut world, &index);
        world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
        let document = world.run(&PUBLISH).exits(0).json();
        assert_eq!(n_posts(&proxy), 0, "{tool}: {:#?}", proxy.log());
        let steps = document["steps"].as_array().unwrap();
        let step = steps
            .iter()
            .find(|step| step["step"] == "upload:testpypi")
            .unwrap();
        for unit in step["units"].as_array().unwrap() {
            assert_eq!(unit["status"], "adopted", "{tool}: {unit}");
        }
        assert_eq!(index.files("test", "demo"), expected(&world));
    }
}

#[test]
fn what_is_missing_is_sent_and_the_rest_is_adopted() {
    for (tool, upload) in TOOLS {
        let mut world = world_with_a_release();
        let index = TestIndex::start(&world);
        let to = [index.get("test", "upload"), index.get("test", "token")];
        upload(peers(), &world, to, &files_of(&world)[..1]).exits(0);
        let proxy = through_proxy(&mut world, &index);
        world.run(&PUBLISH).exits(0);
        assert_eq!(n_posts(&proxy), 2, "{tool}: {:#?}", proxy.log());
        assert_eq!(index.files("test", "demo"), expected(&world));
    }
}

#[test]
fn other_bytes_are_a_conflict() {
    for (tool, upload) in TOOLS {
        let theirs = world_with_a_release();
        let index = uploaded_by(upload, &theirs);
        let mut ours = world_with_a_release();
        WheelBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "other = 1")
            .build_in(&ours.work().join("dist"));
        let proxy = through_proxy(&mut ours, &index);
        ours.run(&PUBLISH)
            .exits(4)
            .says("demo-1.0-py3-none-any.whl");
        assert_eq!(n_posts(&proxy), 0, "{tool}: {:#?}", proxy.log());
        assert_eq!(index.files("test", "demo"), expected(&theirs));
    }
}

#[test]
fn other_tools_are_refused_what_pubflow_published_with_other_bytes() {
    let mut ours = world_with_a_release();
    let index = TestIndex::start(&ours);
    index.configure(&mut ours);
    ours.run(&PUBLISH).exits(0);
    let theirs = World::new();
    let wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&theirs.work());
    for (tool, upload) in TOOLS {
        let to = [index.get("test", "upload"), index.get("test", "token")];
        let ended = upload(peers(), &theirs, to, std::slice::from_ref(&wheel));
        assert_ne!(ended.code, 0, "{tool}: {}", ended.out);
        assert_eq!(index.files("test", "demo"), expected(&ours));
    }
}
