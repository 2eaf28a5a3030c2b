//! The keyring of the system: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! It is asked in a thread of its own with a deadline: a keyring may wait for a person to unlock it,
//! and a broken session bus must not hold up a release.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use keyring::Error;
use pubflow_http::Secret;

use super::{Entry, VaultError};

/// Time for a person to unlock the keyring.
const DEADLINE: Duration = Duration::from_secs(60);
/// The account of a token for every project; no project can be called so.
const ALL: &str = "*";

/// Whether there is a keyring to ask. Without a session bus the library would look for one by
/// itself, and that may take long.
pub(super) fn is_there(environment: &BTreeMap<String, String>) -> bool {
    if cfg!(any(target_os = "macos", windows)) {
        return true;
    }
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|path| Path::new(path).join("bus").exists())
}

pub(super) fn keep(entry: &Entry, token: &Secret) -> Result<(), VaultError> {
    let token = token.clone();
    within(entry, move |entry| entry.set_password(token.expose()))
}

pub(super) fn find(entry: &Entry) -> Result<Option<Secret>, VaultError> {
    let found = within(entry, |entry| match entry.get_password() {
        Ok(text) => Ok(Some(zeroize::Zeroizing::new(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })?;
    // What is no token was put there by somebody else.
    Ok(found.and_then(|text| Secret::from_text(text.as_str()).ok()))
}

/// Whether there was one.
pub(super) fn forget(entry: &Entry) -> Result<bool, VaultError> {
    within(entry, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    })
}

fn within<T: Send + 'static>(
    entry: &Entry,
    ask: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, VaultError> {
    let service = format!("pubflow {}", entry.origin);
    let account = entry.project.clone().unwrap_or_else(|| ALL.to_owned());
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || {
        let outcome = keyring::Entry::new(&service, &account)
            .and_then(|entry| ask(&entry))
            // The words of the library name the place, never the content.
            .map_err(|error| problem(&error));
        // Nobody waits any more after the deadline.
        let _ = answer.send(outcome);
    });
    match answered.recv_timeout(DEADLINE) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(problem)) => Err(VaultError::Keyring { problem }),
        Err(_) => Err(VaultError::Keyring {
            problem: format!("no answer within {} s", DEADLINE.as_secs()),
        }),
    }
}

fn problem(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) => "an entry that is no text".to_owned(),
        Error::NoDefaultStore => match keyring::Entry::store_status() {
            Err(error) => error.to_string(),
            Ok(()) => error.to_string(),
        },
        other => other.to_string(),
    }
}
