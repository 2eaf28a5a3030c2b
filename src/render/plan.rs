//! A plan, in text and in JSON.

use serde::Serialize;

use super::style::Style;

/// What `pubflow plan` shows.
#[derive(Debug)]
pub(crate) struct PlanDocument {
    /// Project and version, as far as they are known.
    pub(crate) release: String,
    /// Digest of the sealed manifest; none before a build.
    pub(crate) manifest: Option<String>,
    /// Where the files go.
    pub(crate) index: String,
    /// In the order of run.
    pub(crate) steps: Vec<PlannedStep>,
}

/// One step.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedStep {
    /// The part of the release.
    pub(crate) part: String,
    /// Its name.
    pub(crate) step: String,
    /// Its name for people.
    pub(crate) title: String,
    /// What it does to the world.
    pub(crate) kind: String,
    /// What it works on; empty before a build.
    pub(crate) units: Vec<PlannedUnit>,
}

/// One unit of a step.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedUnit {
    /// Its name.
    pub(crate) unit: String,
    /// Digest of its bytes.
    pub(crate) sha256: Option<String>,
    /// What the journal says.
    pub(crate) journal: String,
    /// What the index shows; null where none is asked.
    pub(crate) remote: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PlanJson<'a> {
    schema: u32,
    release: &'a str,
    manifest: Option<&'a str>,
    index: &'a str,
    steps: &'a [PlannedStep],
}

impl PlanDocument {
    /// What `--format json` prints.
    pub(crate) fn to_json(&self) -> PlanJson<'_> {
        PlanJson {
            schema: super::SCHEMA,
            release: &self.release,
            manifest: self.manifest.as_deref(),
            index: &self.index,
            steps: &self.steps,
        }
    }
}

/// The steps in their order, each with its files.
pub(crate) fn plan_text(plan: &PlanDocument, style: Style) -> String {
    let mut text = format!(
        "{}\n",
        style.bold(&format!("{} to {}", plan.release, plan.index))
    );
    text.push_str(&match &plan.manifest {
        Some(manifest) => format!("manifest {manifest}\n"),
        None => {
            "nothing is built from this tree yet; files and digests are known after the build\n"
                .to_owned()
        }
    });
    let mut part = "";
    for step in &plan.steps {
        if step.part != part {
            part = &step.part;
            text.push_str(&format!("\n{}\n", style.bold(part)));
        }
        text.push_str(&format!(
            "  {:<22}  {}  {}\n",
            step.step,
            step.title,
            style.dim(&format!("({})", step.kind))
        ));
        for unit in step.units.iter().filter(|unit| unit.remote.is_some()) {
            let digest = unit.sha256.as_deref().and_then(|digest| digest.get(..12));
            text.push_str(&format!(
                "      {}  {}  journal: {}, index: {}\n",
                unit.unit,
                digest.unwrap_or("-"),
                unit.journal,
                unit.remote.as_deref().unwrap_or("-")
            ));
        }
    }
    text.push_str("\nnothing was written; `pubflow release` does it\n");
    text
}
