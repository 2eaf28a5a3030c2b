//! The admin API: one JSON operation a request.
//!
//! It does what owners and administrators do on PyPI's web pages, so that rehearsals and tests need no browser. The
//! admin token opens all of it; the realm's upload token opens yanking alone.

mod wire;

use std::sync::Arc;

use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};
use pubflow_spec::{ProjectName, Version};
use tokio::task;

use crate::FaultPlan;
use crate::account::REHEARSAL;
use crate::answer::{Answer, Notice, page};
use crate::catalog::{Catalog, Project, Release};
use crate::credential::token_of;
use crate::index::{Decision, Index, text};
use crate::route::SmallRequest;
use crate::store::stored::account::{PendingPublisher, Publisher};
use crate::store::stored::{Event, Flag, ProjectRecord, Status};

/// What can be asked for.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    /// Lets a CI workflow upload to a project; one that is not there yet is made at its first upload.
    Publisher {
        project: String,
        publisher: Publisher,
    },
    /// Puts a plan of faults in force; it is forgotten when the process ends.
    Faults(FaultPlan),
    /// Marks a release as not to be chosen by installers.
    Yank {
        project: String,
        version: String,
        reason: String,
    },
    /// Takes a yank back.
    Unyank { project: String, version: String },
    /// Deletes a file; its name stays used.
    DeleteFile { filename: String },
    /// Deletes a release with its files.
    DeleteRelease { project: String, version: String },
    /// Gives a project another status.
    Status { project: String, status: Status },
    /// Makes a release that many days old.
    Age {
        project: String,
        version: String,
        days: i64,
    },
    /// Sets a switch.
    Flag { flag: Flag, on: bool },
}

/// Performs one operation and answers in JSON, whatever the client accepts.
///
/// # Errors
/// None at present: refusals are answers here.
pub(crate) async fn answer(index: &Arc<Index>, request: SmallRequest) -> Result<Answer, Notice> {
    let done = match authorised(index, &request) {
        Ok(operation) => perform(index, operation).await,
        Err(refusal) => Err(refusal),
    };
    Ok(match done {
        Ok(()) => page(StatusCode::OK, "application/json", wire::ok()),
        Err(refusal) => page(
            refusal.status,
            "application/json",
            wire::refused(refusal.words()),
        ),
    })
}

fn authorised(index: &Index, request: &SmallRequest) -> Result<Operation, Notice> {
    let token = token_of(request.headers(), &index.origin)?;
    let admin = index.is_admin_token(&token);
    if !admin && !index.is_upload_token(&token) {
        return Err(crate::credential::invalid(&index.origin));
    }
    let operation = wire::operation(request.body()).map_err(|error| {
        Notice::refusal(
            StatusCode::BAD_REQUEST,
            format!("not an operation: {error}"),
        )
    })?;
    let yanking = matches!(operation, Operation::Yank { .. } | Operation::Unyank { .. });
    if admin || yanking {
        Ok(operation)
    } else {
        Err(Notice::refusal(
            StatusCode::FORBIDDEN,
            "this operation needs the admin token",
        ))
    }
}

/// Performs one operation durably.
///
/// # Errors
/// 404 when it names something that is not there, 400 when a value is out of range, 507 when the disk refuses.
pub(crate) async fn perform(index: &Arc<Index>, operation: Operation) -> Result<(), Notice> {
    if let Operation::Faults(plan) = &operation {
        index.faults.set(plan, index.realm);
        return Ok(());
    }
    let index = Arc::clone(index);
    task::spawn_blocking(move || index.commit(|catalog| decide(catalog, operation, index.now())))
        .await
        .expect("an operation does not panic and is not cancelled")
}

fn decide(catalog: &Catalog, operation: Operation, now: Timestamp) -> Result<Decision, Notice> {
    let event = match operation {
        Operation::Yank {
            project,
            version,
            reason,
        } => {
            let project = find_project(catalog, &project)?;
            let release = find_release(&project, &version)?;
            if release.yanked.as_ref() == Some(&reason) {
                return Ok(Decision::Nothing);
            }
            Event::Yank {
                project: project.normalized.clone(),
                version: release.version.to_string(),
                reason,
            }
        }
        Operation::Unyank { project, version } => {
            let project = find_project(catalog, &project)?;
            let release = find_release(&project, &version)?;
            if release.yanked.is_none() {
                return Ok(Decision::Nothing);
            }
            Event::Unyank {
                project: project.normalized.clone(),
                version: release.version.to_string(),
            }
        }
        Operation::DeleteFile { filename } => {
            catalog
                .file(&filename)?
                .ok_or_else(|| missing(format!("no file `{filename}`")))?;
            Event::DeleteFile { filename }
        }
        Operation::DeleteRelease { project, version } => {
            let project = find_project(catalog, &project)?;
            let release = find_release(&project, &version)?;
            Event::DeleteRelease {
                project: project.normalized.clone(),
                version: release.version.to_string(),
            }
        }
        Operation::Status { project, status } => {
            let project = find_project(catalog, &project)?;
            Event::Status {
                project: project.normalized.clone(),
                status,
            }
        }
        Operation::Age {
            project,
            version,
            days,
        } => {
            let project = find_project(catalog, &project)?;
            let release = find_release(&project, &version)?;
            Event::Age {
                project: project.normalized.clone(),
                version: release.version.to_string(),
                created: days_before(now, days)?,
            }
        }
        Operation::Flag { flag, on } => Event::Flag { flag, on },
        Operation::Publisher { project, publisher } => register(catalog, project, publisher),
        Operation::Faults(_) => return Ok(Decision::Nothing),
    };
    Ok(Decision::Record(vec![event]))
}

fn register(catalog: &Catalog, name: String, publisher: Publisher) -> Event {
    let Ok(project) = find_project(catalog, &name) else {
        return Event::PendingPublisher(PendingPublisher {
            user: REHEARSAL.to_owned(),
            project_name: name,
            publisher,
        });
    };
    let mut people = project.people.iter().cloned();
    let mut publishers = project.publishers.clone();
    if !publishers.contains(&publisher) {
        publishers.push(publisher);
    }
    Event::Project(ProjectRecord {
        name: project.name.clone(),
        owner: people.next().unwrap_or_else(|| REHEARSAL.to_owned()),
        maintainers: people.collect(),
        publishers,
    })
}

fn find_project(catalog: &Catalog, name: &str) -> Result<Arc<Project>, Notice> {
    let missing = || missing(format!("no project `{name}`"));
    let parsed = ProjectName::parse(name).map_err(|_| missing())?;
    catalog.project(parsed.normalized())?.ok_or_else(missing)
}

fn find_release<'a>(project: &'a Project, version: &str) -> Result<&'a Release, Notice> {
    Version::parse(version)
        .ok()
        .and_then(|parsed| project.releases.get(&parsed))
        .ok_or_else(|| missing(format!("no release `{version}` of `{}`", project.name)))
}

fn missing(words: String) -> Notice {
    Notice::refusal(StatusCode::NOT_FOUND, words)
}

fn days_before(now: Timestamp, days: i64) -> Result<String, Notice> {
    let seconds = days.checked_mul(24 * 60 * 60);
    seconds
        .map(SignedDuration::from_secs)
        .and_then(|age| now.checked_sub(age).ok())
        .map(text)
        .ok_or_else(|| {
            Notice::refusal(
                StatusCode::BAD_REQUEST,
                format!("{days} days is out of range"),
            )
        })
}
