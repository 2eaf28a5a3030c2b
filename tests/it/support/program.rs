//! The program, run as a user runs it, in a world of its own: home, state and working directory.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A scratch directory with a home, a state directory and a place to work in.
pub(crate) struct World {
    scratch: TempDir,
    environment: BTreeMap<String, String>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Exit status; -1 for a signal.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ended {
    /// Asserts the exit status and shows both streams when it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    /// Asserts that standard error holds `text`.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.err.contains(text),
            "no {text:?} in\n{}\nstdout:\n{}",
            self.err,
            self.out
        );
        self
    }

    /// Asserts that standard error does not hold `text`.
    #[track_caller]
    pub(crate) fn omits(self, text: &str) -> Self {
        assert!(!self.err.contains(text), "{text:?} in\n{}", self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| {
            panic!(
                "{error}: stdout is no JSON:\n{}\nstderr:\n{}",
                self.out, self.err
            )
        })
    }
}

impl World {
    /// An empty world: `work/` is the working directory.
    pub(crate) fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        for folder in ["home", "state", "work", "tmp"] {
            std::fs::create_dir(scratch.path().join(folder)).unwrap();
        }
        let path = |name: &str| scratch.path().join(name).display().to_string();
        let mut environment: BTreeMap<String, String> = std::env::vars()
            .filter(|(name, _)| {
                // What the package client of this machine needs stays; what a CI run would add goes.
                name == "PATH"
                    || name.starts_with("PIP_")
                    || (name.starts_with("UV_") && !name.starts_with("UV_PUBLISH"))
                    || name.starts_with("PYENV")
                    || name.starts_with("SSL_")
                    || name.starts_with("LANG")
                    || name.ends_with("_proxy")
                    || name.ends_with("_PROXY")
            })
            .collect();
        for (variable, file) in client_configuration() {
            environment.entry(variable).or_insert(file);
        }
        environment.insert("HOME".into(), path("home"));
        // Environments of build backends are the same for all tests.
        let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");
        environment.insert("PUBFLOW_CACHE_DIR".into(), cache.into());
        environment.insert("PUBFLOW_STATE_DIR".into(), path("state"));
        environment.insert("TMPDIR".into(), path("tmp"));
        environment.insert("NO_COLOR".into(), "1".into());
        // The keyring of whoever runs the tests is none of their business.
        environment.insert("PUBFLOW_KEYRING".into(), "file".into());
        Self {
            scratch,
            environment,
        }
    }

    /// A folder of the world.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The working directory.
    pub(crate) fn work(&self) -> PathBuf {
        self.path("work")
    }

    /// Sets a variable for every later run.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Takes a variable away from every later run.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.environment.remove(name);
        self
    }

    /// Writes a file below the working directory, with its folders.
    pub(crate) fn write(&self, path: &str, content: &str) -> PathBuf {
        let path = self.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program with its arguments, ready to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.foreign(Path::new(env!("CARGO_BIN_EXE_pubflow")));
        command.args(arguments);
        command
    }

    /// Another program in this world, ready for its arguments.
    pub(crate) fn foreign(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.work())
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.wait(self.start(arguments))
    }

    /// Runs the program to its end, started in another directory.
    pub(crate) fn run_in(&self, directory: &Path, arguments: &[&str]) -> Ended {
        self.wait(
            self.command(arguments)
                .current_dir(directory)
                .spawn()
                .unwrap(),
        )
    }

    /// Runs the program with a text on its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        self.wait(child)
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Waits for a started program.
    pub(crate) fn wait(&self, child: Child) -> Ended {
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Copies a sample project of the repository into the working directory.
    pub(crate) fn project(&self, name: &str) -> PathBuf {
        let target = self.work().join(name);
        copy_tree(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("testdata/projects")
                .join(name),
            &target,
        );
        target
    }
}

/// The user's own settings of pip and uv, which would be lost with the home directory: without them
/// a machine that reaches its packages by a mirror reaches none.
fn client_configuration() -> Vec<(String, String)> {
    let Some(home) = std::env::var_os("HOME").map(PathBuf::from) else {
        return Vec::new();
    };
    let settings =
        std::env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
    [
        ("PIP_CONFIG_FILE", settings.join("pip/pip.conf")),
        ("PIP_CONFIG_FILE", home.join(".pip/pip.conf")),
        ("UV_CONFIG_FILE", settings.join("uv/uv.toml")),
    ]
    .into_iter()
    .filter(|(_, file)| file.is_file())
    .map(|(variable, file)| (variable.to_owned(), file.display().to_string()))
    .collect()
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
