//! Asks the installer whether requirements can be resolved, without installing anything, and tells
//! requirements that cannot be met from an index that cannot be reached.

use pubflow_process::{Command, Environment, Inherited, find_program, log_tail, run};

use super::VerifyError;
use crate::environment::PythonEnvironment;
use crate::installer::{Indexes, Installer, Job};

/// Lines at the end of the log that are searched; pip tells of a connection before it tries others.
const SEARCHED_LINES: usize = 400;

/// Words of pip and uv about a machine or a network that does not work, as against requirements that
/// cannot be met.
const MACHINE_WORDS: &[&str] = &[
    "Temporary failure in name resolution",
    "Name or service not known",
    "nodename nor servname",
    "Failed to establish a new connection",
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Read timed out",
    "ProxyError",
    "SSLError",
    "certificate verify failed",
    "Connection refused",
    "Connection reset",
    "Network is unreachable",
    "connection error: ",
    "error sending request",
    "dns error",
    "tcp connect error",
    "operation timed out",
    "No space left on device",
    "Read-only file system",
    "Permission denied",
    "Too many open files",
    "network was disabled",
    "401 ",
    "403 ",
    "500 ",
    "502 ",
    "503 ",
    "504 ",
];

/// Whether an installer's log tells that this machine or its network is at fault.
pub(super) fn blames_machine(log: &str) -> bool {
    MACHINE_WORDS.iter().any(|words| log.contains(words))
}

/// The installer's last words where the requirements cannot be resolved; none when they can.
///
/// # Errors
/// [`VerifyError::Dependencies`] when the index cannot be reached, [`VerifyError::Process`].
pub(super) fn refusal(
    (installer, inherited, indexes): (&Installer, &Inherited, Indexes),
    environment: &PythonEnvironment,
    requirements: &[String],
    job: Job<'_>,
) -> Result<Option<String>, VerifyError> {
    let variables = Environment::installer(inherited);
    let variables = match indexes {
        Indexes::Configured => variables,
        Indexes::OneDefault => variables
            .without("UV_INDEX")
            .without("UV_EXTRA_INDEX_URL")
            .set("PIP_EXTRA_INDEX_URL", ""),
    };
    let command = match find_program("uv", inherited).filter(|_| installer.name() == "uv") {
        Some(uv) => {
            Command::new(uv).args(["pip", "install", "--dry-run", "--no-progress", "--python"])
        }
        None => Command::new(&environment.interpreter().path).args(["-I", "-m", "pip", "--python"]),
    };
    let command = command.arg(environment.python());
    let command = match installer.name() {
        "uv" => command,
        _ => command.args([
            "--no-input",
            "--disable-pip-version-check",
            "install",
            "--dry-run",
            "--progress-bar=off",
            // Without it pip is silent about a connection that it does not try again.
            "-vv",
        ]),
    };
    let command = command
        .arg("--")
        .args(requirements)
        .cwd(environment.root())
        .environment(variables)
        .log(job.log)
        .deadline(job.deadline);
    // One file serves many questions.
    std::fs::write(job.log, b"").map_err(|source| VerifyError::Scratch { source })?;
    if run(&command, job.cancel)?.success() {
        return Ok(None);
    }
    let log = log_tail(job.log, SEARCHED_LINES);
    if blames_machine(&log) {
        return Err(VerifyError::Dependencies { log });
    }
    Ok(Some(log))
}
