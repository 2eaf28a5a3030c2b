//! `pubflow readiness` and `pubflow metrics` as clap sees them.

use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  pubflow readiness --run                       # run the gates that have no result for this source
  pubflow readiness --format markdown >> $GITHUB_STEP_SUMMARY
  pubflow readiness --html readiness.html
  pubflow readiness --decide legal-review=APPROVED
  pubflow readiness --decide legal-review=CONDITIONAL --condition 'notice added'

Exit codes: 0 ready, also with waivers; 1 something failed or is missing; 3 only people or times are
waited for.";

/// `pubflow readiness`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Readiness {
    /// The release [default: the last one that was built here]
    #[arg(value_name = "NAME==VERSION")]
    pub(crate) release: Option<String>,
    /// Run the gates that have no result for the source as it is
    #[arg(long)]
    pub(crate) run: bool,
    /// Write a page of its own for people who do not sit at a terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Decide an item of the checklist: APPROVED, DEFERRED or CONDITIONAL
    #[arg(long, value_name = "ITEM=ANSWER")]
    pub(crate) decide: Option<String>,
    /// What has to be met, for CONDITIONAL; becomes an item of its own
    #[arg(long, value_name = "TEXT", requires = "decide")]
    pub(crate) condition: Vec<String>,
    /// Who decides [default: the user of this session]
    #[arg(long, value_name = "NAME", requires = "decide")]
    pub(crate) by: Option<String>,
}

/// `pubflow metrics`
#[derive(Debug, Args)]
pub(crate) struct Metrics {
    /// The project [default: every project]
    #[arg(value_name = "NAME")]
    pub(crate) project: Option<String>,
}
