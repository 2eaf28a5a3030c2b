//! A plan: one release and the steps that bring it about, in order.

use std::collections::BTreeSet;
use std::fmt;

use pubflow_spec::{ProjectName, Sha256, Version};

use crate::step::{Step, StepId, UnitId};

/// What a release record is found by: project, version, and the bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseKey {
    /// The project.
    pub project: ProjectName,
    /// The version.
    pub version: Version,
    /// Digest of the sealed manifest.
    pub manifest: Sha256,
}

impl fmt::Display for ReleaseKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = self.manifest.to_string();
        let short = digest.get(..12).unwrap_or(&digest);
        write!(formatter, "{} {} ({short})", self.project, self.version)
    }
}

/// One release and the steps that bring it about, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The release.
    pub release: ReleaseKey,
    /// Its name for people.
    pub title: String,
    /// The steps, in the order of run.
    pub steps: Vec<Step>,
}

/// A plan that could not be run without mixing things up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two steps have the same name.
    #[error("the plan has the step `{step}` twice")]
    StepTwice {
        /// The name.
        step: StepId,
    },
    /// Two units of a step have the same name.
    #[error("the step `{step}` has the unit `{unit}` twice")]
    UnitTwice {
        /// The step.
        step: StepId,
        /// The name.
        unit: UnitId,
    },
}

impl Plan {
    /// Whether every step and every unit has a name of its own.
    ///
    /// # Errors
    /// The first name that is used twice.
    pub fn require_names(&self) -> Result<(), PlanError> {
        let mut steps = BTreeSet::new();
        for step in &self.steps {
            if !steps.insert(&step.id) {
                return Err(PlanError::StepTwice {
                    step: step.id.clone(),
                });
            }
            let mut units = BTreeSet::new();
            for unit in step.units() {
                if !units.insert(&unit.id) {
                    let (step, unit) = (step.id.clone(), unit.id.clone());
                    return Err(PlanError::UnitTwice { step, unit });
                }
            }
        }
        Ok(())
    }
}
