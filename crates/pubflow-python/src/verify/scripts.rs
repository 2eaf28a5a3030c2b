//! Runs installed console scripts with `--help`, then `--version`: whether they answer, and whether
//! they stop at a module that is missing.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pubflow_process::{Cancel, Command, Environment, ProcessError, log_tail, run};

use super::VerifyError;
use super::rooms::Rooms;
use crate::environment::PythonEnvironment;

/// What scripts are asked, in order; the first answer is enough.
const QUESTIONS: &[&str] = &["--help", "--version"];
/// Lines of a script's output that are shown.
const SHOWN_LINES: usize = 8;

/// How a script answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// With exit status 0.
    Ok,
    /// With a traceback about a module that is not there.
    Missing(String),
    /// Not, in these words.
    Not {
        /// What it did instead.
        did: String,
        /// The end of its output.
        output: String,
    },
}

/// What scripts are run with.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    /// The environment under test.
    pub(super) environment: &'a PythonEnvironment,
    /// Its directories.
    pub(super) rooms: &'a Rooms,
    /// Variables of foreign code.
    pub(super) variables: &'a Environment,
    /// Time limit of one answer.
    pub(super) limit: Duration,
    /// Scripts asked at a time.
    pub(super) jobs: NonZeroUsize,
    /// Ends it from another thread.
    pub(super) cancel: Option<&'a Cancel>,
}

impl Asking<'_> {
    /// Asks each script; answers in the order of `names`.
    pub(super) fn ask_all(&self, names: &[String]) -> Result<Vec<Answer>, VerifyError> {
        let next = AtomicUsize::new(0);
        let answers = Mutex::new(Vec::with_capacity(names.len()));
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.get().min(names.len()) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(name) = names.get(index) else {
                            return;
                        };
                        let answer = self.ask(index, name);
                        if let Ok(mut answers) = answers.lock() {
                            answers.push((index, answer));
                        }
                    }
                });
            }
        });
        let mut answers = answers.into_inner().unwrap_or_default();
        answers.sort_by_key(|(index, _)| *index);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    fn ask(&self, index: usize, name: &str) -> Result<Answer, VerifyError> {
        let program = self
            .environment
            .scripts()
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let mut first_refusal = None;
        for (n, question) in QUESTIONS.iter().enumerate() {
            let log = self.rooms.file(&format!("script-{index}-{n}.log"));
            match self.ask_once(&program, question, log)? {
                Answer::Not { did, output } => {
                    first_refusal.get_or_insert(Answer::Not { did, output });
                }
                answer => return Ok(answer),
            }
        }
        Ok(first_refusal.unwrap_or(Answer::Ok))
    }

    fn ask_once(
        &self,
        program: &std::path::Path,
        question: &str,
        log: PathBuf,
    ) -> Result<Answer, VerifyError> {
        let command = Command::new(program)
            .arg(question)
            .cwd(self.rooms.work())
            .environment(
                self.variables
                    .clone()
                    .search_first(&self.environment.scripts()),
            )
            .log(&log)
            .deadline(self.limit);
        let did = match run(&command, self.cancel) {
            Ok(finished) if finished.success() => return Ok(Answer::Ok),
            Ok(finished) => format!("`{question}` ends with {}", finished.status),
            Err(ProcessError::Deadline { limit, .. }) => {
                format!("`{question}` does not end within {} s", limit.as_secs())
            }
            Err(ProcessError::Cancelled { program }) => {
                return Err(VerifyError::Process(ProcessError::Cancelled { program }));
            }
            Err(error) => error.to_string(),
        };
        let output = log_tail(&log, SHOWN_LINES);
        Ok(match missing_module(&output) {
            Some(module) => Answer::Missing(module),
            None => Answer::Not { did, output },
        })
    }
}

/// The module that a traceback at the end of some output says was not found.
fn missing_module(output: &str) -> Option<String> {
    let last = output.lines().last()?;
    let rest = last.strip_prefix("ModuleNotFoundError: No module named '")?;
    Some(rest.split('\'').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceback_names_the_module() {
        let output = "  File \"x\"\nModuleNotFoundError: No module named 'demo.cli'; 'demo' is not a package";
        assert_eq!(missing_module(output).as_deref(), Some("demo.cli"));
        assert_eq!(missing_module("usage: demo\nerror: no such option"), None);
        assert_eq!(missing_module(""), None);
    }
}
