//! Who agreed that something is published to PyPI. The addresses are of a domain that can never
//! exist, so a mistake here reaches nobody.

use std::process::{Command, Stdio};

use crate::support::{Ended, TestIndex, World, world_with_a_release};

/// A world whose PyPI is read on loopback, and whose uploads go to a host that cannot exist.
fn world_before_pypi() -> (World, TestIndex) {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    world
        .set(
            "PUBFLOW_INDEX_PYPI_UPLOAD",
            "https://upload.example.invalid/legacy/",
        )
        .set(
            "PUBFLOW_INDEX_PYPI_SIMPLE",
            index.get("production", "simple"),
        )
        .set("PUBFLOW_INDEX_PYPI_TOKEN", "a-token")
        .set("PUBFLOW_INDEX_TESTPYPI_UPLOAD", index.get("test", "upload"))
        .set("PUBFLOW_INDEX_TESTPYPI_SIMPLE", index.get("test", "simple"))
        .set("PUBFLOW_INDEX_TESTPYPI_TOKEN", index.get("test", "token"));
    (world, index)
}

#[test]
fn without_terminal_name_or_yes_nothing_happens_on_pypi() {
    let (world, _index) = world_before_pypi();
    let ended = world.run(&["publish", "--no-verify"]).exits(2);
    let ended = ended
        .says("error[E106]")
        .says("nobody has agreed to publish demo==1.0 to PyPI")
        .says("nothing was sent")
        .says("--yes");
    assert!(
        !ended.err.contains("token:"),
        "a token was read: {}",
        ended.err
    );
    let json = world.run(&["publish", "--no-verify", "--format", "json"]);
    assert_eq!(json.exits(2).json()["error"]["code"], "E106");
    // Nothing was begun either.
    world.run(&["resume"]).exits(0).says("nothing is open");
}

#[test]
fn a_promotion_is_not_agreed_to_by_its_defaults() {
    let (world, _index) = world_before_pypi();
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    world
        .run(&["promote", "--no-verify"])
        .exits(2)
        .says("error[E106]")
        .says("pubflow status demo==1.0")
        .says("--yes");
}

#[test]
fn trial_indexes_never_ask() {
    let (world, index) = world_before_pypi();
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    assert_eq!(index.files("test", "demo").len(), 3);
}

#[test]
fn yes_naming_the_index_or_an_identity_of_the_job_is_consent() {
    for (variable, options) in [
        ("UNUSED", &["--yes"][..]),
        ("UNUSED", &["--pypi"]),
        ("UNUSED", &["--index", "pypi"]),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", &[]),
    ] {
        let (mut world, index) = world_before_pypi();
        world.set(variable, "https://identity.example.invalid/");
        let ended = world.run(&[&["publish", "--no-verify"], options].concat());
        // The uploads cannot arrive; that they were tried is what counts here.
        assert_eq!(ended.code, 5, "{options:?}: {}", ended.err);
        assert!(!ended.err.contains("E106"), "{}", ended.err);
        assert!(index.files("production", "demo").is_empty());
    }
}

/// Runs the program on a terminal of its own, types `answer` when it asks, and gives back what the
/// terminal showed.
fn on_a_terminal(world: &World, arguments: &[&str], answer: &str) -> Ended {
    const DRIVER: &str = r#"
import os, pty, sys
answer, argv = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
shown, asked = b"", False
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if not asked and b"[y/N]" in shown:
        asked = True
        os.write(terminal, answer.encode() + b"\n")
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 99)
"#;
    let program = world.command(arguments);
    let mut command = Command::new("python3");
    command
        .args(["-c", DRIVER, answer])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(world.work())
        .env_clear()
        .envs(program.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    world.wait(command.spawn().unwrap())
}

#[cfg(unix)]
#[test]
fn a_terminal_is_asked_once_with_the_digests_and_no_is_the_end() {
    let (world, index) = world_before_pypi();
    let ended = on_a_terminal(&world, &["publish", "--no-verify"], "n").exits(3);
    assert_eq!(ended.out.matches("[y/N]").count(), 1, "{}", ended.out);
    assert!(
        ended.out.contains("publish demo 1.0 to PyPI?"),
        "{}",
        ended.out
    );
    for file in std::fs::read_dir(world.work().join("dist")).unwrap() {
        let sha256 = pubflow_dist::sha256_file(&file.unwrap().path()).unwrap();
        assert!(ended.out.contains(&sha256.to_string()), "{}", ended.out);
    }
    assert!(
        ended.out.contains("nothing of it was sent"),
        "{}",
        ended.out
    );
    assert!(index.files("production", "demo").is_empty());
}

#[cfg(unix)]
#[test]
fn an_empty_answer_is_no() {
    let (world, _index) = world_before_pypi();
    on_a_terminal(&world, &["publish", "--no-verify"], "").exits(3);
}

#[cfg(unix)]
#[test]
fn yes_on_the_terminal_goes_on_to_the_upload() {
    let (world, _index) = world_before_pypi();
    let ended = on_a_terminal(&world, &["publish", "--no-verify"], "y").exits(5);
    assert!(ended.out.contains("cannot connect"), "{}", ended.out);
}
