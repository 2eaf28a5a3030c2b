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
    sources: Sources,
    mut variables: Environment,
) -> Command {
    if sources.indexes == Indexes::OneDefault {
        for name in MORE_PLACES {
            variables = variables.without(name);
        }
    }
    let command = Command::new(uv)
        .args(["pip", "install", "--no-progress", "--python"])
        .arg(environment.python())
        .environment(variables);
    match sources.network {
        Network::Online => command,
        Network::Offline => command.arg("--offline"),
    }
}
