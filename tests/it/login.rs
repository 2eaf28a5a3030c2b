//! `login` and `logout`: tokens that are kept on this machine, and what a later command does with
//! them.

use std::fs;

use crate::support::{TestIndex, World, expected, world_with_a_release};

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

/// A world whose index is reached, but whose token is not in the environment.
fn world_without_a_token() -> (World, TestIndex, String) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    let token = index.get("test", "token").to_owned();
    (world, index, token)
}

#[test]
fn a_kept_token_publishes_and_a_forgotten_one_does_not() {
    let (world, index, token) = world_without_a_token();
    world
        .run(PUBLISH)
        .exits(6)
        .says("error[E206]")
        .says("pubflow login");
    let login = [
        "login",
        "--testpypi",
        "--token-file",
        "-",
        "--format",
        "json",
    ];
    let kept = world.run_with_input(&login, &token).exits(0);
    assert!(!kept.out.contains(&token) && !kept.err.contains(&token));
    let document = kept.json();
    assert_eq!(document["index"], "testpypi");
    assert_eq!(document["project"], serde_json::Value::Null);
    let file = world.path("home").join(".local/share/pubflow/tokens.json");
    assert_eq!(document["place"], file.to_str().unwrap());
    assert!(fs::read_to_string(&file).unwrap().contains(&token));

    world
        .run(PUBLISH)
        .exits(0)
        .says("token: the token file of `pubflow login`");
    assert_eq!(index.files("test", "demo"), expected(&world));

    let forgotten = world
        .run(&["logout", "--testpypi", "--format", "json"])
        .exits(0);
    assert_eq!(forgotten.json()["forgotten"].as_array().unwrap().len(), 1);
    assert!(!fs::read_to_string(&file).unwrap().contains(&token));
    let again = world.run(&["logout", "--testpypi"]).exits(0);
    assert!(again.out.contains("no token was kept"), "{}", again.out);
}

#[test]
fn what_cannot_be_kept_is_refused_before_anything_is_written() {
    let (mut world, _index, token) = world_without_a_token();
    world
        .run(&["login", "--testpypi"])
        .exits(2)
        .says("--token-file");
    // The token of the embedded index carries no limits.
    let restrict = [
        "login",
        "--testpypi",
        "--token-file",
        "-",
        "--restrict",
        "demo",
    ];
    world
        .run_with_input(&restrict, &token)
        .exits(2)
        .says("error[E214]");
    world
        .run_with_input(&["login", "--testpypi", "--token-file", "-"], " \n")
        .exits(6);
    // Nor is it a token of PyPI.
    world
        .unset("PUBFLOW_INDEX_PYPI_UPLOAD")
        .unset("PUBFLOW_INDEX_PYPI_SIMPLE");
    world
        .unset("PUBFLOW_INDEX_PYPI_KIND")
        .unset("PUBFLOW_INDEX_PYPI_WEB");
    let other = world.run_with_input(&["login", "--pypi", "--token-file", "-"], &token);
    other.exits(6).says("a token of an embedded index");
    world.set("PUBFLOW_KEYRING", "off");
    world
        .run_with_input(&["login", "--testpypi", "--token-file", "-"], &token)
        .exits(2);
    assert!(!world.path("home").join(".local").exists());
}

#[test]
fn a_pypirc_section_publishes_where_its_address_is_the_index() {
    let (world, index, token) = world_without_a_token();
    let write = |repository: &str| {
        let text = format!(
            "[distutils]\nindex-servers =\n    testpypi\n    pypi\n[testpypi]\nrepository = {repository}\nusername = __token__\npassword = {token}\n[pypi]\nusername = __token__\n"
        );
        fs::write(world.path("home").join(".pypirc"), text).unwrap();
    };
    write("https://packages.example.com/legacy/");
    world
        .run(PUBLISH)
        .exits(6)
        .says("is for https://packages.example.com");
    write(index.get("test", "upload"));
    let published = world.run(PUBLISH).exits(0).says("token: [testpypi] in");
    assert!(!published.err.contains(&token));
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[cfg(unix)]
#[test]
fn the_keyring_command_is_asked_and_gets_no_token_of_ours() {
    use std::os::unix::fs::PermissionsExt as _;
    let (mut world, index, token) = world_without_a_token();
    let bin = world.path("bin");
    fs::create_dir(&bin).unwrap();
    let seen = world.path("seen");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> {0}\nenv >> {0}\n[ \"$3\" = __token__ ] && echo {token}\n",
        seen.display()
    );
    let program = bin.join("keyring");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    world
        .set("PATH", path)
        .set("PUBFLOW_INDEX_OTHER_TOKEN", "canary-in-the-environment");
    world.run(PUBLISH).exits(0).says("token: `keyring get");
    assert_eq!(index.files("test", "demo"), expected(&world));
    let seen = fs::read_to_string(seen).unwrap();
    assert!(
        seen.starts_with(&format!("get {} __token__\n", index.get("test", "upload"))),
        "{seen}"
    );
    assert!(!seen.contains("canary-in-the-environment"), "{seen}");
}
