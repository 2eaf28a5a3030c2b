//! What `pubflow cache --format json` prints.

use std::time::SystemTime;

use pubflow_python::cache::{Cache, CachedEnvironment, Cleared};
use serde::Serialize;

/// What is kept.
#[derive(Debug, Serialize)]
pub(crate) struct CacheDocument {
    schema: u32,
    directory: String,
    limit_bytes: u64,
    environments: Vec<EnvironmentJson>,
}

#[derive(Debug, Serialize)]
struct EnvironmentJson {
    key: String,
    python: String,
    requirements: Vec<String>,
    bytes: u64,
    /// Seconds since 1970.
    used: Option<u64>,
    in_use: bool,
}

impl CacheDocument {
    /// The document for what was found.
    pub(crate) fn new(cache: &Cache, environments: &[CachedEnvironment]) -> Self {
        let json = |one: &CachedEnvironment| EnvironmentJson {
            key: one.key.clone(),
            python: one.interpreter.clone(),
            requirements: one.requirements.clone(),
            bytes: one.bytes,
            used: one
                .used
                .and_then(|used| used.duration_since(SystemTime::UNIX_EPOCH).ok())
                .map(|since| since.as_secs()),
            in_use: one.is_in_use,
        };
        Self {
            schema: super::SCHEMA,
            directory: cache.root().display().to_string(),
            limit_bytes: cache.limit_bytes(),
            environments: environments.iter().map(json).collect(),
        }
    }
}

/// What was taken away.
#[derive(Debug, Serialize)]
pub(crate) struct ClearedDocument {
    schema: u32,
    environments: usize,
    in_use: usize,
    bytes: u64,
}

impl ClearedDocument {
    /// The document for what was taken away.
    pub(crate) fn new(cleared: Cleared) -> Self {
        Self {
            schema: super::SCHEMA,
            environments: cleared.n_environments,
            in_use: cleared.n_in_use,
            bytes: cleared.bytes,
        }
    }
}
