//! One realm's index: its catalog, its log and files, its secrets.
//!
//! Reads share the catalog. Writes go one at a time through [`Index::commit`], which decides on the newest state,
//! makes the event durable and only then shows it.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::answer::Notice;
use crate::catalog::{Catalog, NamedBytes};
use crate::credential::same;
use crate::fault::Faults;
use crate::request_log::RequestLog;
use crate::simple::Listings;
use crate::store::stored::{Event, Record, Unreadable};
use crate::store::{Blobs, DataDirectory, Log, RealmSecrets};
use crate::trusted::Issuer;
use crate::{Limits, Profile, Realm, ServerError};

/// One realm's index.
pub(crate) struct Index {
    pub(crate) realm: Realm,
    /// Scheme, host and port as announced, without a final slash.
    pub(crate) origin: String,
    /// The origin of the other realm.
    pub(crate) sibling: String,
    pub(crate) nonce: String,
    pub(crate) secrets: RealmSecrets,
    /// The key of the tokens in the web forms; it need not outlive the process.
    pub(crate) form_key: String,
    pub(crate) limits: Limits,
    pub(crate) profile: Profile,
    pub(crate) issuer: Issuer,
    clock_offset: SignedDuration,
    pub(crate) blobs: Blobs,
    pub(crate) listings: Listings,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    catalog: RwLock<Catalog>,
    log: Mutex<Log>,
    /// Keeps the directory locked while anybody can still write to it.
    _data: Arc<DataDirectory>,
}

/// What an index is told about itself at start.
pub(crate) struct Identity {
    pub(crate) realm: Realm,
    pub(crate) origin: String,
    /// The origin of the other realm.
    pub(crate) sibling: String,
    pub(crate) nonce: String,
    pub(crate) secrets: RealmSecrets,
    pub(crate) form_key: String,
    pub(crate) limits: Limits,
    pub(crate) profile: Profile,
    pub(crate) issuer: Issuer,
    pub(crate) clock_offset: SignedDuration,
}

impl Index {
    /// Replays the realm's log and removes files that no event names.
    pub(crate) fn open(data: &Arc<DataDirectory>, identity: Identity) -> Result<Self, ServerError> {
        let mut catalog = Catalog::over(data.log_reader(identity.realm)?);
        let mut named = NamedBytes::default();
        let (log, blobs) = data.realm(identity.realm, |place, record| {
            named.see(&record.event, &catalog).map_err(|_| Unreadable)?;
            catalog.apply(place, record)
        })?;
        blobs
            .sweep(|digest| named.contains(digest))
            .map_err(|source| ServerError::Data {
                path: PathBuf::from(identity.realm.as_str()),
                source,
            })?;
        Ok(Self {
            realm: identity.realm,
            origin: identity.origin,
            sibling: identity.sibling,
            nonce: identity.nonce,
            secrets: identity.secrets,
            form_key: identity.form_key,
            limits: identity.limits,
            profile: identity.profile,
            issuer: identity.issuer,
            clock_offset: identity.clock_offset,
            blobs,
            listings: Listings::default(),
            requests: RequestLog::default(),
            faults: Faults::default(),
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
    pub(crate) fn commit<E: From<io::Error>>(
        &self,
        decide: impl FnOnce(&Catalog) -> Result<Decision, E>,
    ) -> Result<(), E> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let Decision::Record(events) = decide(&self.catalog())? else {
            return Ok(());
        };
        self.write(&mut log, events)?;
        Ok(())
    }

    fn write(&self, log: &mut Log, events: Vec<Event>) -> io::Result<()> {
        let at = text(self.now());
        let records: Vec<Record> = (log.next_number()..)
            .zip(events)
            .map(|(n, event)| Record::new(n, at.clone(), event))
            .collect();
        let places = log.append(&records)?;
        let mut catalog = self.catalog.write().unwrap_or_else(PoisonError::into_inner);
        for (place, record) in places.into_iter().zip(records) {
            catalog
                .apply(place, record)
                .map_err(|_| io::Error::other("an event names what is not there"))?;
        }
        Ok(())
    }

    /// Makes many events durable at once and shows them, without asking whether they may happen.
    ///
    /// # Errors
    /// When the disk refuses; none of them has happened then.
    pub(crate) fn record_all(&self, events: Vec<Event>) -> io::Result<()> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        self.write(&mut log, events)
    }

    /// The time by this realm's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
            .checked_add(self.clock_offset)
            .unwrap_or_else(|_| Timestamp::now())
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
    /// All of this happens, or none of it.
    Record(Vec<Event>),
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

impl From<io::Error> for Notice {
    fn from(error: io::Error) -> Self {
        disk_refused(error)
    }
}

/// RFC 3339 in UTC with microseconds, as the simple API and the log write it.
pub(crate) fn text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
