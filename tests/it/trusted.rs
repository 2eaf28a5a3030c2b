//! Trusted publishing and attestations, the CI system and the minting played by the proxy.

use std::fs;

use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Nth};
use serde_json::{Value, json};

use crate::support::{TestIndex, World, expected, through_proxy, world_with_a_release};

const PUBLISH: [&str; 3] = ["publish", "--testpypi", "--no-verify"];

fn answer(status: u16, body: &Value) -> Fault {
    Fault::Answer(Canned::new(status, &body.to_string()).header("content-type", "application/json"))
}

/// An identity token, not signed: `{}.CLAIMS.canary` in base64.
fn identity() -> String {
    // {"repository": "octo/demo", "repository_owner": "octo"}
    "e30.eyJyZXBvc2l0b3J5IjogIm9jdG8vZGVtbyIsICJyZXBvc2l0b3J5X293bmVyIjogIm9jdG8ifQ.canary"
        .to_owned()
}

/// A job of a CI system that signs identities, and an index that mints as `mint` says.
fn job(mint: impl Fn(&TestIndex) -> Fault) -> (World, TestIndex, FaultProxy) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    world
        .unset("PUBFLOW_INDEX_TESTPYPI_TOKEN")
        .set(
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            format!("{}ci?x=1", proxy.base()),
        )
        .set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ci-bearer");
    proxy.on(
        "GET",
        "/_/oidc/audience",
        Nth::Every,
        answer(200, &json!({"audience": "testpypi"})),
    );
    proxy.on(
        "GET",
        "/ci?x=1&audience=testpypi",
        Nth::Every,
        answer(200, &json!({"value": identity()})),
    );
    proxy.on("POST", "/_/oidc/mint-token", Nth::Every, mint(&index));
    proxy.on(
        "POST",
        "/_/oidc/burn-token",
        Nth::Every,
        answer(202, &Value::Null),
    );
    (world, index, proxy)
}

fn minting(index: &TestIndex, life: u64) -> Fault {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let token = index.get("test", "token");
    answer(
        200,
        &json!({"success": true, "token": token, "expires": now + life}),
    )
}

fn n_requests(proxy: &FaultProxy, path: &str) -> usize {
    let log = proxy.log();
    log.iter()
        .filter(|request| request.path.contains(path))
        .count()
}

#[test]
fn a_job_publishes_with_what_the_index_mints_for_it_and_burns_it() {
    let (world, index, proxy) = job(|index| minting(index, 900));
    let ended = world
        .run(&PUBLISH)
        .exits(0)
        .says("token: trusted publishing (GitHub Actions)");
    assert_eq!(index.files("test", "demo"), expected(&world));
    assert_eq!(n_requests(&proxy, "/_/oidc/mint-token"), 1);
    assert_eq!(n_requests(&proxy, "/_/oidc/burn-token"), 1);
    for secret in [index.get("test", "token"), "canary", "ci-bearer"] {
        assert!(
            !ended.err.contains(secret) && !ended.out.contains(secret),
            "{}",
            ended.err
        );
    }
    // Nothing is sent, so nothing is minted.
    world.run(&PUBLISH).exits(0);
    assert_eq!(n_requests(&proxy, "/_/oidc/mint-token"), 1);
}

#[test]
fn a_token_that_is_about_to_end_is_minted_anew_for_each_file() {
    let (world, index, proxy) = job(|index| minting(index, 60));
    world.run(&PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
    // Once to begin with, and once before each of three files.
    assert_eq!(n_requests(&proxy, "/_/oidc/mint-token"), 4);
    assert_eq!(n_requests(&proxy, "/_/oidc/burn-token"), 4);
}

fn refusal(code: &str, description: &str) -> Fault {
    answer(
        422,
        &json!({"message": "Token request failed", "errors": [{"code": code, "description": description}]}),
    )
}

#[test]
fn an_unregistered_publisher_is_shown_its_claims_and_the_next_source_serves() {
    let (world, index, proxy) = job(|_| refusal("invalid-publisher", "no publisher"));
    world
        .run(&PUBLISH)
        .exits(6)
        .says("repository name     demo")
        .says("owner               octo")
        .omits("canary");
    let text = format!(
        "[testpypi]\nrepository = {}\npassword = {}\n",
        proxy.base(),
        index.get("test", "token")
    );
    fs::write(world.path("home").join(".pypirc"), text).unwrap();
    world
        .run(&PUBLISH)
        .exits(0)
        .says("no publisher")
        .says("token: [testpypi]");
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn any_other_refusal_stops_although_a_leftover_token_is_there() {
    let (world, index, proxy) = job(|_| refusal("invalid-reuse-token", "already used"));
    let text = format!(
        "[testpypi]\nrepository = {}\npassword = {}\n",
        proxy.base(),
        index.get("test", "token")
    );
    fs::write(world.path("home").join(".pypirc"), text).unwrap();
    world
        .run(&PUBLISH)
        .exits(6)
        .says("already used")
        .says("run the job again");
    assert!(index.files("test", "demo").is_empty());
    let (world, _index, _proxy) = job(|_| Fault::Answer(Canned::new(503, "busy")));
    world.run(&PUBLISH).exits(5);
}

/// An attestation with one member wrong or none.
fn attestation(name: &str, sha256: &str) -> String {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": sha256}}],
        "predicateType": "https://slsa.dev/provenance/v1", "predicate": null,
    });
    json!({
        "version": 1,
        "verification_material": {"certificate": "AAAA", "transparency_entries": [{}]},
        "envelope": {"statement": crate::support::base64(statement.to_string().as_bytes()), "signature": "AAAA"},
    })
    .to_string()
}

#[test]
fn attestations_go_along_where_the_index_takes_them_and_dist_stays_as_it_is() {
    let (world, index, _proxy) = job(|index| minting(index, 900));
    let dist = world.work().join("dist");
    let (name, sha256, _) = expected(&world).remove(0);
    let beside = dist.join(format!("{name}.publish.attestation"));
    fs::write(&beside, attestation(&name, &"0".repeat(64))).unwrap();
    world
        .run(&PUBLISH)
        .exits(1)
        .says("error[E216]")
        .says(&"0".repeat(64));
    assert!(index.files("test", "demo").is_empty());

    fs::write(&beside, attestation(&name, &sha256)).unwrap();
    let before: Vec<_> = fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    world.run(&PUBLISH);
    let after: Vec<_> = fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(before.len(), after.len());
}
