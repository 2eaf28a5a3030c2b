//! Keeps the import phase off the network: an import that needs one fails for users behind a firewall,
//! and one that uses it is nobody's wish. On Linux a network namespace of its own does it, where the
//! system lets us have one; elsewhere the report says that nothing was cut off.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use pubflow_process::{Command, Environment, Inherited, find_program, run};

/// Ways to ask for a network namespace, several to a row: as root, and as anybody.
const WAYS: &[&[&str]] = &[&["--net"], &["--user", "--map-current-user", "--net"]];
/// For the trial; it does nothing but start.
const LIMIT: Duration = Duration::from_secs(10);

/// How children are kept off the network.
#[derive(Debug)]
pub(super) enum Seclusion {
    /// By this program and these arguments, in front of theirs.
    By(OsString, &'static [&'static str]),
    /// Not at all, for this reason.
    Not(&'static str),
}

impl Seclusion {
    /// Finds out what this system lets us do.
    pub(super) fn find(inherited: &Inherited, scratch: &Path) -> Self {
        if !cfg!(target_os = "linux") {
            return Self::Not("this system has no way to do it");
        }
        let (Some(unshare), Some(nothing)) = (
            find_program("unshare", inherited),
            find_program("true", inherited),
        ) else {
            return Self::Not("`unshare` is not installed");
        };
        for way in WAYS {
            let trial = Command::new(&unshare)
                .args(*way)
                .args([&nothing])
                .cwd(scratch)
                .environment(Environment::default())
                .deadline(LIMIT);
            if run(&trial, None).is_ok_and(|finished| finished.success()) {
                return Self::By(unshare.into_os_string(), way);
            }
        }
        Self::Not("this system does not allow it")
    }

    /// A child that runs `program`, off the network where that can be had.
    pub(super) fn command(&self, program: &Path) -> Command {
        match self {
            Self::By(unshare, way) => Command::new(unshare).args(*way).arg(program),
            Self::Not(_) => Command::new(program),
        }
    }

    /// Words for the report, where the network was not cut off.
    pub(super) fn shortcoming(&self) -> Option<&'static str> {
        match self {
            Self::By(..) => None,
            Self::Not(why) => Some(why),
        }
    }
}
