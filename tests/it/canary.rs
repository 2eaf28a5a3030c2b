//! A token is looked for wherever it could leak: outputs, state, command lines, and the surroundings
//! of the foreign code that a release runs.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;

use pubflow_testkit::WheelBuilder;
use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Nth};

use crate::support::{Ended, TestIndex, World, through_proxy, world_with_a_release};

const CANARY: &str = "pf-canary-5f3a9c1e7b";

/// What the canary looks like on its way: itself, and inside the header that carries it.
fn traces() -> Vec<String> {
    vec![
        CANARY.to_owned(),
        base64_of(format!("__token__:{CANARY}").as_bytes()),
        base64_of(CANARY.as_bytes())
            .trim_end_matches('=')
            .to_owned(),
    ]
}

fn base64_of(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for index in 0..3 {
            bits = bits << 8 | u32::from(*group.get(index).unwrap_or(&0));
        }
        for index in 0..4 {
            let six = (bits >> (18 - 6 * index)) & 63;
            text.push(if index <= group.len() {
                char::from(ALPHABET[six as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[track_caller]
fn assert_clean(text: &str, place: &str) {
    for trace in traces() {
        assert!(!text.contains(&trace), "the token is in {place}: {text}");
    }
}

#[track_caller]
fn assert_clean_below(folder: &Path) {
    for path in files_below(folder) {
        let bytes = std::fs::read(&path).unwrap();
        assert_clean(
            &String::from_utf8_lossy(&bytes),
            &path.display().to_string(),
        );
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(&entry.path()));
        } else if entry.file_type().unwrap().is_file() {
            found.push(entry.path());
        }
    }
    found
}

/// Waits for the program, and looks at the command lines of every process meanwhile where the system
/// shows them.
#[track_caller]
fn watch(world: &World, mut child: Child) -> Ended {
    let processes = Path::new("/proc");
    while child.try_wait().unwrap().is_none() {
        for process in std::fs::read_dir(processes).into_iter().flatten().flatten() {
            if let Ok(line) = std::fs::read(process.path().join("cmdline")) {
                assert_clean(&String::from_utf8_lossy(&line), "a command line");
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let ended = world.wait(child);
    assert_clean(&ended.out, "standard output");
    assert_clean(&ended.err, "standard error");
    assert_clean_below(&world.path("state"));
    assert_clean_below(&world.path("tmp"));
    ended
}

/// A world before an index that knows no canary, and so refuses it.
struct Refusing {
    world: World,
    index: TestIndex,
    proxy: FaultProxy,
}

/// A release, an index, and no token yet.
fn refusing() -> Refusing {
    let mut world = world_with_a_release();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    Refusing {
        world,
        index,
        proxy,
    }
}

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

/// Publishes with the canary from each source.
fn publish_from(source: &str, world: &mut World) -> Child {
    let piped = |command: &mut std::process::Command, input: &str| {
        use std::io::Write as _;
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        child
    };
    match source {
        "file" => {
            let file = world.path("home").join("token");
            std::fs::write(&file, CANARY).unwrap();
            let option = ["--token-file", file.to_str().unwrap()];
            world.start(&[PUBLISH, &option].concat())
        }
        "stdin" => piped(
            &mut world.command(&[PUBLISH, &["--token-file", "-"]].concat()),
            CANARY,
        ),
        variable => {
            world.set(variable, CANARY);
            world.start(PUBLISH)
        }
    }
}

const SOURCES: [&str; 6] = [
    "PUBFLOW_INDEX_TESTPYPI_TOKEN",
    "PUBFLOW_TOKEN",
    "UV_PUBLISH_TOKEN",
    "TWINE_PASSWORD",
    "file",
    "stdin",
];

#[test]
fn a_token_from_any_source_is_sent_and_seen_nowhere_else() {
    for source in SOURCES {
        let Refusing {
            mut world,
            index,
            proxy,
        } = refusing();
        let child = publish_from(source, &mut world);
        let ended = watch(&world, child).exits(6);
        assert!(!ended.err.is_empty());
        let header = format!(
            "Basic {}",
            base64_of(format!("__token__:{CANARY}").as_bytes())
        );
        let sent = proxy
            .log()
            .into_iter()
            .filter_map(|request| request.authorization)
            .collect::<Vec<_>>();
        // It went where it belongs, or the test would look for something that was never there.
        assert!(sent.contains(&header), "{source}: {sent:?}");
        assert!(index.files("test", "demo").is_empty());
    }
}

#[test]
fn a_server_that_echoes_the_token_does_not_get_it_printed() {
    let header = base64_of(format!("__token__:{CANARY}").as_bytes());
    for status in [400, 401, 403, 500] {
        let Refusing {
            mut world, proxy, ..
        } = refusing();
        let mut echo = Canned::new(
            status,
            &format!("you sent Authorization: Basic {header} which is {CANARY} or so"),
        )
        .header("x-echo", &format!("Basic {header}"));
        echo.reason = Some(format!("Basic {header} {CANARY}"));
        proxy.on("POST", "/legacy/", Nth::Every, Fault::Answer(echo));
        let child = publish_from("PUBFLOW_INDEX_TESTPYPI_TOKEN", &mut world);
        let ended = watch(&world, child);
        assert_ne!(ended.code, 0);
        let json = world.run(&[PUBLISH, &["--format", "json"]].concat());
        assert_clean(&json.out, "standard output");
        assert_clean(&json.err, "standard error");
        assert_clean_below(&world.path("state"));
        let shown = world.run(&["status", "--format", "json"]);
        assert_clean(&shown.out, "the status");
    }
}

#[test]
fn a_listing_that_holds_the_token_does_not_get_it_printed() {
    let Refusing {
        mut world, proxy, ..
    } = refusing();
    let rewrite = |mut answer: Canned| {
        answer.status = 500;
        answer.reason = Some(CANARY.to_owned());
        answer.body = format!("{CANARY} {}", base64_of(CANARY.as_bytes())).into_bytes();
        answer
    };
    proxy.on(
        "POST",
        "/legacy/",
        Nth::Every,
        Fault::Rewrite(Arc::new(rewrite)),
    );
    let child = publish_from("PUBFLOW_INDEX_TESTPYPI_TOKEN", &mut world);
    assert_ne!(watch(&world, child).code, 0);
}

/// Variables that hold secrets in the surroundings of a release.
const SECRETS: [&str; 12] = [
    "PUBFLOW_INDEX_TESTPYPI_TOKEN",
    "PUBFLOW_INDEX_CORP_TOKEN",
    "PUBFLOW_INDEX_CORP_NONCE",
    "PUBFLOW_TOKEN",
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "TWINE_PASSWORD",
    "PYPI_API_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "MY_OWN_SECRET",
];

/// Python that writes down what it can see: its environment, its command line, and what the system
/// tells of its ancestors.
fn spy(report: &Path) -> String {
    format!(
        r#"
def _spy():
    import os
    seen = [repr(sorted(os.environ.items()))]
    pid = os.getpid()
    # Root may look into every process, so for root only this one counts.
    for _ in range(8 if os.getuid() else 1):
        for name in ("environ", "cmdline"):
            try:
                with open("/proc/%d/%s" % (pid, name), "rb") as file:
                    seen.append("%d %s %r" % (pid, name, file.read()))
            except OSError as error:
                seen.append("%d %s %r" % (pid, name, error))
        try:
            with open("/proc/%d/stat" % pid) as file:
                pid = int(file.read().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            break
        if pid <= 1 or pid == STOP:
            break
    with open({report:?}, "a") as file:
        file.write("\n".join(seen) + "\n--\n")

STOP = {stop}
_spy()
"#,
        report = report.display().to_string(),
        // The test itself may hold anything; what is looked at ends below it.
        stop = std::process::id(),
    )
}

#[track_caller]
fn assert_spied_nothing(report: &Path) {
    let seen = std::fs::read_to_string(report).expect("the spy ran");
    assert!(seen.contains("environ"), "{seen}");
    assert_clean(&seen, "what foreign code sees");
    for name in SECRETS {
        let shown = format!("'{name}'");
        assert!(!seen.contains(&shown), "{name} is visible: {seen}");
    }
}

#[test]
fn build_hooks_see_no_secret() {
    let mut world = World::new();
    for name in SECRETS {
        world.set(name, CANARY);
    }
    let report = world.path("home").join("seen");
    world.project_with_backend(&spy(&report));
    let child = world.start(&["build", "in-tree"]);
    watch(&world, child).exits(0);
    assert_spied_nothing(&report);
}

#[test]
fn imported_modules_see_no_secret() {
    let mut world = World::new();
    for name in SECRETS {
        world.set(name, CANARY);
    }
    let report = world.path("home").join("seen");
    let wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", spy(&report))
        .build_in(&world.work());
    let child = world.start(&["verify", "--python", "max", wheel.to_str().unwrap()]);
    let ended = watch(&world, child);
    assert!([0, 1].contains(&ended.code), "{}", ended.err);
    assert_spied_nothing(&report);
}

#[test]
fn a_module_imported_during_a_publication_sees_no_secret() {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    world.unset("PUBFLOW_INDEX_TESTPYPI_TOKEN");
    let report = world.path("home").join("seen");
    std::fs::create_dir(world.work().join("dist")).unwrap();
    let _wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", spy(&report))
        .build_in(&world.work().join("dist"));
    let token = index.get("test", "token").to_owned();
    let file = world.path("home").join("token");
    std::fs::write(&file, &token).unwrap();
    let option = ["--token-file", file.to_str().unwrap(), "--python", "max"];
    let ended = world.run(&[&["publish", "--testpypi"][..], &option].concat());
    assert!([0, 7].contains(&ended.code), "{}", ended.err);
    let seen = std::fs::read_to_string(&report).expect("the spy ran");
    assert!(!seen.contains(&token), "{seen}");
    assert!(!ended.err.contains(&token) && !ended.out.contains(&token));
    for path in files_below(&world.path("state")) {
        let bytes = std::fs::read(&path).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains(&token),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_look_for_traces_can_find_them() {
    assert_eq!(base64_of(b"__token__:abc"), "X190b2tlbl9fOmFiYw==");
    let text = format!(
        "Authorization: Basic {}",
        base64_of(format!("__token__:{CANARY}").as_bytes())
    );
    assert!(traces().iter().any(|trace| text.contains(trace)));
}
