//! One index, and the client that speaks to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pubflow_http::{AddressError, HttpClient};
use tokio::time::Instant;

use crate::{IndexAddress, ProjectPage};

/// One index. Its operations stand in the files named after them.
#[derive(Debug)]
pub struct Index {
    pub(crate) address: IndexAddress,
    pub(crate) http: HttpClient,
    /// When the index last showed that it is the one that was meant.
    pub(crate) proven: tokio::sync::Mutex<Option<Instant>>,
    pages: Mutex<BTreeMap<String, CachedPage>>,
}

/// A listing that need not be sent again when it has not changed.
#[derive(Debug, Clone)]
pub(crate) struct CachedPage {
    pub(crate) etag: String,
    pub(crate) page: Arc<ProjectPage>,
}

impl Index {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// [`AddressError`] when a token must not be sent to one of the addresses.
    pub fn new(address: IndexAddress, http: HttpClient) -> Result<Self, AddressError> {
        address.require_safe()?;
        Ok(Self {
            address,
            http,
            proven: tokio::sync::Mutex::new(None),
            pages: Mutex::new(BTreeMap::new()),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> &IndexAddress {
        &self.address
    }

    /// Listings by normalised project name. A thread that panicked cannot leave half an entry.
    pub(crate) fn pages(&self) -> MutexGuard<'_, BTreeMap<String, CachedPage>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
