//! The steps of a run: which there are, in the order of the stage table, and what is sent with them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_index::{IndexAddress, Lease};
use pubflow_pipeline::{Facts, Kind, Plan, ReleaseRecord, Step, StepId, Undo};
use pubflow_stages::{
    ApproveStage, CheckStage, ChecklistStage, Depth, EvidenceStage, IndexTarget, OwnStepStage,
    PRE_RELEASE, PreflightStage, SealedFile, SoakStage, UploadStage, VerifyStage, WaitStage,
    Waiver, WindowStage,
};
use tokio::sync::watch;

use crate::consent::{ambient_identity, title};
use crate::context::Context;
use crate::error::CommandError;
use crate::job::{Job, RehearsalPlace, Whole};
use crate::part::Part;
use crate::rehearsal::{Rehearsal, RehearsalStage};
use crate::slice::Grouped;
use crate::smoke::interpreters;

/// What is sent to each index of a run.
#[derive(Default)]
pub(crate) struct Credentials {
    /// To the index that the release goes to.
    pub(crate) target: Option<Lease>,
    /// To the one that it is rehearsed on.
    pub(crate) rehearsal: Option<Lease>,
}

/// What the steps of a run are made from.
pub(crate) struct Making<'a> {
    /// The release.
    pub(crate) record: &'a ReleaseRecord,
    /// What its journal says.
    pub(crate) facts: &'a Facts,
    /// Its files.
    pub(crate) files: &'a [SealedFile],
    /// Predictions that are overruled.
    pub(crate) waivers: &'a [Waiver],
    /// The surroundings.
    pub(crate) ctx: &'a Context,
}

impl Making<'_> {
    /// The plan of a run, in the order of the stage table.
    ///
    /// # Errors
    /// A part of the release was asked for that there is not.
    pub(crate) fn plan(
        &self,
        job: &Job<'_>,
        credentials: &Credentials,
        interrupt: &watch::Receiver<bool>,
    ) -> Result<Plan, CommandError> {
        let key = self.record.key();
        let steps = self.grouped(job, credentials, interrupt)?;
        let title = format!(
            "{} {} {} to {}",
            job.recipe.command, key.project, key.version, job.target.name
        );
        Ok(Plan {
            release: key,
            title,
            steps: steps.into_iter().map(|grouped| grouped.step).collect(),
        })
    }

    /// The steps of the part of a release that was asked for.
    ///
    /// # Errors
    /// A part that there is not.
    pub(crate) fn grouped(
        &self,
        job: &Job<'_>,
        credentials: &Credentials,
        interrupt: &watch::Receiver<bool>,
    ) -> Result<Vec<Grouped>, CommandError> {
        let mut steps = self.steps(job, credentials, interrupt)?;
        let Some(whole) = job.whole else {
            return Ok(steps);
        };
        for own in &whole.own {
            let (index, inherited) = (job.target.name.as_str(), &self.ctx.inherited);
            let here = Path::new(".");
            let step = OwnStepStage::step(&own.step, self.record, index, here, inherited);
            let part = Part::Own;
            steps.insert(place_after(&steps, own.after), Grouped { part, step });
        }
        whole.slice.cut(steps, self.facts)
    }

    fn steps(
        &self,
        job: &Job<'_>,
        credentials: &Credentials,
        interrupt: &watch::Receiver<bool>,
    ) -> Result<Vec<Grouped>, CommandError> {
        let manifest = self.record.manifest();
        let (project, version) = (manifest.name(), manifest.version());
        let target = self.target(job.target, credentials.target.clone())?;
        let mut steps = Vec::new();
        let mut add = |part, step| steps.push(Grouped { part, step });
        if let Some(whole) = job.whole {
            for gate in &whole.gates {
                add(Part::Gate, gate.clone());
            }
        }
        add(Part::Check, CheckStage::step(self.files, self.waivers));
        let preflight = PreflightStage::step(&target, (project, version), self.files, self.waivers);
        add(Part::Preflight, preflight);
        if let Some(source) = job.source {
            let source = self.target(source, None)?;
            add(
                Part::Evidence,
                EvidenceStage::step(&source, project, self.files),
            );
            add(Part::Evidence, self.verify(&source, job));
        }
        if let Some(whole) = job.whole {
            steps.extend(self.before_publishing(whole, job, credentials, interrupt)?);
        }
        let question = job
            .consent()
            .asks(self.ctx)
            .then(|| format!("publish {project} {version} to {}?", title(job.target)));
        let publishing = self.publishing(&target, job, question);
        steps.extend(publishing.map(|step| Grouped {
            part: Part::Publish,
            step,
        }));
        Ok(steps)
    }

    /// What a whole release does between the check and the upload.
    fn before_publishing(
        &self,
        whole: &Whole,
        job: &Job<'_>,
        credentials: &Credentials,
        interrupt: &watch::Receiver<bool>,
    ) -> Result<Vec<Grouped>, CommandError> {
        let manifest = self.record.manifest();
        let (project, version) = (manifest.name(), manifest.version());
        let mut steps = Vec::new();
        let mut add = |part, step| steps.push(Grouped { part, step });
        match &whole.rehearsal {
            RehearsalPlace::Nowhere => {}
            RehearsalPlace::Loopback => {
                let rehearsal = Rehearsal {
                    project: project.clone(),
                    version: version.clone(),
                    files: self.files.to_vec(),
                    depth: depth(job, self.ctx),
                    wanted: job.recipe.pythons.clone(),
                    faults: None,
                };
                let step = RehearsalStage::step(rehearsal, interrupt.clone(), self.ctx);
                add(Part::Rehearse, step);
            }
            RehearsalPlace::Index(place, _) => {
                let trial = self.target(place, credentials.rehearsal.clone())?;
                for mut step in self.publishing(&trial, job, None) {
                    // What stays on an index for trials keeps nobody from anything.
                    if step.kind.is_irreversible() {
                        step.kind = Kind::Effect(Undo::Compensable);
                    }
                    add(Part::Rehearse, step);
                }
            }
        }
        if !whole.checklist.is_empty() {
            let paths: Vec<_> = self.files.iter().map(|file| file.path.clone()).collect();
            let manifest = self.record.key().manifest;
            let step = ChecklistStage::step(&whole.checklist, self.facts, &manifest, &paths);
            add(Part::Approve, step);
        }
        if whole.n_approvals > 0 {
            let (key, now) = (self.record.key(), Timestamp::now());
            let (index, n_wanted) = (job.target.name.as_str(), whole.n_approvals);
            let step = ApproveStage::step(&key, index, n_wanted, self.facts, now);
            add(Part::Approve, step);
        }
        if let Some(soak) = &whole.soak {
            let begun = match soak.after.as_str() {
                PRE_RELEASE => whole.pre_release_at,
                index => seen_at(self.record, self.facts, index),
            };
            add(Part::Approve, SoakStage::step(soak, begun));
        }
        if let Some(window) = &whole.window {
            add(Part::Approve, WindowStage::step(window));
        }
        Ok(steps)
    }

    /// What brings the files to one index, and shows that they are there.
    fn publishing(
        &self,
        target: &IndexTarget,
        job: &Job<'_>,
        question: Option<String>,
    ) -> [Step; 3] {
        let manifest = self.record.manifest();
        let (project, version) = (manifest.name(), manifest.version());
        let (jobs, within) = (
            usize::from(job.upload.jobs),
            Duration::from_secs(job.upload.timeout),
        );
        [
            UploadStage::step(target, project, self.files, jobs, question),
            WaitStage::step(target, (project, version), self.files, within),
            self.verify(target, job),
        ]
    }

    fn verify(&self, target: &IndexTarget, job: &Job<'_>) -> Step {
        let project = self.record.manifest().name();
        let interpreters = interpreters(project, job.recipe.pythons.clone(), self.ctx);
        VerifyStage::step(
            target,
            project,
            self.files,
            depth(job, self.ctx),
            interpreters,
        )
    }

    fn target(
        &self,
        address: &IndexAddress,
        credential: Option<Lease>,
    ) -> Result<IndexTarget, CommandError> {
        Ok(IndexTarget {
            index: Arc::new(self.ctx.index(address.clone())?),
            credential,
        })
    }
}

/// When the last file of a release was seen on an index; none while one is missing there.
pub(crate) fn seen_at(record: &ReleaseRecord, facts: &Facts, index: &str) -> Option<Timestamp> {
    let step = StepId::new(format!("upload:{index}"));
    let at = |filename: &str| {
        let mut subjects = facts.subjects();
        let (subject, _) = subjects
            .find(|(subject, _)| subject.step == step && subject.unit.as_str() == filename)?;
        facts.how(subject).map(|(_, at)| at)
    };
    let files = record.manifest().files().iter();
    let seen: Option<Vec<Timestamp>> = files.map(|file| at(&file.filename)).collect();
    seen?.into_iter().max()
}

/// Where a step stands that follows a part of the release: behind it and the steps that follow it
/// already; behind what comes before it, where there is no such part.
fn place_after(steps: &[Grouped], part: Part) -> usize {
    let mut last = steps.iter();
    let last = last.rposition(|step| step.part <= part && step.part != Part::Own);
    let after = last.map_or(0, |last| last + 1);
    let behind = steps.iter().skip(after);
    after + behind.take_while(|step| step.part == Part::Own).count()
}

/// How deep to verify: where this process could mint a publishing identity, no foreign code runs.
fn depth(job: &Job<'_>, ctx: &Context) -> Depth {
    match job.recipe.verify && !ambient_identity(ctx) {
        true => Depth::Install,
        false => Depth::Digests,
    }
}
