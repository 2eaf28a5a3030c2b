//! Plan, journal and remote side by side, changing nothing.

use super::{in_order, subject};
use crate::journal::Facts;
use crate::plan::Plan;
use crate::reconcile::{Action, JournalState, Observed, reconcile};
use crate::step::{BoxFuture, Kind, Step, StepId, Unit, UnitId};

/// One unit of a plan: what the journal knows, what the remote shows, what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// The step.
    pub step: StepId,
    /// What the step is.
    pub kind: Kind,
    /// The unit.
    pub unit: UnitId,
    /// The unit's name for people.
    pub title: String,
    /// What the journal knows.
    pub journal: JournalState,
    /// What the remote shows; only effects have a remote.
    pub observed: Option<Observed>,
    /// What follows from both; only for effects.
    pub action: Option<Action>,
}

/// Looks at every unit of a plan once, up to `jobs` at a time, and compares.
pub async fn survey(plan: &Plan, facts: &Facts, jobs: usize) -> Vec<SurveyRow> {
    let mut rows: Vec<BoxFuture<'_, SurveyRow>> = Vec::new();
    for step in &plan.steps {
        for unit in step.units() {
            rows.push(Box::pin(look(step, unit, facts)));
        }
    }
    in_order(rows, jobs).await
}

async fn look(step: &Step, unit: &Unit, facts: &Facts) -> SurveyRow {
    let journal = facts.state(&subject(step, &unit.id));
    let observed = match step.kind {
        Kind::Effect(_) => Some(step.work.observe(unit).await),
        Kind::Pure | Kind::Local | Kind::Probe | Kind::Gate => None,
    };
    let action = observed
        .as_ref()
        .map(|observed| reconcile(&journal, observed));
    SurveyRow {
        step: step.id.clone(),
        kind: step.kind,
        unit: unit.id.clone(),
        title: unit.title.clone(),
        journal,
        observed,
        action,
    }
}
