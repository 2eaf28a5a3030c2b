//! Fetches the files of a release whose digests are known, several at a time.
//!
//! The digests come from a manifest or a person, never from the index that the files come from:
//! names on a trial index may be somebody else's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pubflow_index::{IndexFile, ProjectPage};
use pubflow_pipeline::{Failure, FailureClass, Report};
use pubflow_spec::{ProjectName, Sha256, Version};
use tokio::task::JoinSet;

use crate::failure::{download_failure, observe_failure};
use crate::upload::IndexTarget;

/// A file that shall be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedFile {
    /// Its name; any name of the release where none is given.
    pub filename: Option<String>,
    /// Its digest.
    pub sha256: Sha256,
}

/// Fetches every wanted file of a release into `folder`, at most `jobs` at a time.
///
/// # Errors
/// A [`Failure`]: the index does not list one of them, or serves other bytes.
pub async fn fetch_files(
    source: &IndexTarget,
    (project, version): (&ProjectName, &Version),
    wanted: &[WantedFile],
    folder: &Path,
    jobs: usize,
) -> Result<Vec<(PathBuf, Sha256)>, Failure> {
    let index = &source.index;
    let page = index.project(project).await;
    let page = page.map_err(|error| observe_failure(&index.address().name, &error))?;
    let mut queue = Vec::new();
    for file in wanted {
        let listed = page.as_deref().and_then(|page| listed(page, version, file));
        let listed = listed.ok_or_else(|| not_there(source, (project, version), file))?;
        queue.push((listed.clone(), file.sha256));
    }
    queue.reverse();
    let mut running = JoinSet::new();
    let mut fetched = Vec::new();
    loop {
        while running.len() < jobs.max(1)
            && let Some((file, sha256)) = queue.pop()
        {
            let index = Arc::clone(index);
            // The listing's name was read as a distribution's, so it has no directory in it.
            let path = folder.join(&file.filename);
            running.spawn(async move {
                let outcome = index.download_expecting(&file, sha256, &path).await;
                outcome.map(|_| (path, sha256))
            });
        }
        match running.join_next().await {
            None => break,
            Some(Ok(Ok(file))) => fetched.push(file),
            Some(Ok(Err(error))) => return Err(download_failure(&index.address().name, &error)),
            Some(Err(_)) => {
                let report = Report::new("a download was cut short").code("E201");
                return Err(Failure::new(FailureClass::Machine, report));
            }
        }
    }
    fetched.sort();
    Ok(fetched)
}

/// The listed file that is meant. One of the right name is meant even when its digest differs: that
/// is said then, by name.
fn listed<'a>(
    page: &'a ProjectPage,
    version: &'a Version,
    wanted: &WantedFile,
) -> Option<&'a IndexFile> {
    page.release(version).find(|file| match &wanted.filename {
        Some(name) => file.filename == *name,
        None => file.sha256 == Some(wanted.sha256),
    })
}

fn not_there(
    source: &IndexTarget,
    (project, version): (&ProjectName, &Version),
    file: &WantedFile,
) -> Failure {
    let what = match &file.filename {
        Some(name) => format!("`{name}`"),
        None => format!("a file of {project} {version} with SHA-256 {}", file.sha256),
    };
    let report = Report::new(format!("{} does not list {what}", source.name()))
        .code("E210")
        .why("only the very bytes whose digest is known from elsewhere are promoted")
        .next("see the digest and the version; `pubflow promote FILE…` takes files from here");
    Failure::new(FailureClass::Refused, report)
}
