//! The readiness of a release: as JSON, text, Markdown and a page. All four say what was measured or
//! decided, and nothing else.

mod markdown;
mod page;
mod text;

use serde::Serialize;

pub(crate) use markdown::readiness_markdown;
pub(crate) use page::readiness_page;
pub(crate) use text::readiness_text;

/// Whether a release can go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// It can.
    Ready,
    /// It can, and somebody answered for what was left out.
    ReadyWithWaivers,
    /// It cannot.
    NotReady,
}

impl Verdict {
    /// The words for it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::ReadyWithWaivers => "READY WITH WAIVERS",
            Self::NotReady => "NOT READY",
        }
    }
}

/// What `pubflow readiness` tells.
#[derive(Debug, Serialize)]
pub(crate) struct ReadinessDocument {
    pub(crate) schema: u32,
    pub(crate) verdict: Verdict,
    pub(crate) project: Option<String>,
    pub(crate) version: Option<String>,
    /// Digest of the sealed manifest.
    pub(crate) manifest: Option<String>,
    /// The commit that was built.
    pub(crate) commit: Option<String>,
    pub(crate) at: String,
    pub(crate) blockers: Vec<BlockerJson>,
    pub(crate) waivers: Vec<WaiverJson>,
    pub(crate) gates: Vec<GateJson>,
    pub(crate) checks: Option<ChecksJson>,
    pub(crate) checklist: Vec<ItemJson>,
    pub(crate) risks: Vec<RiskJson>,
    pub(crate) approvals: Vec<ApprovalJson>,
    pub(crate) notes: Vec<String>,
    pub(crate) recommendation: Vec<String>,
    pub(crate) files: Vec<FileJson>,
    pub(crate) evidence: Vec<EvidenceJson>,
    pub(crate) timeline: Vec<SpanJson>,
}

/// What kind of reason stands against a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BlockerKind {
    /// Something was looked at and is wrong.
    Failed,
    /// Something was not looked at.
    Missing,
    /// A person or a time comes first.
    Waiting,
}

impl BlockerKind {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::Waiting => "waiting",
        }
    }
}

/// One reason against.
#[derive(Debug, Serialize)]
pub(crate) struct BlockerJson {
    pub(crate) kind: BlockerKind,
    pub(crate) what: String,
    pub(crate) next: String,
}

/// What was left out, and why.
#[derive(Debug, Serialize)]
pub(crate) struct WaiverJson {
    pub(crate) step: String,
    pub(crate) reason: String,
    pub(crate) at: String,
    pub(crate) writer: String,
}

/// One gate.
#[derive(Debug, Serialize)]
pub(crate) struct GateJson {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// `passed`, `passed with notes`, `failed`, `failed, not required`, `stale`, `not run`, `waived`,
    /// `waiting`.
    pub(crate) status: String,
    /// What it said.
    pub(crate) message: Option<String>,
    pub(crate) at: Option<String>,
    /// Counts, rates and digests, as they were measured.
    pub(crate) counts: Vec<(String, String)>,
}

impl GateJson {
    /// The counts that people ask for, on one line.
    pub(crate) fn summary(&self) -> String {
        const OTHER: [&str; 7] = [
            "verdict",
            "report",
            "report-sha256",
            "exit",
            "tries",
            "seconds",
            "notes",
        ];
        let counts = self
            .counts
            .iter()
            .filter(|(name, _)| !OTHER.contains(&name.as_str()) && !name.starts_with("rule "));
        let cells: Vec<String> = counts
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        cells.join(", ")
    }

    /// What it took.
    pub(crate) fn seconds(&self) -> Option<&str> {
        let found = self.counts.iter().find(|(name, _)| name == "seconds");
        found.map(|(_, value)| value.as_str())
    }
}

/// What the check of the sealed files found.
#[derive(Debug, Serialize)]
pub(crate) struct ChecksJson {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) waived: usize,
}

/// One item of the checklist.
#[derive(Debug, Serialize)]
pub(crate) struct ItemJson {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) text: String,
    pub(crate) owner: Option<String>,
    /// `yes`, `no`, `open`, or the answer of a person.
    pub(crate) status: String,
    /// Who or what said so.
    pub(crate) by: Option<String>,
    pub(crate) at: Option<String>,
}

/// One risk.
#[derive(Debug, Serialize)]
pub(crate) struct RiskJson {
    pub(crate) risk: String,
    pub(crate) level: String,
    pub(crate) mitigation: Option<String>,
    pub(crate) status: String,
    pub(crate) owner: Option<String>,
}

/// One approval.
#[derive(Debug, Serialize)]
pub(crate) struct ApprovalJson {
    pub(crate) by: String,
    pub(crate) index: String,
    pub(crate) manifest: String,
    pub(crate) until: Option<String>,
    /// Whether it is about these bytes and not over.
    pub(crate) counts: bool,
}

/// One sealed file.
#[derive(Debug, Serialize)]
pub(crate) struct FileJson {
    pub(crate) filename: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

/// What a step left behind.
#[derive(Debug, Serialize)]
pub(crate) struct EvidenceJson {
    pub(crate) step: String,
    pub(crate) unit: String,
    pub(crate) at: String,
    pub(crate) details: Vec<(String, String)>,
}

/// One thing that was done or tried.
#[derive(Debug, Serialize)]
pub(crate) struct SpanJson {
    pub(crate) step: String,
    pub(crate) unit: String,
    pub(crate) begun: String,
    pub(crate) seconds: f64,
    /// `done`, `failed` or `waiting`.
    pub(crate) outcome: &'static str,
    /// Seconds after the first of all.
    #[serde(skip)]
    pub(crate) offset: f64,
}

impl ReadinessDocument {
    /// Project and version, as far as they are known.
    pub(crate) fn title(&self) -> String {
        let parts = [self.project.as_deref(), self.version.as_deref()];
        let known: Vec<&str> = parts.into_iter().flatten().collect();
        match known.is_empty() {
            true => "this project".to_owned(),
            false => known.join(" "),
        }
    }

    /// Risks that nobody has dealt with.
    pub(crate) fn open_risks(&self) -> impl Iterator<Item = &RiskJson> {
        self.risks.iter().filter(|risk| risk.status == "open")
    }

    /// Items that are neither yes nor approved.
    pub(crate) fn open_items(&self) -> impl Iterator<Item = &ItemJson> {
        let is_open =
            |item: &&ItemJson| !["yes", "APPROVED", "CONDITIONAL"].contains(&&*item.status);
        self.checklist.iter().filter(is_open)
    }
}

/// The beginning of a digest, enough to compare by eye.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
