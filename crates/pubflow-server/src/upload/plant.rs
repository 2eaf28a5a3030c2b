//! Files that a seed brings along: stored like an upload, but without asking the rules.

use std::io;

use pubflow_metadata::upload_rule;
use pubflow_spec::{Blake2b256, DigestHasher, DigestSet, ProjectName, Sha256, Version};

use super::archive_rules;
use super::metadata_fields;
use crate::index::Index;
use crate::store::stored::{FileType, Upload};

/// Stores a file and says what has to be logged for it.
///
/// # Errors
/// What is wrong with the form, or what the disk said.
pub(crate) fn plant(
    index: &Index,
    fields: &[(String, String)],
    filename: &str,
    bytes: &[u8],
) -> Result<Upload, io::Error> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let form = upload_rule::Form::clean(fields);
    let text = |name: &str| form.first(name).unwrap_or_default();
    let project = ProjectName::parse(text("name")).map_err(|error| wrong(error.to_string()))?;
    let version = Version::parse(text("version")).map_err(|error| wrong(error.to_string()))?;
    let mut hasher = DigestHasher::new(DigestSet::ALL);
    hasher.update(bytes);
    let digests = hasher.finish();
    let (md5, sha256, blake2b_256) = digests
        .md5
        .zip(digests.sha256)
        .zip(digests.blake2b_256)
        .map(|((md5, sha256), blake2): (_, Blake2b256)| (md5, sha256, blake2))
        .ok_or_else(|| wrong("no digests".to_owned()))?;
    let mut incoming = index.blobs.incoming()?;
    incoming.write(bytes)?;
    let opened = archive_rules::open(incoming.name(filename)?)
        .map_err(|notice| wrong(notice.words().to_owned()))?;
    let metadata =
        archive_rules::metadata(&opened).map(|bytes| (Sha256::of(bytes), bytes.to_vec()));
    index.blobs.keep(incoming, &sha256)?;
    if let Some((digest, bytes)) = &metadata {
        index.blobs.keep_bytes(bytes, digest)?;
    }
    let present = |field| {
        form.first(field)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    Ok(Upload {
        filename: filename.to_owned(),
        project: project.as_str().to_owned(),
        version: version.to_string(),
        file_type: match text("filetype") {
            "sdist" => FileType::Sdist,
            _ => FileType::Wheel,
        },
        python_version: present("pyversion").unwrap_or_else(|| "source".to_owned()),
        size: bytes.len() as u64,
        md5: md5.to_string(),
        sha256: sha256.to_string(),
        blake2b_256: blake2b_256.to_string(),
        metadata_sha256: metadata.map(|(digest, _)| digest.to_string()),
        requires_python: present("requires_python"),
        comment: present("comment"),
        fields: metadata_fields(&form),
        uploader: None,
        provenance: None,
    })
}
