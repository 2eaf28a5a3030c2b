//! A rule as data, and the row that joins it to the function which looks for it.

use std::fmt;

use crate::Findings;

/// How much a finding costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice, shown on request.
    Note,
    /// Users will be hurt, nobody refuses the file.
    Warning,
    /// PyPI or an installer refuses the file, or the specification says MUST.
    Error,
}

impl Severity {
    /// The word used in every output format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who was seen to refuse what a rule describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refuser {
    /// The upload to PyPI or TestPyPI.
    Pypi,
    /// `pip install` of the file.
    Pip,
    /// `uv pip install` of the file.
    Uv,
    /// A specification says MUST; nobody need refuse it today.
    Spec,
}

impl Refuser {
    /// The word used in every output format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Pip => "pip",
            Self::Uv => "uv",
            Self::Spec => "spec",
        }
    }
}

/// One rule: what a check looks for, as data.
///
/// A rule stands as a `static` in the file of its check. Its code is never reused.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, `P` and three or four digits; families by hundreds.
    pub code: &'static str,
    /// Stable name in kebab-case, readable without the code.
    pub name: &'static str,
    /// Severity of its findings unless one says otherwise.
    pub severity: Severity,
    /// The specification or index rule it rests on, in words: `PEP 621`, `R036`, `advice`.
    pub source: &'static str,
    /// Who refuses what it finds, unless a finding says otherwise; empty for advice.
    pub refused_by: &'static [Refuser],
    /// What it finds. This and the parts below are Markdown for `pubflow rule CODE` and
    /// docs/checks.md.
    pub about: &'static str,
    /// Why it hurts: what happens to whom, with the incident or the specification.
    pub why: &'static str,
    /// How to cure it.
    pub cure: &'static str,
    /// An example that breaks the rule: lines of a file, a listing or a command.
    pub bad: &'static str,
    /// The same as it should be.
    pub good: &'static str,
}

/// A row of a rule table: a rule and the function that looks for it in a subject of type `S`.
pub struct Check<S: ?Sized + 'static> {
    /// What is looked for.
    pub rule: &'static Rule,
    /// Looks for it and adds what it finds; never fails, whatever the subject holds.
    pub run: fn(&S, &mut Findings),
}

impl<S: ?Sized> fmt::Debug for Check<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("rule", self.rule)
            .finish_non_exhaustive()
    }
}
