//! What a release is made of: the stages, one file each, and the one table that orders them.
//!
//! A stage turns settings into a [`pubflow_pipeline::Step`] and does its work through the rooms it
//! drives (index, python, check). The engine, not the stage, owns retries, journal, confirmation
//! and timing.

mod approve;
mod attestations;
mod check;
mod collect;
mod cure;
mod evidence;
mod expect;
mod failure;
mod fetch;
mod files;
mod fragment;
mod gate;
mod listed_fields;
mod own_step;
mod preflight;
mod rules;
#[cfg(test)]
mod test_index;
mod tree;
mod unit;
mod upload;
mod verify;
mod wait;
mod yank;

pub use approve::{APPROVAL, Approval, ApproveStage};
pub use attestations::keep_attestations;
pub use check::{CheckStage, Waiver};
pub use collect::{CollectError, Collected, Wanted, collect};
pub use evidence::EvidenceStage;
pub use expect::{ExpectError, Expected};
pub use failure::observe_failure;
pub use fetch::{WantedFile, fetch_files};
pub use files::{
    FilesError, Origin, SealedFile, listed_files, open_files, release_of, seal, seal_expecting,
};
pub use fragment::{Fragment, FragmentError};
pub use gate::{
    Answer, AnsweredBy, CHECKLIST, ChecklistItem, ChecklistStage, CommandGate, DECISION, Decision,
    FORMATS, Flaky, Format, Gate, GateRoom, GateStage, GateWork, PRE_RELEASE, Rating, ReportKind,
    ReportSource, ReportSourceError, SOAK, Soak, SoakStage, SourceError, SourceState, TIMEOUT,
    Thresholds, WINDOW, Window, WindowError, WindowStage, presets, with_conditions,
};
pub use own_step::{OwnStep, OwnStepStage};
pub use preflight::PreflightStage;
pub use rules::{refused_by, rule, rule_as_markdown, rules, rules_as_markdown};
pub use tree::{TreeError, copy_tree};
pub use unit::{BuildUnit, UnitError, UnitFile, UnitRun, look_at, plan_digest, run_unit};
pub use upload::{IndexTarget, UploadStage};
pub use verify::{Depth, Interpreters, VerifyStage};
pub use wait::WaitStage;
pub use yank::{YankChange, YankStage, no_yank};

/// A row of [`STAGES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// First part of its steps' names; the index follows after a colon where there is one.
    pub name: &'static str,
    /// What it does, in words for people.
    pub about: &'static str,
}

/// Every stage, in the order of run. A plan takes those it needs and keeps their order.
pub static STAGES: &[Stage] = &[
    // What is wrong with the source is found before anything is built of it.
    Stage {
        name: gate::NAME,
        about: "run the gates of the project",
    },
    // Before anything is sent: what the index would refuse is known offline.
    Stage {
        name: check::NAME,
        about: "check the sealed files",
    },
    // One request instead of a release that stops in the middle.
    Stage {
        name: preflight::NAME,
        about: "ask the index what it would refuse",
    },
    // A promotion rests on what the source index serves, so this comes before the target is touched.
    Stage {
        name: evidence::NAME,
        about: "compare the source index with the sealed digests",
    },
    // People look at what will go out, so everything that a machine can refuse stands above.
    Stage {
        name: approve::NAME,
        about: "wait for the approval of the sealed bytes",
    },
    // The first irreversible step; everything that can fail before it stands above.
    Stage {
        name: upload::NAME,
        about: "upload",
    },
    // Installers read the simple API; a file that only the upload server knows is not published.
    Stage {
        name: wait::NAME,
        about: "wait until installers see every file",
    },
    // Only what the index serves now can be installed from it.
    Stage {
        name: verify::NAME,
        about: "install and test",
    },
    // A project's own commands; each says behind which part of the release it stands.
    Stage {
        name: own_step::NAME,
        about: "run a command of the project",
    },
    // Never part of a release that goes well; at any time afterwards.
    Stage {
        name: yank::NAME,
        about: "yank or un-yank",
    },
];
