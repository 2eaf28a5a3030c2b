//! Rules that depend on what the index holds: the project, its size, names and bytes that are already there.

use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::Candidate;
use super::receive::FileDigests;
use super::words::quoted;
use crate::answer::Notice;
use crate::catalog::Catalog;
use crate::index::Index;
use crate::store::stored::{FileType, Flag, Status};

/// How long after its creation a release takes new files (R091).
const RELEASE_WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The name that refusals give to whoever holds the realm's upload token.
const UPLOADER: &str = "rehearsal";

/// The file as the rules see it.
pub(super) struct File<'a> {
    pub(super) filename: &'a str,
    pub(super) digests: &'a FileDigests,
}

/// What the index makes of a file that no rule refuses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is new.
    New,
    /// The same bytes are there under the same name (R087).
    Identical,
}

fn bad_request(words: String) -> Notice {
    Notice::refusal(StatusCode::BAD_REQUEST, words)
}

/// R060, R065 and R068.
pub(super) fn check_project(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
) -> Result<(), Notice> {
    let name = &candidate.name;
    if let Some(project) = catalog.project(name.normalized()) {
        if project.status == Status::Archived {
            return Err(Notice::refusal(
                StatusCode::FORBIDDEN,
                format!(
                    "The user {} isn't allowed to upload to project {}. See {} for more information.",
                    quoted(UPLOADER),
                    quoted(&project.name),
                    index.help("project-name"),
                ),
            ));
        }
        return Ok(());
    }
    if catalog.flag(Flag::DisallowNewProjectRegistration) {
        return Err(Notice::refusal(
            StatusCode::FORBIDDEN,
            format!(
                "New project registration temporarily disabled. See {} for more information.",
                index.help("admin-intervention"),
            ),
        ));
    }
    if catalog.lookalike(name).is_some() {
        return Err(bad_request(format!(
            "The name {} is too similar to an existing project. See {} for more information.",
            quoted(name.as_str()),
            index.help("project-name"),
        )));
    }
    Ok(())
}

/// R085.
pub(super) fn check_project_size(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
    size: u64,
) -> Result<(), Notice> {
    let there = catalog
        .project(candidate.name.normalized())
        .map_or(0, |project| project.size());
    if there.saturating_add(size) <= index.limits.project_bytes {
        return Ok(());
    }
    Err(bad_request(format!(
        "Project size too large. Limit for project {} total size is {} GB. See {} for more information.",
        quoted(candidate.name.as_str()),
        index.limits.project_bytes >> 30,
        index.help("project-size-limit"),
    )))
}

/// R087 to R092.
pub(super) fn check_file(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
    file: &File<'_>,
) -> Result<Verdict, Notice> {
    let same_name = catalog.file(file.filename);
    if same_name.is_some_and(|there| {
        there.sha256 == file.digests.sha256 && there.blake2b_256 == file.digests.blake2b_256
    }) {
        return Ok(Verdict::Identical);
    }
    if same_name.is_some() || catalog.file_with_bytes(&file.digests.blake2b_256).is_some() {
        return Err(bad_request(format!(
            "File already exists ({}, with blake2_256 hash '{}'). See {} for more information.",
            quoted(file.filename),
            file.digests.blake2b_256,
            index.help("file-name-reuse"),
        )));
    }
    if catalog.was_deleted(file.filename) {
        return Err(bad_request(format!(
            "This filename was previously used by a file that has since been deleted. Use a different version. See \
             {} for more information.",
            index.help("file-name-reuse"),
        )));
    }
    check_release(catalog, candidate)?;
    Ok(Verdict::New)
}

/// R091 and R092.
fn check_release(catalog: &Catalog, candidate: &Candidate) -> Result<(), Notice> {
    let Some(release) = catalog.release(candidate.name.normalized(), &candidate.version) else {
        return Ok(());
    };
    if Timestamp::now().duration_since(release.created) > RELEASE_WINDOW {
        return Err(bad_request(
            "Uploading new files to releases older than 14 days is not allowed.".to_owned(),
        ));
    }
    let has_sdist = release
        .files
        .values()
        .any(|file| file.file_type == FileType::Sdist);
    if candidate.file_type == FileType::Sdist && has_sdist {
        return Err(bad_request(
            "Only one sdist may be uploaded per release.".to_owned(),
        ));
    }
    Ok(())
}
