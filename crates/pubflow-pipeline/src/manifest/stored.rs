//! How a manifest is written: canonical JSON, format 1. See docs/journal.md.

use std::collections::BTreeMap;

use pubflow_spec::{ProjectName, Sha256, Version};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ManifestError, ManifestFile};
use crate::stored::canonical;

const FORMAT: u64 = 1;

/// What a manifest's text says, not yet checked.
pub(super) struct Parts {
    pub(super) name: ProjectName,
    pub(super) version: Version,
    pub(super) commit: Option<String>,
    pub(super) files: Vec<ManifestFile>,
    pub(super) tools: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct StoredFormat {
    schema: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredManifest {
    #[expect(
        dead_code,
        reason = "read by StoredFormat, named here because unknown fields are denied"
    )]
    schema: u64,
    name: String,
    version: String,
    commit: Option<String>,
    files: Vec<StoredFile>,
    tools: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFile {
    filename: String,
    sha256: String,
    size: u64,
}

pub(super) fn write(
    name: &ProjectName,
    version: &Version,
    commit: Option<&str>,
    files: &[ManifestFile],
    tools: &BTreeMap<String, String>,
) -> String {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({
                "filename": file.filename,
                "sha256": file.sha256.to_string(),
                "size": file.size,
            })
        })
        .collect();
    let value = json!({
        "schema": FORMAT,
        "name": name.normalized(),
        "version": version.to_string(),
        "commit": commit,
        "files": files,
        "tools": tools,
    });
    canonical(&value).expect("the only numbers are the format and sizes that were checked")
}

pub(super) fn read(text: &str) -> Result<Parts, ManifestError> {
    let format: StoredFormat = from_json(text)?;
    if format.schema > FORMAT {
        return Err(ManifestError::Newer {
            found: format.schema,
            known: FORMAT,
        });
    }
    let stored: StoredManifest = from_json(text)?;
    let files = stored
        .files
        .into_iter()
        .map(read_file)
        .collect::<Result<_, _>>()?;
    Ok(Parts {
        name: ProjectName::parse(&stored.name).map_err(not_a_manifest)?,
        version: Version::parse(&stored.version).map_err(not_a_manifest)?,
        commit: stored.commit,
        files,
        tools: stored.tools,
    })
}

fn read_file(stored: StoredFile) -> Result<ManifestFile, ManifestError> {
    let sha256 = Sha256::parse(&stored.sha256).map_err(not_a_manifest)?;
    Ok(ManifestFile {
        filename: stored.filename,
        size: stored.size,
        sha256,
    })
}

fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ManifestError> {
    serde_json::from_str(text).map_err(not_a_manifest)
}

fn not_a_manifest(error: impl std::fmt::Display) -> ManifestError {
    ManifestError::NotAManifest {
        detail: error.to_string(),
    }
}
