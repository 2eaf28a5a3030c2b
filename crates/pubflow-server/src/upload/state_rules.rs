//! Rules that depend on what the index holds: the project, its size, names and bytes that are
//! already there.

use hyper::StatusCode;
use jiff::SignedDuration;
use pubflow_metadata::upload_rule::Form;
use pubflow_spec::ProjectName;

use super::Candidate;
use super::receive::FileDigests;
use crate::account::{Bearer, Rate};
use crate::answer::Notice;
use crate::catalog::{Catalog, Project};
use crate::index::Index;
use crate::refusal::{by_rule, in_words, quoted};
use crate::store::stored::{FileType, Flag, Status};

/// How long after its creation a release takes new files (R091).
const RELEASE_WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

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

/// What making a project costs whoever makes it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing(Option<Rate>);

impl Standing {
    /// Every answer after the making of a project tells how many more may be made.
    pub(super) fn tell(self, notice: Notice) -> Notice {
        match self.0 {
            Some(rate) => rate.tell(notice),
            None => notice,
        }
    }
}

/// R056 to R070: whether the project may be made, or uploaded to, by whoever asks.
pub(super) fn check_project(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
) -> Result<Standing, Notice> {
    let (name, credential) = (&candidate.name, &candidate.credential);
    let now = index.now();
    let existing = catalog.project(name.normalized())?;
    let existing = existing.as_deref();
    let standing = match existing {
        Some(_) => Standing::default(),
        None => check_new_project(catalog, index, candidate)?,
    };
    let shown = existing.map_or(name.as_str(), |project| project.name.as_str());
    let objection = credential.objection((shown, name.normalized()), existing, now);
    if let Some(words) = objection {
        let notice = Notice::refusal(StatusCode::FORBIDDEN, words);
        return Err(standing.tell(notice));
    }
    if let Some(project) = existing {
        check_permission(index, project, &credential.bearer)?;
        check_account(catalog, index, &credential.bearer)?;
    }
    Ok(standing)
}

/// R056 to R065.
fn check_new_project(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
) -> Result<Standing, Notice> {
    let Some(user) = candidate.credential.bearer.user() else {
        return Err(by_rule(&index.origin, "R056", &[]));
    };
    check_account(catalog, index, &candidate.credential.bearer)?;
    let rate = catalog.accounts().rate(user, index.now());
    if rate.is_used_up() {
        return Err(rate.tell(by_rule(&index.origin, "R059", &[])));
    }
    check_new_name(catalog, &index.origin, &candidate.name).map_err(|notice| rate.tell(notice))?;
    Ok(Standing(Some(rate)))
}

/// R060 to R065: whether a project of this name may be made by anybody.
pub(crate) fn check_new_name(
    catalog: &Catalog,
    origin: &str,
    name: &ProjectName,
) -> Result<(), Notice> {
    let refuse = |number| Err(by_rule(origin, number, &[&quoted(name.as_str())]));
    if catalog.flag(Flag::DisallowNewProjectRegistration) {
        Err(by_rule(origin, "R060", &[]))
    } else if name.is_standard_library_name() {
        refuse("R062")
    } else if catalog.accounts().is_prohibited(name.normalized()) {
        refuse("R064")
    } else if catalog.has_lookalike(name) {
        refuse("R065")
    } else {
        Ok(())
    }
}

/// R057 and R058 for a new project, R070 for one that is there.
fn check_account(catalog: &Catalog, index: &Index, bearer: &Bearer) -> Result<(), Notice> {
    let Bearer::User(name) = bearer else {
        return Ok(());
    };
    let Some(user) = catalog.accounts().user(name) else {
        return Ok(());
    };
    if !user.email_verified {
        Err(by_rule(&index.origin, "R057", &[&quoted(name)]))
    } else if !user.second_factor {
        Err(by_rule(&index.origin, "R058", &[&quoted(name)]))
    } else {
        Ok(())
    }
}

/// R066, R068 and R069: what the project itself grants.
fn check_permission(index: &Index, project: &Project, bearer: &Bearer) -> Result<(), Notice> {
    let granted = match bearer {
        Bearer::Rehearsal => true,
        Bearer::User(name) => project.people.contains(name),
        Bearer::Publisher(_) => project.status != Status::Quarantined,
    };
    if granted && project.status != Status::Archived {
        return Ok(());
    }
    let who = match bearer.user() {
        Some(user) => format!("The user {}", quoted(user)),
        None => "The given token".to_owned(),
    };
    let project = quoted(&project.name);
    let words = format!("{who} isn't allowed to upload to project {project}");
    Err(in_words(&index.origin, "R066", words))
}

/// R074.
pub(super) fn check_description(index: &Index, form: &Form<'_>) -> Result<(), Notice> {
    let Some(text) = form.first("description").filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    let content_type = form
        .first("description_content_type")
        .filter(|given| !given.is_empty());
    if pubflow_readme::judge(text, content_type, pubflow_readme::Profile::default()).accepted {
        return Ok(());
    }
    let words = match content_type {
        Some(given) => format!("The description failed to render for {}", quoted(given)),
        None => {
            "The description failed to render in the default format of reStructuredText".to_owned()
        }
    };
    Err(in_words(&index.origin, "R074", words))
}

/// R085.
pub(super) fn check_project_size(
    catalog: &Catalog,
    index: &Index,
    candidate: &Candidate,
    size: u64,
) -> Result<(), Notice> {
    let project = catalog.project(candidate.name.normalized())?;
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
    let same_name = catalog.file(file.filename)?;
    if same_name.as_ref().is_some_and(|there| {
        there.sha256 == digests.sha256 && there.blake2b_256 == digests.blake2b_256
    }) {
        return Ok(Verdict::Identical);
    }
    if same_name.is_some() || catalog.file_with_bytes(&digests.blake2b_256)?.is_some() {
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

/// Whether the release that a file belongs to is there already.
pub(super) fn has_release(catalog: &Catalog, candidate: &Candidate) -> Result<bool, Notice> {
    let project = catalog.project(candidate.name.normalized())?;
    Ok(project.is_some_and(|project| project.releases.contains_key(&candidate.version)))
}

/// R091 and R092.
fn check_release(catalog: &Catalog, index: &Index, candidate: &Candidate) -> Result<(), Notice> {
    let project = catalog.project(candidate.name.normalized())?;
    let release = project
        .as_ref()
        .and_then(|project| project.releases.get(&candidate.version));
    let Some(release) = release else {
        return Ok(());
    };
    if index.now().duration_since(release.created) > RELEASE_WINDOW {
        return Err(by_rule(&index.origin, "R091", &[]));
    }
    let mut files = release.files.values();
    let has_sdist = files.any(|file| file.file_type == FileType::Sdist);
    if candidate.file_type == FileType::Sdist && has_sdist {
        return Err(by_rule(&index.origin, "R092", &[]));
    }
    Ok(())
}
