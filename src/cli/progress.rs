//! `--progress`: how a run is told.

use clap::ValueEnum;

use crate::config::Environment;
use crate::render::ProgressForm;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressChoice {
    /// Groups in GitHub Actions, bars on a terminal, lines elsewhere
    Auto,
    /// Bars on a terminal, lines elsewhere
    Lines,
    /// A line of JSON for each event
    Json,
    /// Lines in collapsible groups
    Github,
    /// Only notes and errors
    Quiet,
}

impl ProgressChoice {
    /// What that means here.
    pub(crate) fn form(self, env: &Environment) -> ProgressForm {
        match self {
            Self::Auto if env.get("GITHUB_ACTIONS") == Some("true") => ProgressForm::Github,
            Self::Auto | Self::Lines => ProgressForm::Lines,
            Self::Json => ProgressForm::Json,
            Self::Github => ProgressForm::Github,
            Self::Quiet => ProgressForm::Quiet,
        }
    }
}
