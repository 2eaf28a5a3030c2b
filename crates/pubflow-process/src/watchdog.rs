//! Ends a child's process group when pubflow itself dies without having a chance to.
//!
//! A small shell in the group waits on a pipe that only pubflow holds. The system closes the pipe
//! however pubflow ends, a kill included; the shell then kills the group it is in. When the child has
//! ended in the ordinary way the whole group is killed anyway, and the shell with it. A system without
//! process groups or without a shell has no such guard.

use std::process::{Child, ChildStdin};

/// Waits for the end of its input, then kills its own process group.
#[cfg(unix)]
const SCRIPT: &str = "read line; kill -KILL 0";
/// Where POSIX systems have their shell.
#[cfg(unix)]
const SHELL: &str = "/bin/sh";

/// The guard of one process group; dropping it has no effect once the group was killed.
pub(crate) struct Watchdog {
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no guard here"))]
    guard: Option<(Child, ChildStdin)>,
}

impl Watchdog {
    /// Puts a guard into the group that the child with this id leads.
    #[cfg(unix)]
    pub(crate) fn over(leader: u32) -> Self {
        use std::os::unix::process::CommandExt;
        use std::process::{Command, Stdio};

        let guard = i32::try_from(leader).ok().and_then(|group| {
            let mut guard = Command::new(SHELL)
                .args(["-c", SCRIPT])
                .env_clear()
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(group)
                .spawn()
                // A child that has ended already needs none.
                .ok()?;
            let pipe = guard.stdin.take()?;
            Some((guard, pipe))
        });
        Self { guard }
    }

    #[cfg(not(unix))]
    pub(crate) fn over(_leader: u32) -> Self {
        Self { guard: None }
    }

    /// Reaps the guard after its group was killed.
    pub(crate) fn reap(self) {
        if let Some((mut guard, pipe)) = self.guard {
            // It may have moved on before the group was killed; it must not outlive this call.
            let _ = guard.kill();
            let _ = guard.wait();
            drop(pipe);
        }
    }
}
