//! Why a child could not be run to its end.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why a child could not be run to its end. A child that ends with a failure status is not an error
/// here: see [`Finished`](crate::Finished).
#[derive(Debug, Error)]
pub enum ProcessError {
    /// There is no such program.
    #[error("program `{program}` was not found")]
    NotFound {
        /// The program as asked for.
        program: String,
    },
    /// The system refused to start it.
    #[error("`{program}` cannot be started: {source}")]
    Start {
        /// The program as asked for.
        program: String,
        /// The system's words.
        source: io::Error,
    },
    /// Its log file cannot be written.
    #[error("log file `{}` cannot be written: {source}", path.display())]
    Log {
        /// The log file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// It cannot be waited for.
    #[error("`{program}` cannot be waited for: {source}")]
    Wait {
        /// The program as asked for.
        program: String,
        /// The system's words.
        source: io::Error,
    },
    /// It did not end in time and was killed with its group.
    #[error("`{program}` did not end within {} s and was killed", limit.as_secs_f64())]
    Deadline {
        /// The program as asked for.
        program: String,
        /// The time it was given.
        limit: Duration,
    },
    /// The caller cancelled it; it was killed with its group.
    #[error("`{program}` was interrupted")]
    Cancelled {
        /// The program as asked for.
        program: String,
    },
}
