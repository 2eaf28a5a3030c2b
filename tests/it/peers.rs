//! The tools that people use beside pubflow, unmodified and at pinned versions, in an environment
//! under `target/`. Installed once, by the package client as it is configured on the machine.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use pubflow_process::Inherited;
use pubflow_python::interpreter::{self, Interpreter};

use crate::support::{Ended, World};

/// What is installed; the newest versions that still run on CPython 3.8, uv aside, which brings its
/// own program. A change here installs anew.
const PINS: [&str; 3] = ["pip==25.0.1", "uv==0.13.8", "twine==6.1.0"];

/// The installed tools.
pub(crate) struct Peers {
    folder: PathBuf,
}

/// The peers of this checkout, installed by whoever asks first.
pub(crate) fn peers() -> &'static Peers {
    static PEERS: OnceLock<Peers> = OnceLock::new();
    PEERS.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let peers = Peers {
            folder: target.join("peers"),
        };
        fs::create_dir_all(&peers.folder).unwrap();
        // Other test processes wait here; the lock goes with the file.
        let lock = File::create(peers.folder.join("lock")).unwrap();
        lock.lock().unwrap();
        if !peers.are_complete() {
            peers.install();
        }
        peers
    })
}

impl Peers {
    /// Whether exactly the pinned tools are there, on an interpreter that is still there.
    fn are_complete(&self) -> bool {
        fs::read_to_string(self.marker()).is_ok_and(|pins| pins == PINS.join("\n"))
            && self.tool("python").is_file()
            && self.only_uv().join("uv").is_file()
    }

    fn install(&self) {
        let venv = self.folder.join("venv");
        for leftover in [&venv, &self.only_uv()] {
            if leftover.exists() {
                fs::remove_dir_all(leftover).unwrap();
            }
        }
        let interpreter = capable_interpreter();
        let mut make = Command::new(&interpreter.path);
        make.args(["-m", "venv"]);
        if interpreter.ensurepip {
            succeed(make.arg(&venv));
            install_with(Command::new(self.tool("python")).args(["-m", "pip"]));
        } else {
            succeed(make.arg("--without-pip").arg(&venv));
            let mut pip = Command::new(&interpreter.path);
            install_with(pip.args(["-m", "pip", "--python"]).arg(self.tool("python")));
        }
        // pubflow finds uv on its search path; the interpreter of these tools must not be found there.
        fs::create_dir(self.only_uv()).unwrap();
        fs::hard_link(self.tool("uv"), self.only_uv().join("uv")).unwrap();
        fs::write(self.marker(), PINS.join("\n")).unwrap();
    }

    fn marker(&self) -> PathBuf {
        self.folder.join("installed")
    }

    fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("venv/bin").join(name)
    }

    /// A folder that holds uv and nothing else.
    fn only_uv(&self) -> PathBuf {
        self.folder.join("only-uv")
    }

    /// Lets a world's programs find uv, with one cache of downloads for all tests.
    pub(crate) fn offer_uv(&self, world: &mut World) {
        let path = format!("{}:{}", self.only_uv().display(), search_path());
        world.set("PATH", path).set(
            "UV_CACHE_DIR",
            self.folder.join("uv-cache").display().to_string(),
        );
    }

    /// Takes uv away from a world's programs, so that plain pip does the work.
    pub(crate) fn hide_uv(&self, world: &mut World) {
        let without: Vec<PathBuf> = std::env::split_paths(&search_path())
            .filter(|folder| !folder.join("uv").exists())
            .collect();
        let path = std::env::join_paths(without).unwrap();
        world.set("PATH", path.into_string().unwrap()).set(
            "PIP_CACHE_DIR",
            self.folder.join("pip-cache").display().to_string(),
        );
    }

    /// A new empty environment in the world; its interpreter comes back.
    #[track_caller]
    pub(crate) fn environment(&self, world: &World, name: &str) -> PathBuf {
        let folder = world.path(name);
        let made = self.run(
            world,
            "uv",
            &[
                "venv".as_ref(),
                "--quiet".as_ref(),
                "--python".as_ref(),
                self.tool("python").as_os_str(),
                folder.as_os_str(),
            ],
        );
        made.exits(0);
        folder.join("bin/python")
    }

    /// `pip install -i INDEX REQUIREMENT` into an environment.
    pub(crate) fn pip_install(&self, world: &World, python: &Path, what: [&str; 2]) -> Ended {
        let [index, requirement] = what.map(OsStr::new);
        let python = [OsStr::new("--python"), python.as_os_str()];
        let install = ["install", "--no-cache-dir", "-i"].map(OsStr::new);
        self.run(
            world,
            "pip",
            &[&python[..], &install[..], &[index, requirement]].concat(),
        )
    }

    /// `uv pip install --index-url INDEX REQUIREMENT` into an environment.
    pub(crate) fn uv_pip_install(&self, world: &World, python: &Path, what: [&str; 2]) -> Ended {
        let [index, requirement] = what.map(OsStr::new);
        let install = ["pip", "install", "--no-cache", "--index-url"].map(OsStr::new);
        let python = [OsStr::new("--python"), python.as_os_str()];
        self.run(
            world,
            "uv",
            &[&install[..], &[index], &python[..], &[requirement]].concat(),
        )
    }

    /// `twine upload` of files.
    pub(crate) fn twine_upload(&self, world: &World, to: [&str; 2], files: &[PathBuf]) -> Ended {
        let [upload, token] = to;
        let options = [
            "upload",
            "--non-interactive",
            "--disable-progress-bar",
            "--repository-url",
            upload,
            "-u",
            "__token__",
            "-p",
            token,
        ];
        self.run(world, "twine", &with_files(&options, files))
    }

    /// `uv publish` of files.
    pub(crate) fn uv_publish(&self, world: &World, to: [&str; 2], files: &[PathBuf]) -> Ended {
        let [upload, token] = to;
        let options = ["publish", "--publish-url", upload, "--token", token];
        self.run(world, "uv", &with_files(&options, files))
    }

    fn run(&self, world: &World, tool: &str, arguments: &[&OsStr]) -> Ended {
        let mut command = world.foreign(&self.tool(tool));
        command.args(arguments);
        // By hand there is one index, the one that is named.
        for variable in ["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"] {
            command.env_remove(variable);
        }
        world.wait(command.spawn().unwrap())
    }
}

fn with_files<'a>(options: &[&'a str], files: &'a [PathBuf]) -> Vec<&'a OsStr> {
    let options = options.iter().copied().map(OsStr::new);
    options
        .chain(files.iter().map(|file| file.as_os_str()))
        .collect()
}

fn search_path() -> String {
    std::env::var("PATH").unwrap()
}

/// The newest interpreter of the machine that can make an environment and put packages into it.
fn capable_interpreter() -> Interpreter {
    let found = interpreter::find(&Inherited::capture()).unwrap();
    let labels: Vec<String> = found.iter().map(Interpreter::label).collect();
    let can = |python: &&Interpreter| python.venv && (python.ensurepip || python.pip.is_some());
    found.iter().find(can).cloned().unwrap_or_else(|| {
        panic!(
            "the tests need a CPython from 3.8 with venv and pip, on the search path or in pyenv; found: {labels:?}"
        )
    })
}

fn install_with(pip: &mut Command) {
    succeed(
        pip.args(["install", "--disable-pip-version-check", "--quiet"])
            .args(PINS),
    );
}

/// Runs a step of the installation; its words are what a person needs when it fails.
fn succeed(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(
        output.status.success(),
        "the peers cannot be installed: {command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
