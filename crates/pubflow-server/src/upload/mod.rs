//! The legacy upload API.
//!
//! The file is streamed to disk while its digests are computed, so that memory stays flat; then the rules speak in
//! PyPI's order and the first that fires ends the request. Rules that depend on what the index holds are asked
//! twice: early, where PyPI asks them, and again inside the commit, where nothing can change any more.
//!
//! It leaves to others: core metadata (`pubflow-metadata`), archives (`pubflow-dist` through `archive`).

mod filename_rules;
mod form;
mod form_rules;
mod metadata_rules;
mod receive;
mod state_rules;
mod words;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header;
use hyper::{Method, Request, StatusCode};
use pubflow_spec::{ProjectName, Sha256, Version};
use tokio::task;

use crate::answer::{Answer, Notice, set};
use crate::archive;
use crate::credential::{invalid, token_of};
use crate::index::{Decision, Index, disk_refused};
use crate::route::pairs;
use crate::store::stored::{Event, FileType, Flag, Upload};

use form::{Content, Form};
use receive::Received;

/// Answers `/legacy/`.
///
/// # Errors
/// The refusal of the first rule that fires.
pub(crate) async fn answer(
    index: &Arc<Index>,
    request: Request<Incoming>,
) -> Result<Answer, Notice> {
    let action = query_action(&request);
    if request.method() != Method::POST {
        return Err(match action.as_deref() {
            Some("file_upload") => {
                Notice::plain(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "POST")
            }
            _ => not_found(),
        });
    }
    let headers = request.headers().clone();
    let authorised = authorise(index, &request);
    // Bytes of a client that may not upload anyway never reach the disk, but they are read: a client that is still
    // sending would see a broken connection instead of the refusal.
    let form = Form::read(
        request,
        authorised.is_ok().then_some(&index.blobs),
        &index.limits,
    )
    .await?;
    check_action(action.as_deref().or(form.first(":action")))?;
    form.check_parts()?;
    check_switches(index)?;
    authorised?;
    accept(index, form).await?;
    let mut answer = Notice::plain(StatusCode::OK).answer(&headers);
    set(
        &mut answer,
        header::VARY,
        "Authorization, Cookie, PyPI-Locale",
    );
    Ok(answer)
}

fn query_action(request: &Request<Incoming>) -> Option<String> {
    pairs(request.uri().query()?).find_map(|(name, value)| (name == ":action").then_some(value))
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND).with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// R005 to R007.
fn check_action(action: Option<&str>) -> Result<(), Notice> {
    match action {
        Some("file_upload") => Ok(()),
        Some("submit" | "submit_pkg_info") => Err(Notice::refusal(
            StatusCode::GONE,
            "Project pre-registration is no longer required or supported, upload your files instead.",
        )),
        Some("doc_upload") => Err(Notice::refusal(
            StatusCode::GONE,
            "Uploading documentation is no longer supported, we recommend using a documentation host.",
        )),
        _ => Err(not_found()),
    }
}

/// R014 and R015.
fn check_switches(index: &Index) -> Result<(), Notice> {
    let catalog = index.catalog();
    let words = if catalog.flag(Flag::ReadOnly) {
        "Read-only mode: Uploads are temporarily disabled."
    } else if catalog.flag(Flag::DisallowNewUpload) {
        "New uploads are temporarily disabled."
    } else {
        return Ok(());
    };
    let help = index.help("uploads-disabled");
    Err(Notice::refusal(
        StatusCode::FORBIDDEN,
        format!("{words} See {help} for more information."),
    ))
}

/// R016 to R018.
fn authorise(index: &Index, request: &Request<Incoming>) -> Result<(), Notice> {
    let token = token_of(request.headers(), &index.origin)?;
    if index.is_upload_token(&token) {
        Ok(())
    } else {
        Err(invalid(&index.origin))
    }
}

/// A request that the form rules let through.
struct Candidate {
    form: Form,
    name: ProjectName,
    version: Version,
    file_type: FileType,
}

async fn accept(index: &Arc<Index>, mut form: Form) -> Result<(), Notice> {
    let file_type = form_rules::check(&form, index)?;
    let (name, version) = metadata_rules::check(&form, index)?;
    let content = form.take_content()?;
    let candidate = Candidate {
        form,
        name,
        version,
        file_type,
    };
    let index = Arc::clone(index);
    task::spawn_blocking(move || accept_file(&index, &candidate, content))
        .await
        .expect("the rules do not panic and are not cancelled")
}

/// Everything that reads the file or waits for the disk.
fn accept_file(index: &Index, candidate: &Candidate, content: Content) -> Result<(), Notice> {
    state_rules::check_project(&index.catalog(), index, candidate)?;
    let filename = content.filename.clone();
    filename_rules::check_spelling(&filename, candidate.file_type, index)?;
    content.check_type()?;
    let received = content.received(index, &candidate.name)?;
    state_rules::check_project_size(&index.catalog(), index, candidate, received.size)?;
    check_digests(&candidate.form, &received)?;
    let file = state_rules::File {
        filename: &filename,
        digests: &received.digests,
    };
    if let state_rules::Verdict::Identical =
        state_rules::check_file(&index.catalog(), index, candidate, &file)?
    {
        return Ok(());
    }
    let mut bytes = received.bytes;
    let path = bytes.name(&filename).map_err(disk_refused)?;
    let metadata = archive::check(path, &filename, candidate.file_type, index)?;
    filename_rules::check_parts(&filename, candidate)?;
    let metadata = metadata.map(|bytes| (Sha256::of(&bytes), bytes));
    let upload = describe(
        candidate,
        &file,
        received.size,
        metadata.as_ref().map(|(digest, _)| digest),
    );
    index.commit(|catalog| {
        state_rules::check_project(catalog, index, candidate)?;
        if let state_rules::Verdict::Identical =
            state_rules::check_file(catalog, index, candidate, &file)?
        {
            return Ok(Decision::Nothing);
        }
        if let Some((digest, metadata)) = &metadata {
            index
                .blobs
                .keep_bytes(metadata, digest)
                .map_err(disk_refused)?;
        }
        index
            .blobs
            .keep(bytes, &received.digests.sha256)
            .map_err(disk_refused)?;
        Ok(Decision::Record(Event::Upload(Box::new(upload))))
    })
}

/// R086.
fn check_digests(form: &Form, received: &Received) -> Result<(), Notice> {
    let digests = &received.digests;
    let given = [
        ("md5_digest", digests.md5.to_string()),
        ("sha256_digest", digests.sha256.to_string()),
        ("blake2_256_digest", digests.blake2b_256.to_string()),
    ];
    let differs = |(field, computed): &(&str, String)| {
        form.first(field)
            .is_some_and(|given| !given.is_empty() && !given.eq_ignore_ascii_case(computed))
    };
    if given.iter().any(differs) {
        return Err(Notice::refusal(
            StatusCode::BAD_REQUEST,
            "The digest supplied does not match a digest calculated from the uploaded file.",
        ));
    }
    Ok(())
}

fn describe(
    candidate: &Candidate,
    file: &state_rules::File<'_>,
    size: u64,
    metadata: Option<&Sha256>,
) -> Upload {
    let form = &candidate.form;
    let present = |field| {
        form.first(field)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    Upload {
        filename: file.filename.to_owned(),
        project: candidate.name.as_str().to_owned(),
        version: candidate.version.to_string(),
        file_type: candidate.file_type,
        python_version: present("pyversion").unwrap_or_else(|| "source".to_owned()),
        size,
        md5: file.digests.md5.to_string(),
        sha256: file.digests.sha256.to_string(),
        blake2b_256: file.digests.blake2b_256.to_string(),
        metadata_sha256: metadata.map(ToString::to_string),
        requires_python: present("requires_python"),
        comment: present("comment"),
        fields: form.metadata_fields(),
    }
}
