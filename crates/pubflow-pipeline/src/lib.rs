//! The engine of a release: what is planned, what happened, what the remote shows, what comes next.
//!
//! A [`Plan`] lists [`Step`]s; each declares its [`Kind`] and carries its [`Work`]. The engine keeps
//! a [`Journal`] of intents and evidence, compares it with what the work observes on the remote
//! ([`reconcile()`]), and acts only where the two leave no doubt. Wherever the process dies, a second
//! run reads the journal, looks at the remote again and goes on; nothing irreversible is done twice.
//!
//! The crate knows no step by name and speaks to no remote. It starts no process, opens no socket
//! and reads no environment; the clock comes in as a [`Clock`]. Files and their durability are its
//! own business: [`StateDir`] holds objects by digest and one [`ReleaseRecord`] per sealed release.
//!
//! Stored formats: docs/journal.md.

mod audit;
mod clock;
mod driver;
mod durable;
mod engine;
mod error;
mod event;
mod failpoint;
mod failure;
mod journal;
mod lock;
mod manifest;
mod plan;
mod reconcile;
mod record;
mod repair;
mod report;
mod retry;
mod step;
mod store;
mod stored;
mod sweep;
mod transfer;

pub use audit::{Audit, MissingObject};
pub use clock::{Clock, SystemClock};
pub use driver::{Answer, Consent, RunOptions, Yes, run};
pub use error::{Damage, StateError};
pub use event::{Event, EventSink, Reporter};
pub use failpoint::{FailPoint, FailPointAt};
pub use failure::{Failure, FailureClass, Report};
pub use journal::{Entry, Facts, How, Journal, Note, Record, Subject, Writer, WriterError};
pub use lock::{Lock, LockError};
pub use manifest::{Manifest, ManifestError, ManifestFile};
pub use plan::{Plan, PlanError, ReleaseKey};
pub use reconcile::{Action, JournalState, Observed, reconcile};
pub use record::ReleaseRecord;
pub use repair::Repaired;
pub use report::{LandedUnit, Outcome, RunReport, StepReport, StepStatus, UnitReport, UnitStatus};
pub use retry::{Backoff, Policy};
pub use step::{
    BoxFuture, Confirmation, Evidence, Kind, Step, StepId, Undo, Unit, UnitId, Work, step_key,
};
pub use store::StateDir;
pub use sweep::Swept;
pub use transfer::{Flaw, TransferError, Transferred};
