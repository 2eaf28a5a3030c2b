//! How uv is called.

use std::path::Path;

use pubflow_process::{Command, Environment};

use super::{Indexes, Network, Sources};
use crate::environment::PythonEnvironment;
use crate::interpreter::Interpreter;

/// Variables that add a place to take distributions from.
const MORE_PLACES: &[&str] = &["UV_INDEX", "UV_EXTRA_INDEX_URL"];

pub(super) fn create(uv: &Path, root: &Path, interpreter: &Interpreter) -> Command {
    Command::new(uv)
        .args([
            "venv",
            "--no-project",
            "--no-python-downloads",
            "--quiet",
            "--python",
        ])
        .arg(&interpreter.path)
        .arg("--")
        .arg(root)
}

pub(super) fn install(
    uv: &Path,
    environment: &PythonEnvironment,
    sources: Sources<'_>,
    variables: Environment,
) -> Command {
    let command = Command::new(uv)
        .args(["pip", "install", "--no-progress", "--python"])
        .arg(environment.python());
    directed(command, sources, variables)
}

/// Writes what the requirements in the file `input` come to into the file `output`.
pub(super) fn resolve(
    uv: &Path,
    interpreter: &Interpreter,
    (input, output): (&Path, &Path),
    sources: Sources<'_>,
    variables: Environment,
) -> Command {
    let command = Command::new(uv)
        .args([
            "pip",
            "compile",
            "--quiet",
            "--no-header",
            "--no-annotate",
            "--generate-hashes",
        ])
        .arg("--python")
        .arg(&interpreter.path)
        .arg("--output-file")
        .arg(output)
        .arg(input);
    let command = match sources.constraints {
        Some(file) => command.arg("--constraint").arg(file),
        None => command,
    };
    directed(command, sources, variables)
}

/// Says where distributions may come from.
fn directed(command: Command, sources: Sources<'_>, mut variables: Environment) -> Command {
    if sources.indexes == Indexes::OneDefault {
        for name in MORE_PLACES {
            variables = variables.without(name);
        }
    }
    let command = command.environment(variables);
    match sources.network {
        Network::Online => command,
        Network::Offline => command.arg("--offline"),
    }
}
