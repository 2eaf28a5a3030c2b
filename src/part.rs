//! The parts of a release, in their order, and the names that options and settings call them by.

/// A part of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The gates of the project.
    Gate,
    /// The check of the sealed files.
    Check,
    /// What the index would refuse.
    Preflight,
    /// What the source of a promotion serves.
    Evidence,
    /// The rehearsal.
    Rehearse,
    /// People, and the time.
    Approve,
    /// Upload, wait, verify.
    Publish,
    /// Steps of the project's own, wherever they stand.
    Own,
}

impl Part {
    /// Every part.
    const ALL: [Self; 8] = [
        Self::Gate,
        Self::Check,
        Self::Preflight,
        Self::Evidence,
        Self::Rehearse,
        Self::Approve,
        Self::Publish,
        Self::Own,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Check => "check",
            Self::Preflight => "preflight",
            Self::Evidence => "evidence",
            Self::Rehearse => "rehearse",
            Self::Approve => "approve",
            Self::Publish => "publish",
            Self::Own => "step",
        }
    }

    /// The part of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Whether its steps are the project's, to say no with.
    pub(crate) fn asks(self) -> bool {
        matches!(self, Self::Gate | Self::Approve | Self::Own)
    }

    /// Whether a step of the project's own can stand behind it.
    pub(crate) fn can_be_followed(self) -> bool {
        !matches!(self, Self::Preflight | Self::Evidence | Self::Own)
    }
}
