//! Starts every child of pubflow: argument vector, cleaned environment, own process group, deadline
//! and bounded output.
//!
//! What a child prints goes to a file, never through a pipe that somebody waits on, so a process
//! that a child leaves behind can hold its output open for as long as it likes. When the child ends,
//! whatever is left of its process group is killed; when pubflow itself is killed, the group is too.
//! Standard input is always empty.
//!
//! What to run and what its result means is left to the callers. A process that leaves its group on
//! purpose (a daemon) survives; callers therefore take files over by digest before they rely on them.

mod child;
mod command;
mod environment;
mod error;
mod inherited;
mod log;
mod scratch;
mod secret_output;
mod watchdog;

pub use command::{Cancel, Command, Exit, Finished, run};
pub use environment::Environment;
pub use error::ProcessError;
pub use inherited::{Inherited, find_program};
pub use log::log_tail;
pub use scratch::Scratch;
pub use secret_output::secret_output;

/// Makes this process unreadable to its own children: no debugger attach and no look into its memory
/// or environment through `/proc`. Does nothing where the system has no such switch.
///
/// # Errors
/// The system's refusal.
pub fn hide_own_process() -> std::io::Result<()> {
    child::hide_own_process()
}
