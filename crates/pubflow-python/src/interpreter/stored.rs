//! The answer of `probe.py`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pubflow_spec::Version;
use serde::Deserialize;
use thiserror::Error;

use super::Interpreter;

#[derive(Deserialize)]
struct Answer {
    executable: PathBuf,
    implementation: String,
    version: String,
    platform: String,
    pointer_bits: u32,
    glibc: Option<String>,
    free_threaded: bool,
    debug: bool,
    pip: Option<String>,
    ensurepip: bool,
    venv: bool,
    markers: BTreeMap<String, String>,
}

/// Why an answer is none.
#[derive(Debug, Error)]
pub(super) enum AnswerError {
    #[error("its answer cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("it gives its version as `{0}`")]
    Version(String),
    #[error("it does not know where it is")]
    NoPath,
}

pub(super) fn read_answer(bytes: &[u8]) -> Result<Interpreter, AnswerError> {
    let answer: Answer = serde_json::from_slice(bytes)?;
    let Ok(version) = Version::parse(&answer.version) else {
        return Err(AnswerError::Version(answer.version));
    };
    if !answer.executable.is_absolute() {
        return Err(AnswerError::NoPath);
    }
    Ok(Interpreter {
        path: answer.executable,
        version,
        implementation: answer.implementation,
        platform: answer.platform,
        pointer_bits: answer.pointer_bits,
        glibc: answer.glibc,
        free_threaded: answer.free_threaded,
        debug: answer.debug,
        pip: answer.pip,
        ensurepip: answer.ensurepip,
        venv: answer.venv,
        markers: answer.markers,
    })
}
