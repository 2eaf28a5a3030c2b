//! The JSON shapes of the simple API.

use serde::{Serialize, Serializer};

use super::{file_url, provenance_url};
use crate::catalog::{Entry, IndexedFile, Project, Release};
use crate::index::text;
use crate::store::stored::Status;

#[derive(Serialize)]
struct Root<'a> {
    meta: Meta,
    projects: Vec<ListedProject<'a>>,
}

#[derive(Serialize)]
struct Meta {
    #[serde(rename = "_last-serial")]
    last_serial: u64,
    #[serde(rename = "api-version")]
    api_version: &'static str,
}

#[derive(Serialize)]
struct ListedProject<'a> {
    #[serde(rename = "_last-serial")]
    last_serial: u64,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ProjectPage<'a> {
    files: Vec<File<'a>>,
    meta: Meta,
    name: &'a str,
    project_status: ProjectStatus,
    versions: Vec<String>,
}

#[derive(Serialize)]
struct ProjectStatus {
    status: Status,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct File<'a> {
    core_metadata: CoreMetadata,
    data_dist_info_metadata: CoreMetadata,
    filename: &'a str,
    hashes: Hashes,
    provenance: Option<String>,
    requires_python: Option<&'a str>,
    size: u64,
    upload_time: String,
    url: String,
    yanked: Yanked<'a>,
}

#[derive(Serialize)]
struct Hashes {
    sha256: String,
}

/// `false`, or the digest.
#[derive(Clone)]
struct CoreMetadata(Option<String>);

impl Serialize for CoreMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(sha256) => Hashes {
                sha256: sha256.clone(),
            }
            .serialize(serializer),
            None => serializer.serialize_bool(false),
        }
    }
}

/// `false`, `true`, or the reason.
struct Yanked<'a>(Option<&'a str>);

impl Serialize for Yanked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_bool(false),
            Some("") => serializer.serialize_bool(true),
            Some(reason) => serializer.serialize_str(reason),
        }
    }
}

pub(super) fn root<'a>(
    api_version: &'static str,
    last_serial: u64,
    projects: impl Iterator<Item = (&'a str, &'a Entry)>,
) -> Vec<u8> {
    let projects = projects
        .map(|(_, entry)| ListedProject {
            last_serial: entry.serial,
            name: &entry.name,
        })
        .collect();
    bytes(&Root {
        meta: Meta {
            last_serial,
            api_version,
        },
        projects,
    })
}

pub(super) fn project<'a>(
    api_version: &'static str,
    origin: &str,
    project: &'a Project,
    listed: impl Iterator<Item = (&'a Release, &'a IndexedFile)>,
) -> Vec<u8> {
    let mut versions: Vec<String> = Vec::new();
    let files = listed
        .map(|(release, file)| {
            let version = release.version.to_string();
            if versions.last() != Some(&version) {
                versions.push(version);
            }
            listed_file(origin, project, release, file)
        })
        .collect();
    bytes(&ProjectPage {
        files,
        meta: Meta {
            last_serial: project.serial,
            api_version,
        },
        name: &project.normalized,
        project_status: ProjectStatus {
            status: project.status,
        },
        versions,
    })
}

fn listed_file<'a>(
    origin: &str,
    project: &Project,
    release: &'a Release,
    file: &'a IndexedFile,
) -> File<'a> {
    let core_metadata = CoreMetadata(file.metadata_sha256.map(|digest| digest.to_string()));
    File {
        data_dist_info_metadata: core_metadata.clone(),
        core_metadata,
        filename: &file.filename,
        hashes: Hashes {
            sha256: file.sha256.to_string(),
        },
        provenance: file
            .provenance
            .as_ref()
            .map(|_| provenance_url(origin, project, release, file)),
        requires_python: file.requires_python.as_deref(),
        size: file.size,
        upload_time: text(file.uploaded),
        url: file_url(origin, file),
        yanked: Yanked(release.yanked.as_deref()),
    }
}

fn bytes(page: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(page).expect("pages hold strings and numbers only")
}
