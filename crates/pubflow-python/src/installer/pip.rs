//! How `venv` and pip are called.
//!
//! An environment gets no pip of its own where the interpreter's can be pointed at it: unpacking one
//! takes longer than most builds.

use std::path::Path;

use pubflow_process::{Command, Environment};

use super::{Indexes, InstallerError, Network, Sources};
use crate::environment::PythonEnvironment;
use crate::interpreter::Interpreter;

/// The first pip that can be pointed at another environment with `--python`.
pub(super) const OLDEST: (u64, u64) = (22, 3);

/// A proxy that answers nobody: the discard port of this machine. pip has no switch that keeps it
/// off the network altogether.
const DEAD_END: &str = "http://127.0.0.1:9";

pub(super) fn create(root: &Path, interpreter: &Interpreter) -> Result<Command, InstallerError> {
    if !interpreter.venv || !(reaches_out(interpreter) || interpreter.ensurepip) {
        return Err(InstallerError::NoPip {
            python: interpreter.path.clone(),
        });
    }
    let command = Command::new(&interpreter.path).args(["-I", "-m", "venv"]);
    let command = if reaches_out(interpreter) {
        command.arg("--without-pip")
    } else {
        command
    };
    Ok(command.arg("--").arg(root))
}

pub(super) fn install(
    environment: &PythonEnvironment,
    sources: Sources<'_>,
    variables: Environment,
) -> Command {
    let interpreter = environment.interpreter();
    let command = if reaches_out(interpreter) {
        Command::new(&interpreter.path)
            .args(["-I", "-m", "pip", "--python"])
            .arg(environment.python())
    } else {
        Command::new(environment.python()).args(["-I", "-m", "pip"])
    };
    directed(command, sources, variables)
}

/// Writes a report of what installing the requirements in the file `input` would come to into the
/// file `output`; none where the interpreter's pip is too old for it.
pub(super) fn resolve(
    interpreter: &Interpreter,
    (input, output): (&Path, &Path),
    sources: Sources<'_>,
    variables: Environment,
) -> Option<Command> {
    if !reaches_out(interpreter) {
        return None;
    }
    // What is asked is not about this interpreter's own modules, and nothing is installed there.
    let variables = variables.set("PIP_BREAK_SYSTEM_PACKAGES", "1");
    let command = Command::new(&interpreter.path).args(["-I", "-m", "pip"]);
    let command = directed(command, sources, variables)
        .args(["--dry-run", "--ignore-installed", "--report"])
        .arg(output)
        .arg("-r")
        .arg(input);
    Some(match sources.constraints {
        Some(file) => command.arg("--constraint").arg(file),
        None => command,
    })
}

/// Completes a call of pip up to what is to be installed.
fn directed(command: Command, sources: Sources<'_>, mut variables: Environment) -> Command {
    // An empty value switches off what a configuration file says.
    variables = variables
        .set("PIP_USER", "0")
        .set("PIP_REQUIRE_VIRTUALENV", "0");
    for name in ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"] {
        variables = variables.set(name, "");
    }
    if sources.indexes == Indexes::OneDefault {
        variables = variables.set("PIP_EXTRA_INDEX_URL", "");
    }
    let mut command = command.args([
        "--no-input",
        "--disable-pip-version-check",
        "install",
        "--no-warn-script-location",
        "--no-compile",
        "--progress-bar=off",
    ]);
    if sources.network == Network::Offline {
        command = command.arg("--no-index");
        variables = off_the_network(variables);
    }
    command.environment(variables)
}

/// Whether the interpreter's own pip can install into another environment.
fn reaches_out(interpreter: &Interpreter) -> bool {
    let Some(version) = &interpreter.pip else {
        return false;
    };
    let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
    matches!((parts.next(), parts.next()), (Some(Some(major)), Some(Some(minor))) if (major, minor) >= OLDEST)
}

/// Keeps local directories to find distributions in and closes every way out.
fn off_the_network(mut variables: Environment) -> Environment {
    let places = variables
        .get("PIP_FIND_LINKS")
        .map(|value| value.to_string_lossy().into_owned())
        .unwrap_or_default();
    let local: Vec<&str> = places
        .split_whitespace()
        .filter(|place| !place.contains("://") || place.starts_with("file:"))
        .collect();
    variables = variables
        .set("PIP_FIND_LINKS", local.join(" "))
        .set("PIP_PROXY", DEAD_END)
        .set("PIP_RETRIES", "0");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        variables = variables
            .set(name, DEAD_END)
            .set(name.to_lowercase(), DEAD_END);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        variables = variables.without(name);
    }
    variables
}
