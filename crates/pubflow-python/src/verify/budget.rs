//! Compares times with the budgets of the project.

use std::time::Duration;

use pubflow_finding::Finding;

use super::VerifyError;
use super::modules::Standing;
use super::report::count;
use super::rules::OVER_BUDGET;
use super::runner::{Ran, Work};
use super::stored::Kind;
use super::subject::{Promise, Trial};

/// How often an import that is too slow is measured again: a busy machine is slow once.
const MORE_MEASUREMENTS: usize = 2;

impl Trial<'_> {
    /// Judges the time that the installation took, dependencies included.
    pub(super) fn judge_install_time(&mut self, took: Duration) {
        let budget = self.request.smoke.budgets.install;
        if let Some(budget) = budget.filter(|budget| took > *budget) {
            let what = format!("the installation on {} took", self.python);
            self.report.add(over(&what, took, budget));
        }
    }

    /// Judges the time that each top-level module took.
    pub(super) fn judge_import_times(
        &mut self,
        promise: &Promise,
        ran: &Ran,
    ) -> Result<(), VerifyError> {
        let Some(budget) = self.request.smoke.budgets.import else {
            return Ok(());
        };
        let tops = promise.modules.imported.iter();
        let tops: Vec<&String> = tops
            .filter(|(_, standing)| *standing == Standing::TopLevel)
            .map(|(name, _)| name)
            .collect();
        let mut spent = Duration::ZERO;
        for name in &tops {
            let Some(first) = seconds_of(ran, name) else {
                continue;
            };
            spent += first;
            let took = match first > budget {
                true => self.measured_again(name, first, budget)?,
                false => first,
            };
            if took > budget {
                let what = format!("`import {name}` on {} took", self.python);
                let finding = over(&what, took, budget).by_hand(format!(
                    "pubflow-try/bin/python -I -X importtime -c 'import {name}'"
                ));
                self.report.add(finding);
            }
        }
        let detail = format!("{} imported", count(tops.len(), "top-level module"));
        self.report.close("budgets", detail, spent);
        Ok(())
    }

    /// The shortest of several measurements, each in a process of its own.
    fn measured_again(
        &self,
        name: &str,
        first: Duration,
        budget: Duration,
    ) -> Result<Duration, VerifyError> {
        let mut least = first;
        for _ in 0..MORE_MEASUREMENTS {
            if least <= budget {
                break;
            }
            let again = self.runner().run(Work {
                modules: vec![name.to_owned()],
                ..Work::default()
            })?;
            least = least.min(seconds_of(&again, name).unwrap_or(least));
        }
        Ok(least)
    }
}

/// How long the import of a module took, if it came to its end.
fn seconds_of(ran: &Ran, name: &str) -> Option<Duration> {
    let attempts = ran.attempts.iter();
    let attempt = attempts
        .filter(|one| one.kind == Kind::Import && one.failure.is_none())
        .find(|one| one.name == name)?;
    Duration::try_from_secs_f64(attempt.seconds).ok()
}

fn over(what: &str, took: Duration, budget: Duration) -> Finding {
    Finding::new(
        &OVER_BUDGET,
        format!(
            "{what} {:.2} s, the budget is {:.2} s",
            took.as_secs_f64(),
            budget.as_secs_f64()
        ),
    )
    .next("see what takes the time, or raise `budgets` in the configuration")
}
