//! Children whose output is a secret: it comes through a pipe and is never in a file.

use std::io::Read as _;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::child::{Group, in_own_group};
use crate::{Environment, ProcessError};

/// More than any password; a child that prints more is not the one that was meant.
const LONGEST_BYTES: u64 = 64 * 1024;

/// What a program prints, as bytes; none when it ends with a failure status. Its errors go nowhere:
/// they might quote the secret.
///
/// # Errors
/// [`ProcessError`]: it cannot be started or watched, or did not end in time.
pub fn secret_output(
    program: &std::path::Path,
    arguments: &[&str],
    environment: &Environment,
    limit: Duration,
) -> Result<Option<Vec<u8>>, ProcessError> {
    let name = || program.display().to_string();
    let mut command = std::process::Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    in_own_group(&mut command);
    let mut child = command.spawn().map_err(|source| ProcessError::Start {
        program: name(),
        source,
    })?;
    let output = child.stdout.take();
    let wait_error = |source| ProcessError::Wait {
        program: name(),
        source,
    };
    let group = Group::new(child).map_err(wait_error)?;
    let (read, was_read) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let outcome = match output {
            Some(output) => output.take(LONGEST_BYTES).read_to_end(&mut bytes).map(drop),
            None => Ok(()),
        };
        // Nobody waits any more after the deadline.
        let _ = read.send(outcome.map(|()| bytes));
    });
    let outcome = was_read.recv_timeout(limit);
    let Ok(outcome) = outcome else {
        group.end().map_err(wait_error)?;
        return Err(ProcessError::Deadline {
            program: name(),
            limit,
        });
    };
    // It has closed its output; whatever it still does, it is not waited for long.
    let mut group = group;
    for _ in 0..100 {
        if group.has_ended().map_err(wait_error)? {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let status = group.end().map_err(wait_error)?;
    let bytes = outcome.map_err(wait_error)?;
    Ok(status.success().then_some(bytes))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::Inherited;

    fn shell(script: &str, limit: Duration) -> Result<Option<Vec<u8>>, ProcessError> {
        let environment = Environment::installer(&Inherited::capture());
        let sh = std::path::Path::new("/bin/sh");
        secret_output(sh, &["-c", script], &environment, limit)
    }

    #[test]
    fn what_a_child_prints_comes_back_and_its_errors_do_not() {
        let long = Duration::from_secs(60);
        let output = shell("echo canary; echo noise >&2", long).unwrap();
        assert_eq!(output.as_deref(), Some(&b"canary\n"[..]));
        assert_eq!(shell("echo canary; exit 1", long).unwrap(), None);
    }

    #[test]
    fn a_child_that_never_ends_is_killed() {
        let error = shell("sleep 600", Duration::from_millis(200)).unwrap_err();
        assert!(matches!(error, ProcessError::Deadline { .. }), "{error}");
    }
}
