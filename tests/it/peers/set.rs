//! Named sets of pinned tools, each in an environment of its own under `target/peers/NAME`.
//!
//! A set is installed by the first test that asks for it, by pip as it is configured on the machine,
//! and anew when its pins change.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pubflow_process::Inherited;
use pubflow_python::interpreter::{self, Interpreter};

/// Tools at pinned versions that live in one environment.
pub(crate) struct Set {
    /// Name of its folder.
    pub(crate) name: &'static str,
    /// What pip is told to install, such as `twine==6.1.0`.
    pub(crate) pins: &'static [&'static str],
    /// The oldest CPython that these versions run on.
    pub(crate) python: (u64, u64),
}

/// An installed set.
#[derive(Clone)]
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Set {
    /// The environment of the set.
    ///
    /// None where no interpreter of the machine is new enough; that is said aloud, and is a failure
    /// in CI, where a test that is left out must not look like one that passed.
    pub(crate) fn installed(&self) -> Option<Environment> {
        let (major, minor) = self.python;
        let found = interpreter::find(&Inherited::capture()).unwrap();
        let can = |python: &&Interpreter| python.venv && (python.ensurepip || python.pip.is_some());
        let new_enough = |python: &&Interpreter| can(python) && python.minor() >= self.python;
        let Some(interpreter) = found.iter().find(new_enough) else {
            let labels: Vec<String> = found.iter().map(Interpreter::label).collect();
            let message = format!(
                "the peers `{}` need a CPython from {major}.{minor} with venv and pip; found: {labels:?}",
                self.name
            );
            assert!(std::env::var_os("CI").is_none(), "{message}");
            eprintln!("LEFT OUT: {message}");
            return None;
        };
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let environment = Environment {
            folder: target.join("peers").join(self.name),
        };
        fs::create_dir_all(&environment.folder).unwrap();
        // Other test processes wait here; the lock goes with the file.
        let lock = File::create(environment.folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let marker = environment.folder.join("installed");
        let wanted = self.pins.join("\n");
        let is_there = fs::read_to_string(&marker).is_ok_and(|pins| pins == wanted)
            // An interpreter that was taken off the machine leaves a link to nothing.
            && environment.tool("python").is_file();
        if !is_there {
            environment.install(interpreter, self.pins);
            fs::write(marker, wanted).unwrap();
        }
        Some(environment)
    }
}

impl Environment {
    /// The path of one of its programs, `python` among them.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("venv/bin").join(name)
    }

    /// The folder that all of the set lies in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn install(&self, interpreter: &Interpreter, pins: &[&str]) {
        let venv = self.folder.join("venv");
        if venv.exists() {
            fs::remove_dir_all(&venv).unwrap();
        }
        let mut make = Command::new(&interpreter.path);
        make.args(["-m", "venv"]);
        let mut pip = if interpreter.ensurepip {
            succeed(make.arg(&venv));
            let mut pip = Command::new(self.tool("python"));
            pip.args(["-m", "pip"]);
            pip
        } else {
            succeed(make.arg("--without-pip").arg(&venv));
            let mut pip = Command::new(&interpreter.path);
            pip.args(["-m", "pip", "--python"]).arg(self.tool("python"));
            pip
        };
        let quiet = ["install", "--disable-pip-version-check", "--quiet"];
        succeed(pip.args(quiet).args(pins));
    }
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
