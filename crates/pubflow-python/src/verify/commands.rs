//! The user's own commands, run in the environment under test.

use std::time::Instant;

use pubflow_finding::Finding;
use pubflow_process::{Command, ProcessError, log_tail, run};

use super::VerifyError;
use super::by_hand::quoted;
use super::report::count;
use super::rules::COMMAND_FAILS;
use super::subject::{Trial, scratch_error};

/// Lines of output that a finding quotes.
const SHOWN_LINES: usize = 12;

impl Trial<'_> {
    /// Runs each command in turn, in the empty directory and with the environment's programs first.
    pub(super) fn run_commands(&mut self) -> Result<(), VerifyError> {
        let commands = &self.request.smoke.commands;
        if commands.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        for words in commands {
            if let Some(finding) = self.run_command(words)? {
                self.report.add(finding);
            }
        }
        let detail = count(commands.len(), "command");
        self.report.close("commands", detail, started.elapsed());
        Ok(())
    }

    fn run_command(&self, words: &[String]) -> Result<Option<Finding>, VerifyError> {
        let Some((program, arguments)) = words.split_first() else {
            return Ok(None);
        };
        let scripts = self.environment.scripts();
        let own = scripts.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
        let program = match own.is_file() {
            true => own.into_os_string(),
            false => program.into(),
        };
        let log = self.rooms.file("command.log");
        std::fs::write(&log, b"").map_err(scratch_error)?;
        let command = Command::new(program)
            .args(arguments)
            .cwd(self.rooms.work())
            .environment(self.variables.clone().search_first(&scripts))
            .log(&log)
            .deadline(self.request.limits.command);
        let did = match run(&command, self.request.cancel) {
            Ok(finished) if finished.success() => return Ok(None),
            Ok(finished) => format!("it ends with {}", finished.status),
            Err(ProcessError::Cancelled { program }) => {
                return Err(ProcessError::Cancelled { program }.into());
            }
            Err(ProcessError::Deadline { limit, .. }) => {
                format!("it does not end within {} s", limit.as_secs())
            }
            Err(error) => error.to_string(),
        };
        let shown: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let shown = shown.join(" ");
        let finding = Finding::new(
            &COMMAND_FAILS,
            format!("`{shown}` fails on {}: {did}", self.python),
        );
        let output = log_tail(&log, SHOWN_LINES);
        let finding = match output.is_empty() {
            true => finding.why("it printed nothing"),
            false => finding.why(format!("it printed:\n{output}")),
        };
        let finding = finding
            .next("correct the project, or the command in `smoke.run`")
            .by_hand(format!("PATH=$PWD/pubflow-try/bin:$PATH {shown}"));
        Ok(Some(finding))
    }
}
