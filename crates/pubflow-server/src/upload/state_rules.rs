//! Rules that depend on what the index holds: the project, its size, names and bytes that are
//! already there.

use jiff::{SignedDuration, Timestamp};

use super::Candidate;
use super::receive::FileDigests;
use crate::answer::Notice;
use crate::catalog::Catalog;
use crate::index::Index;
use crate::refusal::{by_rule, in_words, quoted};
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

/// R060, R065 and R068.
pub(super) fn check_project(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
) -> Result<(), Notice> {
    let name = &candidate.name;
    if let Some(project) = catalog.project(name.normalized()) {
        if project.status == Status::Archived {
            let words = format!(
                "The user {} isn't allowed to upload to project {}",
                quoted(UPLOADER),
                quoted(&project.name)
            );
            return Err(in_words(&index.origin, "R068", words));
        }
        return Ok(());
    }
    if catalog.flag(Flag::DisallowNewProjectRegistration) {
        return Err(by_rule(&index.origin, "R060", &[]));
    }
    if catalog.lookalike(name).is_some() {
        return Err(by_rule(&index.origin, "R065", &[&quoted(name.as_str())]));
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
    let project = catalog.project(candidate.name.normalized());
    let there = project.map_or(0, |project| project.size());
    if there.saturating_add(size) <= index.limits.project_bytes {
        return Ok(());
    }
    let limit = (index.limits.project_bytes >> 30).to_string();
    let name = quoted(candidate.name.as_str());
    Err(by_rule(&index.origin, "R085", &[&name, &limit]))
}

/// R087 to R092.
pub(super) fn check_file(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
    file: &File<'_>,
) -> Result<Verdict, Notice> {
    let digests = file.digests;
    let same_name = catalog.file(file.filename);
    if same_name.is_some_and(|there| {
        there.sha256 == digests.sha256 && there.blake2b_256 == digests.blake2b_256
    }) {
        return Ok(Verdict::Identical);
    }
    if same_name.is_some() || catalog.file_with_bytes(&digests.blake2b_256).is_some() {
        let values = [
            quoted(file.filename),
            quoted(&digests.blake2b_256.to_string()),
        ];
        return Err(by_rule(&index.origin, "R088", &[&values[0], &values[1]]));
    }
    if catalog.was_deleted(file.filename) {
        return Err(by_rule(&index.origin, "R090", &[]));
    }
    check_release(catalog, index, candidate)?;
    Ok(Verdict::New)
}

/// R091 and R092.
fn check_release(catalog: &Catalog, index: &Index, candidate: &Candidate) -> Result<(), Notice> {
    let release = catalog.release(candidate.name.normalized(), &candidate.version);
    let Some(release) = release else {
        return Ok(());
    };
    if Timestamp::now().duration_since(release.created) > RELEASE_WINDOW {
        return Err(by_rule(&index.origin, "R091", &[]));
    }
    let mut files = release.files.values();
    let has_sdist = files.any(|file| file.file_type == FileType::Sdist);
    if candidate.file_type == FileType::Sdist && has_sdist {
        return Err(by_rule(&index.origin, "R092", &[]));
    }
    Ok(())
}
