//! Which part of a release is run: `--until`, `--from`, `--only` and `--skip`.

use pubflow_pipeline::{Facts, JournalState, Kind, Step, Subject};

use crate::error::CommandError;

/// The parts of a release, in their order.
const GROUPS: [&str; 6] = [
    "gate",
    "check",
    "preflight",
    "rehearse",
    "approve",
    "publish",
];

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
    /// `gate`, `check`, `preflight`, `rehearse`, `approve`, `publish` or `step`.
    pub(crate) group: &'static str,
    /// The step.
    pub(crate) step: Step,
}

impl Grouped {
    fn is_called(&self, name: &str) -> bool {
        let id = self.step.id.as_str();
        let stage = id.split(':').next().unwrap_or(id);
        name == self.group || name == id || name == stage
    }

    /// What may be left out with a reason. Digests, conflicts, approvals and the uploads themselves
    /// are what a release is about.
    fn may_be_skipped(&self) -> bool {
        match self.group {
            "gate" | "rehearse" | "step" => true,
            "publish" => self.step.id.as_str().starts_with("verify:"),
            _ => false,
        }
    }
}

impl Slice {
    /// Reads the options.
    ///
    /// # Errors
    /// A skip without a reason.
    pub(crate) fn parse(
        until: Option<&str>,
        from: Option<&str>,
        only: Option<&str>,
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
            until: only.or(until).map(str::to_owned),
            from: only.or(from).map(str::to_owned),
            skips: skips.collect::<Result<_, _>>()?,
        })
    }

    /// Whether a group of steps is run, as far as its name tells; in doubt it is.
    pub(crate) fn reaches(&self, group: &str) -> bool {
        let place = |name: &str| {
            let stage = name.split(':').next().unwrap_or(name);
            GROUPS.iter().position(|group| *group == stage)
        };
        let is_skipped = self.skips.iter().any(|skip| skip.step == group);
        let until = self.until.as_deref().and_then(place);
        !is_skipped && until.is_none_or(|until| place(group).is_none_or(|group| group <= until))
    }

    /// The reason for which an item of the preflight is passed over.
    pub(crate) fn passes_over(&self, item: &str) -> Option<&str> {
        let skip = self.skips.iter().find(|skip| {
            skip.step
                .strip_prefix("preflight:")
                .is_some_and(|name| name == item)
        });
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
            if skip.step.starts_with("preflight:") {
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
                        "`{}` keeps other bytes from being published; gates, the rehearsal and the installation test can be left out",
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
        for name in [step.group, step.step.id.as_str()] {
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

    fn step(group: &'static str, id: &str, kind: Kind) -> Grouped {
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
        Grouped { group, step }
    }

    fn release() -> Vec<Grouped> {
        vec![
            step("gate", "gate:tests", Kind::Gate),
            step("preflight", "preflight:pypi", Kind::Probe),
            step(
                "rehearse",
                "upload:testpypi",
                Kind::Effect(Undo::Compensable),
            ),
            step("approve", "approve:pypi", Kind::Gate),
            step("publish", "upload:pypi", Kind::Effect(Undo::Irreversible)),
            step("publish", "verify:pypi", Kind::Probe),
        ]
    }

    fn cut(slice: &Slice) -> Result<Vec<String>, CommandError> {
        let steps = slice.cut(release(), &Facts::default())?;
        Ok(steps.iter().map(|step| step.step.id.to_string()).collect())
    }

    fn slice(until: Option<&str>, from: Option<&str>, skips: &[&str]) -> Slice {
        let skips: Vec<String> = skips.iter().map(|skip| (*skip).to_owned()).collect();
        Slice::parse(until, from, None, &skips).unwrap()
    }

    #[test]
    fn an_end_is_named_by_group_stage_or_step() {
        for name in ["rehearse", "upload:testpypi"] {
            let steps = cut(&slice(Some(name), None, &[])).unwrap();
            assert_eq!(steps.last().unwrap(), "upload:testpypi", "{name}");
        }
        assert_eq!(cut(&slice(Some("approve"), None, &[])).unwrap().len(), 4);
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
        let steps = cut(&slice(None, None, &["gate=late", "rehearse=down"])).unwrap();
        assert_eq!(steps.first().unwrap(), "preflight:pypi");
        for kept in ["upload:pypi=x", "approve=x", "publish=x"] {
            assert!(cut(&slice(None, None, &[kept])).is_err(), "{kept}");
        }
        for wrong in ["gate", "gate=", "=x"] {
            assert!(
                Slice::parse(None, None, None, &[wrong.to_owned()]).is_err(),
                "{wrong}"
            );
        }
    }
}
