//! Waits until installers can see what was uploaded, or what was yanked.
//!
//! Caches in front of an index show a new file at different times and may fall back, so a file
//! counts as visible only after several looks in a row. When the patience ends, "not uploaded" is
//! told apart from "not visible yet" by the project page behind the caches, where there is one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pubflow_http::Request;
use pubflow_spec::{ProjectName, Sha256, Version};
use tokio::time::{Instant, sleep};
use url::Url;

use crate::address::below;
use crate::{Index, IndexFile, ObserveError, ProjectPage, ProjectStatus, Retry};

mod wire;

/// The project page's release object; larger ones are not read.
const RELEASE_BYTES: u64 = 16 * 1024 * 1024;

/// A file as it shall be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its name.
    pub filename: String,
    /// Of its content; none where its name is enough.
    pub sha256: Option<Sha256>,
    /// Whether installers shall pass it over; none where that does not matter.
    pub yanked: Option<bool>,
}

/// How long and how often to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// In all, but for the looks that confirm one which showed everything.
    pub within: Duration,
    /// Between the first looks; later ones are up to ten times as far apart.
    pub every: Duration,
    /// Looks in a row that must all show it; at least one is taken.
    pub hits: u32,
}

/// One look.
#[derive(Debug)]
pub struct Poll<'a> {
    /// Counted from 1.
    pub number: u32,
    /// Since the waiting began.
    pub waited: Duration,
    /// Files that are not listed as expected.
    pub missing: &'a [String],
    /// Why this look failed, if it did.
    pub error: Option<&'a ObserveError>,
}

/// Every file was listed as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Since the waiting began.
    pub waited: Duration,
    /// How often it was looked.
    pub polls: u32,
    /// The listing of the last look; none where nothing was expected and nothing is there.
    pub page: Option<Arc<ProjectPage>>,
}

/// What the project page behind the caches says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It shows the files: they are uploaded and not visible yet.
    Uploaded,
    /// It does not show them.
    NotUploaded,
    /// There is no such page, or it could not be read.
    Unknown,
}

/// Why the waiting ended without success.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// A file of the same name with other content is listed; waiting longer cannot help.
    #[error("`{filename}` is listed with SHA-256 {found}, {expected} was expected")]
    Different {
        /// The file.
        filename: String,
        /// What is listed.
        found: Sha256,
        /// What was expected.
        expected: Sha256,
    },
    /// The index holds the project back: its files are not listed, however long one waits.
    #[error("the index has quarantined `{project}`")]
    Quarantined {
        /// The project.
        project: String,
    },
    /// The patience ended.
    #[error("{} within {} s: `{}`", describe(*standing), waited.as_secs(), missing.join("`, `"))]
    NotVisible {
        /// The files that are not listed as expected.
        missing: Vec<String>,
        /// How long was waited.
        waited: Duration,
        /// What the project page behind the caches says.
        standing: Standing,
    },
    /// The index could not be asked, or not at the end.
    #[error("the index could not be asked for {} s", waited.as_secs())]
    Unreachable {
        /// How long was waited.
        waited: Duration,
        /// The last failure.
        source: ObserveError,
    },
}

/// Why a look shows nothing.
enum Look {
    /// The index could not be asked this time.
    Failed(ObserveError),
    /// Looking again cannot help.
    Hopeless(WaitError),
}

impl Patience {
    /// Half an hour for caches to catch up, three looks in a row, two seconds apart at first.
    #[must_use]
    pub fn for_public_index() -> Self {
        Self {
            within: Duration::from_secs(30 * 60),
            every: Duration::from_secs(2),
            hits: 3,
        }
    }

    /// For an index on this machine, which has no caches: one look that shows it.
    #[must_use]
    pub fn for_loopback() -> Self {
        Self {
            within: Duration::from_secs(60),
            every: Duration::from_millis(100),
            hits: 1,
        }
    }

    /// How long to sleep before the look after the `number`th.
    fn pause(&self, number: u32) -> Duration {
        self.every * number.min(10)
    }
}

impl Index {
    /// Waits until every file is listed as expected.
    ///
    /// # Errors
    /// [`WaitError`]; errors of single looks are told to `tell` and survived.
    pub async fn wait_until_visible(
        &self,
        (project, version): (&ProjectName, &Version),
        expected: &[Expected],
        patience: Patience,
        tell: &(dyn Fn(&Poll<'_>) + Send + Sync),
    ) -> Result<Seen, WaitError> {
        let begun = Instant::now();
        let mut hashed = BTreeMap::new();
        let mut hits = 0;
        let mut number = 0;
        loop {
            number += 1;
            let (missing, page, error) = match self.look(project, expected, &mut hashed).await {
                Ok((missing, page)) => (missing, page, None),
                Err(Look::Failed(error)) => (names(expected), None, Some(error)),
                Err(Look::Hopeless(error)) => return Err(error),
            };
            let waited = begun.elapsed();
            tell(&Poll {
                number,
                waited,
                missing: &missing,
                error: error.as_ref(),
            });
            hits = if missing.is_empty() { hits + 1 } else { 0 };
            if hits >= patience.hits.max(1) {
                return Ok(Seen {
                    waited,
                    polls: number,
                    page,
                });
            }
            // Looks that confirm need not be as far apart as looks that wait, and there are few of them:
            // they are taken even when the time is up, since nothing is missing.
            if hits > 0 {
                sleep(patience.every).await;
                continue;
            }
            // The last look is at the end of the time, unless the index asked not to be asked again
            // before.
            let left = patience.within.saturating_sub(waited);
            let usual = patience.pause(number).min(left);
            let pause = error.as_ref().and_then(asked).unwrap_or(usual);
            let is_hopeless = error.as_ref().is_some_and(|error| {
                matches!(error.retry(), Retry::Permanent | Retry::Unauthorised)
            });
            if is_hopeless || left.is_zero() || pause > left {
                return Err(match error {
                    Some(source) => WaitError::Unreachable { waited, source },
                    None => WaitError::NotVisible {
                        standing: self.standing(project, version, expected).await,
                        missing,
                        waited,
                    },
                });
            }
            sleep(pause).await;
        }
    }

    /// One look: the files that are not listed as expected, and the listing. `hashed` remembers files whose listing
    /// holds no digest, so that each is read once.
    async fn look(
        &self,
        project: &ProjectName,
        expected: &[Expected],
        hashed: &mut BTreeMap<Url, Sha256>,
    ) -> Result<(Vec<String>, Option<Arc<ProjectPage>>), Look> {
        let Some(page) = self.project(project).await.map_err(Look::Failed)? else {
            return Ok((names(expected), None));
        };
        if page.status == ProjectStatus::Quarantined {
            let project = project.normalized().to_owned();
            return Err(Look::Hopeless(WaitError::Quarantined { project }));
        }
        let mut missing = Vec::new();
        for file in expected {
            let Some(listed) = page.find(&file.filename) else {
                missing.push(file.filename.clone());
                continue;
            };
            if let Some(sha256) = file.sha256 {
                self.require_digest(listed, sha256, hashed).await?;
            }
            let is_yanked = listed.yanked.is_some();
            if file.yanked.is_some_and(|yanked| yanked != is_yanked) {
                missing.push(file.filename.clone());
            }
        }
        Ok((missing, Some(page)))
    }

    /// Compares what is listed, or served where no digest is listed, with what was expected.
    async fn require_digest(
        &self,
        listed: &IndexFile,
        expected: Sha256,
        hashed: &mut BTreeMap<Url, Sha256>,
    ) -> Result<(), Look> {
        let found = match listed.sha256.or_else(|| hashed.get(&listed.url).copied()) {
            Some(found) => found,
            None => {
                let no_digest = |error| Look::Failed(ObserveError::NoDigest(Box::new(error)));
                let found = self.hash_remote(listed).await.map_err(no_digest)?;
                hashed.insert(listed.url.clone(), found);
                found
            }
        };
        if found == expected {
            return Ok(());
        }
        Err(Look::Hopeless(WaitError::Different {
            filename: listed.filename.clone(),
            found,
            expected,
        }))
    }

    /// What the project page behind the caches says of the files.
    async fn standing(
        &self,
        project: &ProjectName,
        version: &Version,
        expected: &[Expected],
    ) -> Standing {
        let Some(web) = &self.address.web else {
            return Standing::Unknown;
        };
        let path = format!("pypi/{}/{version}/json", project.normalized());
        let request = Request::get(below(web, &path)).header("cache-control", "no-cache");
        let Ok(response) = self.http.send(request).await else {
            return Standing::Unknown;
        };
        match response.status() {
            404 => Standing::NotUploaded,
            200 => match response.read(RELEASE_BYTES).await {
                Ok(body) => wire::standing(&body, expected),
                Err(_) => Standing::Unknown,
            },
            _ => Standing::Unknown,
        }
    }
}

fn names(expected: &[Expected]) -> Vec<String> {
    expected.iter().map(|file| file.filename.clone()).collect()
}

fn asked(error: &ObserveError) -> Option<Duration> {
    match error.retry() {
        Retry::Transient { after } => after,
        _ => None,
    }
}

fn describe(standing: Standing) -> &'static str {
    match standing {
        Standing::Uploaded => "uploaded, but not visible to installers",
        Standing::NotUploaded => "not uploaded, and not visible",
        Standing::Unknown => "not visible to installers",
    }
}

#[cfg(test)]
mod tests;
