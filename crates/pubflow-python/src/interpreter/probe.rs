//! Asking an interpreter who it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pubflow_process::{Command, Environment, Inherited, log_tail, run};

use super::{Interpreter, InterpreterError, basis, real, stored};
use crate::cache::Cache;

/// The question, answered through a file.
const SCRIPT: &str = include_str!("probe.py");
/// Ample for a start of an interpreter on a loaded machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// Asks the program at `path` which interpreter it is; one that has not changed since it was asked is
/// not started again.
///
/// # Errors
/// [`InterpreterError::NotAnInterpreter`], [`InterpreterError::Process`],
/// [`InterpreterError::Scratch`].
pub fn probe(path: &Path, inherited: &Inherited) -> Result<Interpreter, InterpreterError> {
    let not_one = |why| InterpreterError::NotAnInterpreter {
        path: path.to_path_buf(),
        why,
    };
    let read = |bytes: &[u8]| stored::read_answer(bytes).map_err(|why| not_one(why.to_string()));
    let cache = Cache::of(inherited);
    let name = path.to_string_lossy();
    let program = basis::of_program(path, inherited);
    if let (Some(cache), Some(program)) = (&cache, &program)
        && let Some(known) = cache.interpreter(&name, program)
        && let Some(answer) = basis::still_true(&known)
        && let Ok(interpreter) = read(answer.as_bytes())
    {
        return Ok(interpreter);
    }
    let bytes = ask(path, inherited)?;
    let interpreter = read(&bytes)?;
    if let (Some(cache), Some(program)) = (cache, program)
        && let Some(value) = basis::with_modules(&bytes)
    {
        cache.remember_interpreter(&name, program, value);
    }
    Ok(interpreter)
}

/// Runs the program at `path`; its answer as it gave it.
fn ask(path: &Path, inherited: &Inherited) -> Result<Vec<u8>, InterpreterError> {
    let scratch =
        tempfile::tempdir_in(inherited.temporary_directory()).map_err(InterpreterError::Scratch)?;
    let answer = scratch.path().join("answer.json");
    let log = scratch.path().join("log");
    std::fs::create_dir(scratch.path().join("tmp")).map_err(InterpreterError::Scratch)?;
    let command = Command::new(path)
        .args(["-I", "-c", SCRIPT])
        .arg(&answer)
        .cwd(scratch.path())
        .environment(Environment::untrusted(inherited, scratch.path()))
        .log(&log)
        .deadline(DEADLINE);
    let finished = run(&command, None)?;
    let not_one = |why| InterpreterError::NotAnInterpreter {
        path: path.to_path_buf(),
        why,
    };
    if !finished.success() {
        let said = log_tail(&log, 1);
        return Err(not_one(format!("{}: {said}", finished.status)));
    }
    std::fs::read(&answer).map_err(|_| not_one("it gave no answer".to_owned()))
}

/// Asks many at once, as many together as there are processors; keeps the order, leaves out those
/// that do not answer and those that are one already answered.
pub(super) fn probe_all(
    candidates: &[PathBuf],
    inherited: &Inherited,
) -> Result<Vec<Interpreter>, InterpreterError> {
    let n_threads = std::thread::available_parallelism().map_or(2, usize::from);
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..n_threads.min(candidates.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(candidate) = candidates.get(index) else {
                        break;
                    };
                    let answer = probe(candidate, inherited);
                    let mut answers = answers
                        .lock()
                        .unwrap_or_else(|poisoned| poisoned.into_inner());
                    answers.push((index, answer));
                }
            });
        }
    });
    let mut answers = answers
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    answers.sort_by_key(|(index, _)| *index);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (_, answer) in answers {
        match answer {
            Ok(one) if seen.insert(real(&one.path)) => found.push(one),
            Err(error @ InterpreterError::Scratch(_)) => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(found)
}
