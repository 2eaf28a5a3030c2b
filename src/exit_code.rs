//! The exit codes, a contract with scripts.

/// How a run ended, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// Done, or nothing to do.
    Done = 0,
    /// Findings, a gate that failed or a refused build; nothing landed.
    Findings = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Waiting for a person or a time.
    Waiting = 3,
    /// Other bytes stand under our name.
    Conflict = 4,
    /// The remote cannot be reached; nothing landed.
    Unreachable = 5,
    /// Not authorised.
    Unauthorised = 6,
    /// Something irreversible landed and work is open.
    Open = 7,
    /// Another run holds the lock.
    Locked = 8,
    /// The recorded state is damaged.
    Damaged = 9,
    /// This machine cannot: no Python, disk full, read-only state.
    Machine = 10,
    /// Interrupted with nothing landed.
    Interrupted = 130,
}

impl ExitCode {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}
