//! One realm's index: its catalog, its log and files, its secrets.
//!
//! Reads share the catalog. Writes go one at a time through [`Index::commit`], which decides on the newest state,
//! makes the event durable and only then shows it.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use hyper::StatusCode;
use jiff::Timestamp;

use crate::answer::Notice;
use crate::catalog::Catalog;
use crate::credential::same;
use crate::request_log::RequestLog;
use crate::store::stored::{Event, Record};
use crate::store::{Blobs, DataDirectory, Log, RealmSecrets};
use crate::{Limits, Realm, ServerError};

/// One realm's index.
pub(crate) struct Index {
    pub(crate) realm: Realm,
    /// Scheme, host and port as announced, without a final slash.
    pub(crate) origin: String,
    pub(crate) nonce: String,
    pub(crate) secrets: RealmSecrets,
    /// The key of the tokens in the web forms; it need not outlive the process.
    pub(crate) form_key: String,
    pub(crate) limits: Limits,
    pub(crate) blobs: Blobs,
    pub(crate) requests: RequestLog,
    catalog: RwLock<Catalog>,
    log: Mutex<Log>,
    /// Keeps the directory locked while anybody can still write to it.
    _data: Arc<DataDirectory>,
}

/// What an index is told about itself at start.
pub(crate) struct Identity {
    pub(crate) realm: Realm,
    pub(crate) origin: String,
    pub(crate) nonce: String,
    pub(crate) secrets: RealmSecrets,
    pub(crate) form_key: String,
}

impl Index {
    /// Replays the realm's log and removes files that no event names.
    pub(crate) fn open(
        data: &Arc<DataDirectory>,
        identity: Identity,
        limits: Limits,
    ) -> Result<Self, ServerError> {
        let mut catalog = Catalog::default();
        let (log, blobs) = data.realm(identity.realm, |record| catalog.apply(record))?;
        blobs
            .sweep(&catalog.stored_digests())
            .map_err(|source| ServerError::Data {
                path: PathBuf::from(identity.realm.as_str()),
                source,
            })?;
        Ok(Self {
            realm: identity.realm,
            origin: identity.origin,
            nonce: identity.nonce,
            secrets: identity.secrets,
            form_key: identity.form_key,
            limits,
            blobs,
            requests: RequestLog::default(),
            catalog: RwLock::new(catalog),
            log: Mutex::new(log),
            _data: Arc::clone(data),
        })
    }

    /// The state as of now.
    pub(crate) fn catalog(&self) -> RwLockReadGuard<'_, Catalog> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides on the newest state whether and which event happens, makes it durable, and shows it.
    ///
    /// The decision may store files: nothing names them until the event is logged. Blocks on the disk.
    pub(crate) fn commit(
        &self,
        decide: impl FnOnce(&Catalog) -> Result<Decision, Notice>,
    ) -> Result<(), Notice> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let Decision::Record(event) = decide(&self.catalog())? else {
            return Ok(());
        };
        let record = Record::new(log.next_number(), text(Timestamp::now()), event);
        log.append(&record).map_err(disk_refused)?;
        let mut catalog = self.catalog.write().unwrap_or_else(PoisonError::into_inner);
        catalog
            .apply(record)
            .expect("a decision names only what the catalog holds");
        Ok(())
    }

    /// Whether this is the realm's upload token.
    pub(crate) fn is_upload_token(&self, token: &str) -> bool {
        same(token, &self.secrets.token)
    }

    /// Whether this is the realm's admin token.
    pub(crate) fn is_admin_token(&self, token: &str) -> bool {
        same(token, &self.secrets.admin_token)
    }
}

/// What a commit comes to.
pub(crate) enum Decision {
    /// This happens.
    Record(Event),
    /// Nothing has to happen: the state is already as wished.
    Nothing,
}

/// The refusal when the disk does not take an event.
pub(crate) fn disk_refused(error: io::Error) -> Notice {
    Notice::refusal(
        StatusCode::INSUFFICIENT_STORAGE,
        format!("The index could not store this: {error}"),
    )
}

/// RFC 3339 in UTC with microseconds, as the simple API and the log write it.
pub(crate) fn text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
