//! What a plan consists of: steps, their units, and the work behind them.
//!
//! A step says what it is ([`Kind`]), over what ([`Unit`]s in waves), and from what inputs (its
//! key). When and whether its work runs is decided by the engine.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use pubflow_spec::Sha256;

use crate::event::Reporter;
use crate::failure::{Failure, FailureClass, Report};
use crate::reconcile::Observed;

/// A future that the engine can hold without knowing its type.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Name of a step, unique in its plan, such as `upload:testpypi`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(String);

/// Name of a unit, unique in its step, such as a file name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(String);

impl StepId {
    /// A step's name.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UnitId {
    /// A unit's name.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for StepId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&str> for UnitId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How an effect can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// It can be undone without a trace, such as a draft.
    Reversible,
    /// Another act can make up for it, such as a yank.
    Compensable,
    /// It stays, such as a file name used on an index.
    Irreversible,
}

/// What a step does to the world; the engine treats each kind differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function of its inputs; skipped when it was done with the same key.
    Pure,
    /// Writes this machine only; skipped when it was done with the same key.
    Local,
    /// Reads a remote; always runs.
    Probe,
    /// May say no; skipped when it said yes with the same key.
    Gate,
    /// Changes a remote: observed, reconciled, journaled before and after.
    Effect(Undo),
}

impl Kind {
    /// Whether it changes a remote.
    #[must_use]
    pub fn is_effect(self) -> bool {
        matches!(self, Self::Effect(_))
    }

    /// Whether it changes a remote for good.
    #[must_use]
    pub fn is_irreversible(self) -> bool {
        self == Self::Effect(Undo::Irreversible)
    }
}

/// One thing a step works on: a file on an index, a ref, an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name, unique in the step.
    pub id: UnitId,
    /// Its name for people.
    pub title: String,
    /// Digest of the bytes that make it itself, where it has bytes.
    pub identity: Option<Sha256>,
}

/// What a finished unit leaves behind for later steps and for people: texts by name, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence(Vec<(String, String)>);

impl Evidence {
    /// No evidence yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one text. A name may be used more than once.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.push((name.into(), text.into()));
        self
    }

    /// The first text of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, text)| text)
    }

    /// All pairs in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, String)> for Evidence {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// What a person is asked before a step acts for the first time in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The question, to be answered by yes or no.
    pub question: String,
    /// What is at stake, row by row: file, size, digest, …
    pub table: Vec<Vec<String>>,
}

/// The work behind a step. The engine decides when each method is called.
///
/// A gate that lets a release pass only on an even number of files:
///
/// ```
/// use std::sync::Arc;
/// use pubflow_pipeline::{
///     BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, StepId, Unit,
///     UnitId, Work, step_key,
/// };
///
/// struct Even {
///     n_files: usize,
/// }
///
/// impl Work for Even {
///     fn act<'a>(
///         &'a self,
///         _: &'a Unit,
///         _: &'a Reporter,
///     ) -> BoxFuture<'a, Result<Evidence, Failure>> {
///         Box::pin(async {
///             if self.n_files % 2 == 0 {
///                 return Ok(Evidence::new().with("files", self.n_files.to_string()));
///             }
///             let report = Report::new(format!("{} files are an odd number", self.n_files))
///                 .next("add or remove one");
///             Err(Failure::new(FailureClass::Refused, report))
///         })
///     }
/// }
///
/// fn even(n_files: usize) -> Step {
///     Step {
///         id: StepId::new("even"),
///         title: "count the files".to_owned(),
///         kind: Kind::Gate,
///         // Skipped in the next run only if this is the same.
///         key: step_key(&[("files", &n_files.to_string())]),
///         waves: vec![vec![Unit {
///             id: UnitId::new("files"),
///             title: "count the files".to_owned(),
///             identity: None,
///         }]],
///         jobs: 1,
///         confirm: None,
///         work: Arc::new(Even { n_files }),
///     }
/// }
///
/// use pubflow_pipeline::{
///     EventSink, Journal, Manifest, ManifestFile, Outcome, Plan, RunOptions, StateDir, SystemClock,
///     Writer, run,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// let state = StateDir::open(folder.path())?;
/// let file = ManifestFile {
///     filename: "demo-1.0-py3-none-any.whl".to_owned(),
///     size: 1,
///     sha256: pubflow_spec::Sha256::of(b"a"),
/// };
/// let (name, version) = ("demo".parse()?, "1.0".parse()?);
/// let manifest = Manifest::new(name, version, None, vec![file], Default::default())?;
/// let record = state.seal(&manifest)?;
/// let mut journal = Journal::open(&record, Writer::local(), Arc::new(SystemClock))?;
/// let plan = |n_files| Plan {
///     release: record.key(),
///     title: "count".to_owned(),
///     steps: vec![even(n_files)],
/// };
/// let events: EventSink = Arc::new(|_| {});
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// let options = RunOptions::standard();
/// let report = runtime.block_on(run(&plan(2), &mut journal, &options, events.clone()));
/// assert!(matches!(report.outcome, Outcome::Done));
/// let report = runtime.block_on(run(&plan(3), &mut journal, &options, events));
/// assert!(matches!(report.outcome, Outcome::Stopped(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Work: Send + Sync {
    /// Looks at the remote, changing nothing. Only effects are observed.
    fn observe<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Observed> {
        let message = format!("nothing is known about how to observe `{}`", unit.id);
        Box::pin(async move {
            Observed::Unknown(Failure::new(FailureClass::Machine, Report::new(message)))
        })
    }

    /// Does it. For an effect this is called only after the intent is safely on disk.
    fn act<'a>(
        &'a self,
        unit: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>>;
}

/// One step of a plan.
#[derive(Clone)]
pub struct Step {
    /// Its name.
    pub id: StepId,
    /// Its name for people.
    pub title: String,
    /// What it does to the world.
    pub kind: Kind,
    /// Digest of everything that its result depends on; see [`step_key`].
    pub key: Sha256,
    /// Units, in waves: one starts when the one before it is done.
    pub waves: Vec<Vec<Unit>>,
    /// How many units of a wave run at once; 0 counts as 1.
    pub jobs: usize,
    /// What to ask before acting, where anything is asked.
    pub confirm: Option<Confirmation>,
    /// What it does.
    pub work: Arc<dyn Work>,
}

impl Step {
    /// All units in the order of their waves.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.waves.iter().flatten()
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Step")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("key", &self.key.to_string())
            .field("waves", &self.waves)
            .finish_non_exhaustive()
    }
}

/// Digest of a step's inputs, given as named texts.
///
/// Time, host and secrets do not belong in it; the target's address, the digests of the files and
/// the settings that change the result do. The order of the inputs does not matter, names and texts
/// cannot run into each other.
#[must_use]
pub fn step_key(inputs: &[(&str, &str)]) -> Sha256 {
    let mut sorted = inputs.to_vec();
    sorted.sort_unstable();
    let mut text = String::from("pubflow step key 1\n");
    for (name, value) in sorted {
        text.push_str(&format!("{} {name} {} {value}\n", name.len(), value.len()));
    }
    Sha256::of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_every_input_and_not_on_their_order() {
        let key = step_key(&[("index", "https://example.org/"), ("file", "ab12")]);
        assert_eq!(
            key,
            step_key(&[("file", "ab12"), ("index", "https://example.org/")])
        );
        let others: [&[(&str, &str)]; 5] = [
            &[("index", "https://example.org/")],
            &[("index", "https://example.org/"), ("file", "ab13")],
            &[("index", "https://example.org/"), ("files", "ab12")],
            &[("index", "https://example.org/\n4 file 4 ab12")],
            &[],
        ];
        for other in others {
            assert_ne!(key, step_key(other), "{other:?}");
        }
    }

    #[test]
    fn evidence_keeps_its_order_and_every_pair() {
        let evidence = Evidence::new()
            .with("url", "b")
            .with("url", "a")
            .with("size", "3");
        let pairs: Vec<_> = evidence.iter().collect();
        assert_eq!(pairs, [("url", "b"), ("url", "a"), ("size", "3")]);
        assert_eq!(
            (evidence.get("url"), evidence.get("sha256")),
            (Some("b"), None)
        );
    }
}
