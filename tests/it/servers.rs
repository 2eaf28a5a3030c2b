//! Unmodified pypiserver and devpi-server: published to, published to again, looked at, promoted
//! between, installed from.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::peers::{Environment, Set, peers};
use crate::support::{World, base64, exchange, expected, world_with_a_release};

const SERVERS: Set = Set {
    name: "servers",
    pins: &[
        "pypiserver==2.4.2",
        "devpi-server==6.20.3",
        "setuptools==80.9.0",
    ],
    python: (3, 9),
};

/// A server that ends with this value, and the address of its root.
struct Server {
    child: Child,
    root: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago: neither server says which one it took.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a server by `command` for a port and waits until it answers.
fn start(world: &World, program: &Path, arguments: impl Fn(u16) -> Vec<String>) -> Server {
    for _ in 0..3 {
        let port = free_port();
        let mut command = world.foreign(program);
        command
            .args(arguments(port))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Server {
            child: command.spawn().unwrap(),
            root: format!("http://127.0.0.1:{port}"),
        };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(120) {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            if server.child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    panic!("{} does not answer", program.display());
}

fn pypiserver(world: &World, environment: &Environment, folder: &str) -> Server {
    let folder = world.path(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.display().to_string();
    start(world, &environment.tool("pypi-server"), |port| {
        let port = port.to_string();
        let options = [
            "run",
            "-i",
            "127.0.0.1",
            "-p",
            &port,
            "-P",
            ".",
            "-a",
            ".",
            "--disable-fallback",
            &folder,
        ];
        options.map(str::to_owned).to_vec()
    })
}

fn devpi(world: &World, environment: &Environment) -> Server {
    let data = world.path("devpi").display().to_string();
    let init = world
        .foreign(&environment.tool("devpi-init"))
        .args([
            "--serverdir",
            &data,
            "--root-passwd",
            "secret",
            "--no-root-pypi",
        ])
        .output()
        .unwrap();
    assert!(
        init.status.success(),
        "{}",
        String::from_utf8_lossy(&init.stderr)
    );
    let server = start(world, &environment.tool("devpi-server"), |port| {
        let port = port.to_string();
        let options = [
            "--serverdir",
            &data,
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--offline-mode",
        ];
        options.map(str::to_owned).to_vec()
    });
    let login = ask(
        "POST",
        &format!("{}/+login", server.root),
        "",
        &json!({"user": "root", "password": "secret"}),
    );
    let token = login["result"]["password"].as_str().unwrap().to_owned();
    let auth = format!(
        "X-Devpi-Auth: {}\r\n",
        base64(format!("root:{token}").as_bytes())
    );
    let index = json!({"bases": [], "volatile": false, "type": "stage"});
    ask("PUT", &format!("{}/root/dev", server.root), &auth, &index);
    server
}

#[track_caller]
fn ask(method: &str, url: &str, head: &str, body: &Value) -> Value {
    let body = body.to_string();
    let head = format!(
        "{head}Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let (status, answer) = exchange(method, url, &head, &body);
    assert!(
        (200..300).contains(&status),
        "{method} {url}: {status} {answer}"
    );
    serde_json::from_str(&answer).unwrap()
}

/// Lets a world know an index.
fn know(world: &mut World, name: &str, kind: &str, upload: String, simple: String) {
    let upper = name.to_ascii_uppercase();
    world
        .set(&format!("PUBFLOW_INDEX_{upper}_UPLOAD"), upload)
        .set(&format!("PUBFLOW_INDEX_{upper}_SIMPLE"), simple)
        .set(&format!("PUBFLOW_INDEX_{upper}_KIND"), kind);
}

/// The same release with another byte in its wheel.
fn other_bytes(world: &World) -> PathBuf {
    let folder = world.path("other");
    std::fs::create_dir_all(&folder).unwrap();
    pubflow_testkit::WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "other = 1")
        .build_in(&folder);
    let wheel = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    wheel.path()
}

/// Publishes to the index and tries what may happen afterwards: the same again, from elsewhere, with
/// other bytes, a yank.
#[track_caller]
fn check_keeps_a_release(world: &mut World, index: &str, wheel: &Path, n_files: usize) {
    // A wrong password is said to be one, before anything is there.
    if index == "corner" {
        world.set("TWINE_PASSWORD", "wrong");
        world
            .run(&["publish", "--index", index, "--no-verify"])
            .exits(6);
        world.set("TWINE_PASSWORD", "secret");
    }
    let publish = [
        "publish",
        "--index",
        index,
        "--no-verify",
        "--format",
        "json",
    ];
    let first = world.run(&publish).exits(0).json();
    assert_eq!(
        first["landed"].as_array().unwrap().len(),
        n_files,
        "{first}"
    );
    // The very same files again: seen to be there, nothing is sent.
    world.unset("TWINE_PASSWORD");
    world.run(&publish).exits(0);
    world.set("TWINE_PASSWORD", "secret");
    // A machine without memory finds them there as well.
    let elsewhere = world.path("elsewhere").display().to_string();
    let adopted = world
        .run(&[&publish[..], &["--state-dir", &elsewhere]].concat())
        .exits(0)
        .json();
    let upload = adopted["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["step"] == format!("upload:{index}"));
    let units = upload.unwrap()["units"].as_array().unwrap();
    assert!(
        units.iter().all(|unit| unit["status"] == "adopted"),
        "{units:?}"
    );
    assert_eq!(units.len(), n_files);
    // Other bytes under the same name are a conflict and replace nothing.
    let other = wheel.to_str().unwrap();
    world
        .run(&["publish", "--index", index, "--no-verify", other])
        .exits(4)
        .says("raise the version");
    world.run(&publish).exits(0);
    // Neither has a yank, and nothing is deleted in its place.
    world
        .run(&["yank", "demo==1.0", "--reason", "r", "--index", index])
        .exits(1)
        .says("error[E208]");
}

#[test]
fn pypiserver_and_devpi_take_keep_and_hand_on_a_release() {
    let Some(environment) = SERVERS.installed() else {
        return;
    };
    let mut world = world_with_a_release();
    let (corner, shop) = (
        devpi(&world, &environment),
        pypiserver(&world, &environment, "packages"),
    );
    know(
        &mut world,
        "corner",
        "devpi",
        format!("{}/root/dev/", corner.root),
        format!("{}/root/dev/+simple/", corner.root),
    );
    know(
        &mut world,
        "shop",
        "pypiserver",
        format!("{}/", shop.root),
        format!("{}/simple/", shop.root),
    );
    world
        .set("TWINE_USERNAME", "root")
        .set("TWINE_PASSWORD", "secret");
    let (wheel, n_files) = (other_bytes(&world), expected(&world).len());

    for index in ["corner", "shop"] {
        check_keeps_a_release(&mut world, index, &wheel, n_files);
    }

    // From one to the other, with a memory that has seen neither.
    let third = pypiserver(&world, &environment, "packages-2");
    know(
        &mut world,
        "third",
        "pypiserver",
        format!("{}/", third.root),
        format!("{}/simple/", third.root),
    );
    let files: Vec<String> = expected(&world)
        .iter()
        .map(|(name, ..)| format!("dist/{name}"))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let promote = [
        "promote",
        "--from",
        "corner",
        "--to",
        "third",
        "--no-verify",
    ];
    world.run(&[&promote[..], &files].concat()).exits(0);

    // What installers are given.
    let python = peers().environment(&world, "env");
    for server in [
        format!("{}/root/dev/+simple/", corner.root),
        format!("{}/simple/", third.root),
    ] {
        peers()
            .pip_install(&world, &python, [&server, "demo==1.0"])
            .exits(0);
        let uninstall = world
            .foreign(&python)
            .args(["-c", "import demo"])
            .output()
            .unwrap();
        assert!(uninstall.status.success());
    }
}
