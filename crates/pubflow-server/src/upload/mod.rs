//! The legacy upload API.
//!
//! The file is streamed to disk while its digests are computed, so that memory stays flat; then the
//! rules speak in PyPI's order and the first that fires ends the request. Rules that depend on what
//! the index holds are asked twice: early, where PyPI asks them, and again inside the commit, where
//! nothing can change any more.
//!
//! It leaves to others: rules about form, metadata and file name (`pubflow-metadata`), reading
//! archives (`pubflow-dist`), rendering descriptions (`pubflow-readme`).

mod archive_rules;
mod form;
mod plant;
mod receive;
mod state_rules;

use std::sync::Arc;

use crate::connection::RequestBody;
use hyper::header;
use hyper::{Method, Request, StatusCode};
use pubflow_metadata::core_metadata::FIELDS;
use pubflow_metadata::upload_rule::{self, FileFacts};
use pubflow_spec::{ProjectName, Sha256, Version};
use tokio::task;

use crate::account::{Credential, authenticate};
use crate::answer::{Answer, Notice};
use crate::index::{Decision, Index, disk_refused};
use crate::provenance::{Subject, accept_attestations};
use crate::refusal::{by_rule, in_words, notice};
use crate::route::pairs;
use crate::store::stored::{Event, FileType, Flag, Upload};

use form::{Content, Form};
pub(crate) use plant::plant;
use receive::Received;
pub(crate) use state_rules::check_new_name;
use state_rules::{Standing, Verdict};

/// Answers `/legacy/`.
///
/// # Errors
/// The refusal of the first rule that fires.
pub(crate) async fn answer(
    index: &Arc<Index>,
    request: Request<RequestBody>,
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
    let authorised = authenticate(index, &headers);
    // Bytes of a client that may not upload anyway never reach the disk, but they are read: a client
    // that is still sending would see a broken connection instead of the refusal.
    let blobs = authorised.is_ok().then_some(&index.blobs);
    let mut form = Form::read(request, blobs, &index.limits).await?;
    check_action(action.as_deref().or(form.first(":action")), &index.origin)?;
    upload_rule::judge_parts(&form.file_parts()).map_err(|no| notice(&index.origin, &no))?;
    check_switches(index)?;
    let credential = authorised?;
    let content = form.take_content();
    let candidate = Candidate::read(form, credential, index)?;
    let content = content.ok_or_else(|| match candidate.form.first("content") {
        // PyPI takes the text for a file and stumbles.
        Some(_) => Notice::crash(),
        None => by_rule(&index.origin, "R054", &[]),
    })?;
    let index = Arc::clone(index);
    let standing = task::spawn_blocking(move || judge(&index, &candidate, content))
        .await
        .expect("the rules do not panic and are not cancelled")?;
    Ok(standing
        .tell(Notice::plain(StatusCode::OK))
        .answer(&headers))
}

fn query_action(request: &Request<RequestBody>) -> Option<String> {
    pairs(request.uri().query()?).find_map(|(name, value)| (name == ":action").then_some(value))
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND)
        .always_html()
        .with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// R005 to R007.
fn check_action(action: Option<&str>, origin: &str) -> Result<(), Notice> {
    match action {
        Some("file_upload") => Ok(()),
        Some("submit" | "submit_pkg_info") => Err(by_rule(origin, "R006", &[])),
        Some("doc_upload") => Err(by_rule(origin, "R007", &[])),
        _ => Err(not_found()),
    }
}

/// R014 and R015.
fn check_switches(index: &Index) -> Result<(), Notice> {
    let catalog = index.catalog();
    if catalog.flag(Flag::ReadOnly) {
        return Err(by_rule(&index.origin, "R014", &[]));
    }
    if catalog.flag(Flag::DisallowNewUpload) {
        return Err(by_rule(&index.origin, "R015", &[]));
    }
    Ok(())
}

/// A request whose form and metadata no rule refuses.
struct Candidate {
    form: Form,
    credential: Credential,
    name: ProjectName,
    version: Version,
    file_type: FileType,
}

impl Candidate {
    /// R020 to R053.
    fn read(form: Form, credential: Credential, index: &Index) -> Result<Self, Notice> {
        let refused = |no| notice(&index.origin, &no);
        let cleaned = form.cleaned();
        upload_rule::judge_form(&cleaned).map_err(refused)?;
        upload_rule::judge_metadata(&cleaned).map_err(refused)?;
        let text = |field| cleaned.first(field).unwrap_or_default();
        // The rules have just let name and version through; should they ever take more than the
        // parsers do, that is a refusal too.
        let unreadable = |number, field: &str| {
            in_words(
                &index.origin,
                number,
                format!("Invalid value for {field}. Error: it cannot be read."),
            )
        };
        let name = ProjectName::parse(text("name")).map_err(|_| unreadable("R022", "name"))?;
        let version = Version::parse(text("version")).map_err(|_| unreadable("R035", "version"))?;
        let file_type = match text("filetype") {
            "sdist" => FileType::Sdist,
            _ => FileType::Wheel,
        };
        drop(cleaned);
        Ok(Self {
            form,
            credential,
            name,
            version,
            file_type,
        })
    }
}

/// Everything that reads the file or waits for the disk: R054 to R142.
fn judge(index: &Index, candidate: &Candidate, content: Content) -> Result<Standing, Notice> {
    let standing = state_rules::check_project(&index.catalog(), index, candidate)?;
    accept(index, candidate, content).map_err(|notice| standing.tell(notice))?;
    Ok(standing)
}

fn accept(index: &Index, candidate: &Candidate, content: Content) -> Result<(), Notice> {
    let Content {
        filename,
        content_type,
        size,
        received,
    } = content;
    let refused = |no| notice(&index.origin, &no);
    let form = candidate.form.cleaned();
    state_rules::check_description(index, &form)?;
    let facts = FileFacts {
        filename: &filename,
        content_type: content_type.as_deref(),
        size_bytes: size,
        limit_bytes: index.limits.file_bytes,
        digests: received.as_ref().map(Received::known).unwrap_or_default(),
    };
    upload_rule::judge_file(&form, &facts).map_err(refused)?;
    // Only files over the limit and files of strangers are not kept, and those end before this.
    let received = received.ok_or_else(|| by_rule(&index.origin, "R054", &[]))?;
    state_rules::check_project_size(&index.catalog(), index, candidate, size)?;
    let file = state_rules::File {
        filename: &filename,
        digests: &received.digests,
    };
    if state_rules::check_file(&index.catalog(), index, candidate, &file)? == Verdict::Identical {
        return Ok(());
    }
    let mut bytes = received.bytes;
    let opened = archive_rules::open(bytes.name(&filename).map_err(disk_refused)?)?;
    archive_rules::check_container(&opened, index)?;
    upload_rule::judge_filename(&form, &filename).map_err(refused)?;
    archive_rules::check_contents(&opened, &form.all("license_file"), index)?;
    let provenance = provenance(index, candidate, &file)?;
    let metadata = archive_rules::metadata(&opened).map(|bytes| (Sha256::of(bytes), bytes));
    let mut upload = describe(
        candidate,
        &file,
        size,
        metadata.as_ref().map(|(digest, _)| digest),
    );
    upload.provenance = provenance;
    index.commit(|catalog| {
        state_rules::check_project(catalog, index, candidate)?;
        if state_rules::check_file(catalog, index, candidate, &file)? == Verdict::Identical {
            return Ok(Decision::Nothing);
        }
        if state_rules::has_release(catalog, candidate)? {
            // Only the fields of a release's first file are ever shown; descriptions are long.
            upload.fields.clear();
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
        Ok(Decision::Record(vec![Event::Upload(Box::new(upload))]))
    })
}

/// R135 to R143; when attestations are switched off, the field is passed over.
fn provenance(
    index: &Index,
    candidate: &Candidate,
    file: &state_rules::File<'_>,
) -> Result<Option<String>, Notice> {
    let form = candidate.form.cleaned();
    let Some(attestations) = form.first("attestations") else {
        return Ok(None);
    };
    if index.catalog().flag(Flag::DisablePep740) {
        return Ok(None);
    }
    let subject = Subject {
        filename: file.filename,
        sha256: &file.digests.sha256,
    };
    let bearer = &candidate.credential.bearer;
    accept_attestations(index, bearer, attestations, &subject).map(Some)
}

fn describe(
    candidate: &Candidate,
    file: &state_rules::File<'_>,
    size: u64,
    metadata: Option<&Sha256>,
) -> Upload {
    let form = candidate.form.cleaned();
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
        fields: metadata_fields(&form),
        uploader: candidate.credential.bearer.user().map(str::to_owned),
        provenance: None,
    }
}

/// The fields that describe the project; what PyPI does not know is lost without a word (R055).
fn metadata_fields(form: &upload_rule::Form<'_>) -> Vec<(String, String)> {
    FIELDS
        .iter()
        .flat_map(|spec| {
            let values = form.all(spec.form);
            values
                .into_iter()
                .filter(|value| !value.is_empty())
                .map(|value| (spec.form.to_owned(), value.to_owned()))
                .collect::<Vec<_>>()
        })
        .collect()
}
