//! `pubflow index serve` and its options: data, ports, seeds, rules, the clock, and who may reach it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use pubflow_testkit::WheelBuilder;
use pubflow_testkit::certificates::{AUTHORITY, CERTIFICATE, KEY};
use serde_json::{Value, json};

use crate::support::{TestIndex, World, exchange, world_with_a_release};

/// Writes a seed of one user, who owns a project of one old file, and has a token of one hour.
fn write_seed(world: &World) -> String {
    let fixtures = world.path("work").join("fixtures");
    std::fs::create_dir_all(&fixtures).unwrap();
    let path = WheelBuilder::new("demo", "1.0").build_in(&fixtures);
    let fixture = path.file_name().unwrap().to_str().unwrap();
    let form = [
        ["name", "demo"],
        ["version", "1.0"],
        ["filetype", "bdist_wheel"],
        ["pyversion", "py3"],
    ];
    let seed = json!({
        "format": "index-seed/1",
        "users": [{"name": "ann", "email_verified": true, "second_factor": true, "frozen": false}],
        "tokens": [{"name": "hour", "user": "ann", "scope": "user", "expires_in_s": 3600}],
        "prohibited_names": [], "rate_used": [],
        "projects": [{"name": "demo", "owner": "ann", "releases": [
            {"version": "1.0", "files": [{"fixture": fixture, "form": form}]}]}],
    });
    let file = world.write("seed.json", &seed.to_string());
    file.to_str().unwrap().to_owned()
}

/// A free port; between here and its use nothing else of this test asks for one.
fn free_port() -> String {
    let probe = TcpListener::bind("127.0.0.1:0").unwrap();
    probe.local_addr().unwrap().port().to_string()
}

#[test]
fn a_seed_is_loaded_and_its_secrets_are_written_for_their_owner_alone() {
    let world = World::new();
    let seed = write_seed(&world);
    let credentials = world.path("work").join("credentials.json");
    let options = [
        "--seed",
        &seed,
        "--credentials",
        credentials.to_str().unwrap(),
    ];
    let index = TestIndex::start_with(&world, &options);
    assert_eq!(index.files("production", "demo").len(), 1);
    assert_eq!(index.files("test", "demo").len(), 0);
    let mode = credentials.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let written: Value = serde_json::from_slice(&std::fs::read(&credentials).unwrap()).unwrap();
    let token = written["tokens"]["hour"].as_str().unwrap();
    let burn = json!({"token": token}).to_string();
    // With a seed the recorded answers are given, unless another profile is named.
    let (status, _) = burn_token(&index, &burn);
    assert_eq!(status, 404);
    drop(index);
    let index = TestIndex::start_with(&world, &["--seed", &seed, "--rules", "pypi"]);
    assert_eq!(burn_token(&index, &burn).0, 202);
}

fn burn_token(index: &TestIndex, body: &str) -> (u16, String) {
    let url = format!("{}_/oidc/burn-token", index.get("production", "base"));
    let head = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    exchange("POST", &url, &head, body)
}

#[test]
fn a_seed_that_is_none_is_an_error_that_names_it() {
    let world = World::new();
    let file = world.write("seed.json", "{\"format\": \"other/1\"}");
    let path = file.to_str().unwrap();
    world
        .run(&["index", "serve", "--seed", path])
        .exits(2)
        .says("error[E605]")
        .says("seed.json")
        .says("mend the seed file");
    world
        .run(&["index", "serve", "--credentials", path])
        .exits(2)
        .says("--seed");
    world
        .run(&["index", "serve", "--rules", "nobodys"])
        .exits(2)
        .says("recorded");
}

#[test]
fn the_clock_of_the_index_is_ahead_as_asked() {
    let mut world = world_with_a_release();
    let index = TestIndex::start_with(&world, &["--clock-offset", "864000"]);
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    let listing = index.listing("test", "demo");
    let uploaded = listing["files"][0]["upload-time"].as_str().unwrap();
    let uploaded: jiff::Timestamp = uploaded.parse().unwrap();
    let ahead = uploaded.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((863_000..=864_000).contains(&ahead), "{ahead}");
}

#[test]
fn ports_and_data_are_as_asked_and_what_was_accepted_is_there_again() {
    let mut world = world_with_a_release();
    let data = world.path("data").to_str().unwrap().to_owned();
    let (port, other) = (free_port(), free_port());
    let options = [
        "--data",
        &data,
        "--port",
        &port,
        "--production-port",
        &other,
    ];
    let mut index = TestIndex::start_with(&world, &options);
    for (realm, port) in [("test", &port), ("production", &other)] {
        let expected = format!("http://127.0.0.1:{port}/");
        assert_eq!(index.get(realm, "base"), expected);
    }
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    let before = index.files("test", "demo");
    assert_eq!(before.len(), 3);
    world
        .run(&["index", "serve", "--data", &data])
        .exits(10)
        .says("in use by another embedded index");
    world
        .run(&["index", "serve", "--port", &port])
        .exits(10)
        .says(&format!("cannot listen on port {port}"));
    index.kill();
    let again = TestIndex::start_with(&world, &options);
    assert_eq!(again.files("test", "demo"), before);
    assert_eq!(again.get("test", "token"), index.get("test", "token"));
}

#[test]
fn others_reach_it_over_tls_alone() {
    let world = World::new();
    let certificate = world.write("chain.pem", CERTIFICATE);
    let certificate = certificate.to_str().unwrap();
    let key = world.write("key.pem", KEY);
    let key = key.to_str().unwrap();
    let serve = |options: &[&str]| world.run(&[&["index", "serve"], options].concat());
    serve(&["--listen", "0.0.0.0"])
        .exits(2)
        .says("error[E605]")
        .says("0.0.0.0 is reached from other machines")
        .says("add --tls-certificate and --tls-key");
    let with = |certificate, key| {
        let tls = ["--tls-certificate", certificate, "--tls-key", key];
        [&["--listen", "0.0.0.0"][..], &tls].concat()
    };
    serve(&with(certificate, key))
        .exits(2)
        .says("add --host-name");
    let named = [&with(key, key)[..], &["--host-name", "index.example.com"]].concat();
    serve(&named).exits(2).says("it holds no certificate");
    serve(&["--tls-certificate", certificate])
        .exits(2)
        .says("--tls-key");
    serve(&["--host-name", "evil.example/x"])
        .exits(2)
        .says("host name");
}

#[test]
fn a_release_is_published_over_tls() {
    let mut world = world_with_a_release();
    let certificate = world.write("chain.pem", CERTIFICATE);
    let key = world.write("key.pem", KEY);
    let authority = world.write("authority.pem", AUTHORITY);
    let options = [
        "--tls-certificate",
        certificate.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
    ];
    let index = TestIndex::start_with(&world, &options);
    assert!(
        index
            .get("test", "upload")
            .starts_with("https://127.0.0.1:")
    );
    index.configure(&mut world);
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(5)
        .says("certificate");
    world.set("PUBFLOW_CA_FILE", authority.to_str().unwrap());
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    // The addresses of the files are https too, and what they serve is what was sent.
    world
        .run(&[
            "promote",
            "--from",
            "testpypi",
            "--to",
            "pypi",
            "--yes",
            "--no-verify",
        ])
        .exits(0);
}
