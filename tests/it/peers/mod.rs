//! The tools that people use beside pubflow, unmodified and at pinned versions, in an environment
//! under `target/`. Installed once, by the package client as it is configured on the machine.

mod set;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pubflow_python::interpreter;

pub(crate) use set::{Environment, Set};

use crate::support::{Ended, World};

/// The newest versions that still run on CPython 3.8, uv aside, which brings its own program.
const TOOLS: Set = Set {
    name: "tools",
    pins: &["pip==25.0.1", "uv==0.13.8", "twine==6.1.0"],
    python: interpreter::OLDEST,
};

/// The installed tools.
pub(crate) struct Peers {
    environment: Environment,
}

/// The peers of this checkout, installed by whoever asks first.
pub(crate) fn peers() -> &'static Peers {
    static PEERS: OnceLock<Peers> = OnceLock::new();
    PEERS.get_or_init(|| {
        let environment = TOOLS.installed().expect(
            "the tests need a CPython from 3.8 with venv and pip, on the search path or in pyenv",
        );
        let peers = Peers { environment };
        // pubflow finds uv on its search path; the interpreter of these tools must not be found there.
        let uv = peers.only_uv().join("uv");
        fs::create_dir_all(peers.only_uv()).unwrap();
        if !uv.is_file()
            || fs::metadata(&uv).unwrap().ino() != fs::metadata(peers.tool("uv")).unwrap().ino()
        {
            let beside = peers.only_uv().join(format!("uv.{}", std::process::id()));
            fs::hard_link(peers.tool("uv"), &beside).unwrap();
            fs::rename(&beside, &uv).unwrap();
        }
        peers
    })
}

impl Peers {
    fn tool(&self, name: &str) -> PathBuf {
        self.environment.tool(name)
    }

    /// A folder that holds uv and nothing else.
    fn only_uv(&self) -> PathBuf {
        self.environment.folder().join("only-uv")
    }

    /// Lets a world's programs find uv, with one cache of downloads for all tests.
    pub(crate) fn offer_uv(&self, world: &mut World) {
        let path = format!("{}:{}", self.only_uv().display(), search_path());
        world.set("PATH", path).set(
            "UV_CACHE_DIR",
            self.environment
                .folder()
                .join("uv-cache")
                .display()
                .to_string(),
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
            self.environment
                .folder()
                .join("pip-cache")
                .display()
                .to_string(),
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

    pub(crate) fn run(&self, world: &World, tool: &str, arguments: &[&OsStr]) -> Ended {
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
