//! Which part of a release is run: `--until`, `--from`, `--only` and `--skip`.

use pubflow_pipeline::{Facts, JournalState, Kind, Step, Subject};
use pubflow_stages::{SOAK, WINDOW};

use crate::error::CommandError;
use crate::part::Part;

/// A step that is left out, and why. A skipped step has not passed, and every output says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Skip {
    /// A step, or all steps of a group.
    pub(crate) step: String,
    /// Why; kept with the release.
    pub(crate) reason: String,
}

/// What was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Slice {
    /// The last step.
    pub(crate) until: Option<String>,
    /// The first step.
    pub(crate) from: Option<String>,
    /// What is left out.
    pub(crate) skips: Vec<Skip>,
}

/// A step with the part of the release that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Grouped {
    /// The part.
    pub(crate) part: Part,
    /// The step.
    pub(crate) step: Step,
}

impl Grouped {
    fn is_called(&self, name: &str) -> bool {
        let id = self.step.id.as_str();
        let stage = id.split(':').next().unwrap_or(id);
        // The window is called `gate:window` and stands with the approvals, not with the gates.
        let is_stage = Part::named(stage).is_none() && name == stage;
        name == self.part.name() || name == id || is_stage
    }

    /// What may be left out with a reason. Digests, conflicts, approvals and the uploads themselves
    /// are what a release is about.
    fn may_be_skipped(&self) -> bool {
        let id = self.step.id.as_str();
        match self.part {
            Part::Gate | Part::Rehearse | Part::Own => true,
            Part::Publish => id.starts_with("verify:"),
            // A time can be overruled, a person not.
            Part::Approve => id == WINDOW || id == SOAK,
            Part::Check | Part::Preflight | Part::Evidence => false,
        }
    }
}

impl Slice {
    /// Reads the options.
    ///
    /// # Errors
    /// A skip without a reason.
    pub(crate) fn parse(
        until: Option<String>,
        from: Option<String>,
        skips: &[String],
    ) -> Result<Self, CommandError> {
        let read = |text: &String| {
            let (step, reason) = text.split_once('=')?;
            let (step, reason) = (step.trim(), reason.trim());
            (!step.is_empty() && !reason.is_empty()).then(|| Skip {
                step: step.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let skips = skips.iter().map(|text| {
            read(text).ok_or_else(|| CommandError::Argument {
                option: "--skip",
                value: text.clone(),
                expected: "STEP=REASON",
                why: "what is left out of a release is kept with it, so it needs a reason"
                    .to_owned(),
            })
        });
        Ok(Self {
            until,
            from,
            skips: skips.collect::<Result<_, _>>()?,
        })
    }

    /// Whether a part is run, as far as its name tells; in doubt it is.
    pub(crate) fn reaches(&self, part: Part) -> bool {
        let is_skipped = self.skips.iter().any(|skip| skip.step == part.name());
        let until = self.until.as_deref().and_then(|name| {
            let stage = name.split(':').next().unwrap_or(name);
            // Own steps stand anywhere.
            Part::named(stage).filter(|until| *until != Part::Own)
        });
        !is_skipped && until.is_none_or(|until| part <= until)
    }

    /// The reason for which an item of the preflight is passed over.
    pub(crate) fn passes_over(&self, item: &str) -> Option<&str> {
        let mut skips = self.skips.iter();
        let skip = skips.find(|skip| preflight_item(&skip.step) == Some(item));
        skip.map(|skip| skip.reason.as_str())
    }

    /// The steps that are run, in their order.
    ///
    /// # Errors
    /// A name that no step has, a step that is never left out, or a beginning before which something
    /// has not passed.
    pub(crate) fn cut(
        &self,
        steps: Vec<Grouped>,
        facts: &Facts,
    ) -> Result<Vec<Grouped>, CommandError> {
        let place = |option: &'static str, name: &Option<String>, last: bool| {
            let Some(name) = name else { return Ok(None) };
            let mut found = steps.iter().enumerate();
            let found = match last {
                true => found.rfind(|(_, step)| step.is_called(name)),
                false => found.find(|(_, step)| step.is_called(name)),
            };
            match found {
                Some((n, _)) => Ok(Some(n)),
                None => Err(unknown(option, name, &steps)),
            }
        };
        let first = place("--from", &self.from, false)?.unwrap_or(0);
        let last = place("--until", &self.until, true)?.unwrap_or(steps.len().saturating_sub(1));
        for skip in &self.skips {
            if preflight_item(&skip.step).is_some() {
                continue;
            }
            let named: Vec<&Grouped> = steps
                .iter()
                .filter(|step| step.is_called(&skip.step))
                .collect();
            if named.is_empty() {
                return Err(unknown("--skip", &skip.step, &steps));
            }
            if let Some(kept) = named.iter().find(|step| !step.may_be_skipped()) {
                return Err(CommandError::Argument {
                    option: "--skip",
                    value: skip.step.clone(),
                    expected: "step that can be left out",
                    why: format!(
                        "`{}` keeps other bytes from being published; gates, times, the rehearsal, own steps and the installation test can be left out",
                        kept.step.id
                    ),
                });
            }
        }
        let is_skipped = |step: &Grouped| self.skips.iter().any(|skip| step.is_called(&skip.step));
        if let Some(missing) = steps
            .iter()
            .take(first)
            .find(|step| !is_skipped(step) && !has_passed(&step.step, facts))
        {
            return Err(CommandError::NotPassed {
                step: missing.step.id.to_string(),
            });
        }
        Ok(steps
            .into_iter()
            .enumerate()
            .filter(|(n, step)| (first..=last).contains(n) && !is_skipped(step))
            .map(|(_, step)| step)
            .collect())
    }
}

/// The item of the preflight that `preflight:ITEM` names.
fn preflight_item(step: &str) -> Option<&'static str> {
    let name = step.strip_prefix("preflight:")?;
    crate::preflight::names().find(|item| *item == name)
}

/// Whether a step may lie behind: what only reads is done again when it is needed.
fn has_passed(step: &Step, facts: &Facts) -> bool {
    if step.kind == Kind::Probe {
        return true;
    }
    step.units().all(|unit| {
        let subject = Subject {
            step: step.id.clone(),
            unit: unit.id.clone(),
            key: step.key,
        };
        matches!(facts.state(&subject), JournalState::Done { .. })
    })
}

fn unknown(option: &'static str, name: &str, steps: &[Grouped]) -> CommandError {
    let mut names: Vec<&str> = Vec::new();
    for step in steps {
        for name in [step.part.name(), step.step.id.as_str()] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    CommandError::Argument {
        option,
        value: name.to_owned(),
        expected: "step of this release",
        why: format!("there are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pubflow_pipeline::{
        BoxFuture, Evidence, Failure, Reporter, StepId, Undo, Unit, UnitId, Work, step_key,
    };

    use super::*;

    struct Nothing;

    impl Work for Nothing {
        fn act<'a>(
            &'a self,
            _: &'a Unit,
            _: &'a Reporter,
        ) -> BoxFuture<'a, Result<Evidence, Failure>> {
            Box::pin(std::future::ready(Ok(Evidence::new())))
        }
    }

    fn step(part: Part, id: &str, kind: Kind) -> Grouped {
        let step = Step {
            id: StepId::new(id),
            title: id.to_owned(),
            kind,
            key: step_key(&[]),
            waves: vec![vec![Unit {
                id: UnitId::new("one"),
                title: String::new(),
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Nothing),
        };
        Grouped { part, step }
    }

    fn release() -> Vec<Grouped> {
        vec![
            step(Part::Gate, "gate:tests", Kind::Gate),
            step(Part::Preflight, "preflight:pypi", Kind::Probe),
            step(
                Part::Rehearse,
                "upload:testpypi",
                Kind::Effect(Undo::Compensable),
            ),
            step(Part::Approve, "approve:pypi", Kind::Gate),
            step(Part::Approve, WINDOW, Kind::Probe),
            step(
                Part::Publish,
                "upload:pypi",
                Kind::Effect(Undo::Irreversible),
            ),
            step(Part::Publish, "verify:pypi", Kind::Probe),
        ]
    }

    fn cut(slice: &Slice) -> Result<Vec<String>, CommandError> {
        let steps = slice.cut(release(), &Facts::default())?;
        Ok(steps.iter().map(|step| step.step.id.to_string()).collect())
    }

    fn slice(until: Option<&str>, from: Option<&str>, skips: &[&str]) -> Slice {
        let skips: Vec<String> = skips.iter().map(|skip| (*skip).to_owned()).collect();
        let text = |name: Option<&str>| name.map(str::to_owned);
        Slice::parse(text(until), text(from), &skips).unwrap()
    }

    #[test]
    fn an_end_is_named_by_group_stage_or_step() {
        for name in ["rehearse", "upload:testpypi"] {
            let steps = cut(&slice(Some(name), None, &[])).unwrap();
            assert_eq!(steps.last().unwrap(), "upload:testpypi", "{name}");
        }
        assert_eq!(cut(&slice(Some("approve"), None, &[])).unwrap().len(), 5);
        assert_eq!(cut(&slice(Some("gate"), None, &[])).unwrap().len(), 1);
        let error = cut(&slice(Some("deploy"), None, &[])).unwrap_err();
        assert!(matches!(
            error,
            CommandError::Argument {
                option: "--until",
                ..
            }
        ));
    }

    #[test]
    fn nothing_begins_behind_a_gate_that_has_not_passed() {
        let error = cut(&slice(None, Some("publish"), &[])).unwrap_err();
        assert!(matches!(error, CommandError::NotPassed { step } if step == "gate:tests"));
    }

    #[test]
    fn gates_and_rehearsal_can_be_skipped_with_a_reason_and_uploads_cannot() {
        let steps = cut(&slice(
            None,
            None,
            &[
                "gate=late",
                "rehearse=down",
                "gate:window=a fix",
                "preflight:tree=a fix",
            ],
        ))
        .unwrap();
        assert_eq!(steps.first().unwrap(), "preflight:pypi");
        for kept in [
            "upload:pypi=x",
            "approve=x",
            "publish=x",
            "preflight:pypi=x",
            "preflight:wether=x",
        ] {
            assert!(cut(&slice(None, None, &[kept])).is_err(), "{kept}");
        }
        for wrong in ["gate", "gate=", "=x"] {
            assert!(
                Slice::parse(None, None, &[wrong.to_owned()]).is_err(),
                "{wrong}"
            );
        }
    }
}
