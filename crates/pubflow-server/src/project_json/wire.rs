//! The JSON shapes of the project API.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{IndexedFile, Project, Release};
use crate::index::text;
use crate::simple::file_url;

#[derive(Serialize)]
struct ProjectPage<'a> {
    info: Info<'a>,
    last_serial: u64,
    ownership: Ownership,
    releases: BTreeMap<String, Vec<File<'a>>>,
    urls: Vec<File<'a>>,
    vulnerabilities: [(); 0],
}

#[derive(Serialize)]
struct ReleasePage<'a> {
    info: Info<'a>,
    last_serial: u64,
    ownership: Ownership,
    urls: Vec<File<'a>>,
    vulnerabilities: [(); 0],
}

#[derive(Serialize)]
struct Ownership {
    organization: Option<String>,
    roles: [(); 0],
}

#[derive(Serialize)]
struct Info<'a> {
    author: Option<&'a str>,
    author_email: Option<&'a str>,
    bugtrack_url: Option<&'a str>,
    classifiers: Vec<&'a str>,
    description: &'a str,
    description_content_type: Option<&'a str>,
    docs_url: Option<&'a str>,
    download_url: Option<&'a str>,
    downloads: Downloads,
    dynamic: Option<Vec<&'a str>>,
    home_page: Option<&'a str>,
    keywords: Option<&'a str>,
    license: Option<&'a str>,
    license_expression: Option<&'a str>,
    license_files: Option<Vec<&'a str>>,
    maintainer: Option<&'a str>,
    maintainer_email: Option<&'a str>,
    name: &'a str,
    package_url: String,
    platform: Option<&'a str>,
    project_url: String,
    project_urls: Option<BTreeMap<&'a str, &'a str>>,
    provides_extra: Option<Vec<&'a str>>,
    release_url: String,
    requires_dist: Option<Vec<&'a str>>,
    requires_python: Option<&'a str>,
    summary: Option<&'a str>,
    version: String,
    yanked: bool,
    yanked_reason: Option<&'a str>,
}

/// PyPI no longer counts downloads here and says so with -1.
#[derive(Serialize)]
struct Downloads {
    last_day: i8,
    last_month: i8,
    last_week: i8,
}

#[derive(Serialize)]
struct File<'a> {
    comment_text: Option<&'a str>,
    #[serde(rename = "core-metadata")]
    #[serde(skip_serializing_if = "Option::is_none")]
    core_metadata: Option<MetadataDigest>,
    digests: FileDigests,
    downloads: i8,
    filename: &'a str,
    has_sig: bool,
    md5_digest: String,
    packagetype: &'static str,
    python_version: &'a str,
    requires_python: Option<&'a str>,
    size: u64,
    upload_time: String,
    upload_time_iso_8601: String,
    url: String,
    yanked: bool,
    yanked_reason: Option<&'a str>,
}

#[derive(Serialize)]
struct MetadataDigest {
    sha256: String,
}

#[derive(Serialize)]
struct FileDigests {
    blake2b_256: String,
    md5: String,
    sha256: String,
}

pub(super) fn project(origin: &str, project: &Project, shown: &Release) -> Vec<u8> {
    let releases = project
        .releases
        .values()
        .map(|release| (release.version.to_string(), files(origin, release)))
        .collect();
    bytes(&ProjectPage {
        info: info(origin, project, shown),
        last_serial: project.serial,
        ownership: Ownership {
            organization: None,
            roles: [],
        },
        releases,
        urls: files(origin, shown),
        vulnerabilities: [],
    })
}

pub(super) fn release(origin: &str, project: &Project, release: &Release) -> Vec<u8> {
    bytes(&ReleasePage {
        info: info(origin, project, release),
        last_serial: project.serial,
        ownership: Ownership {
            organization: None,
            roles: [],
        },
        urls: files(origin, release),
        vulnerabilities: [],
    })
}

fn files<'a>(origin: &str, release: &'a Release) -> Vec<File<'a>> {
    release
        .files
        .values()
        .map(|file| listed_file(origin, release, file))
        .collect()
}

fn listed_file<'a>(origin: &str, release: &'a Release, file: &'a IndexedFile) -> File<'a> {
    File {
        comment_text: file.comment.as_deref(),
        core_metadata: file.metadata_sha256.map(|digest| MetadataDigest {
            sha256: digest.to_string(),
        }),
        digests: FileDigests {
            blake2b_256: file.blake2b_256.to_string(),
            md5: file.md5.to_string(),
            sha256: file.sha256.to_string(),
        },
        downloads: -1,
        filename: &file.filename,
        has_sig: false,
        md5_digest: file.md5.to_string(),
        packagetype: file.file_type.as_str(),
        python_version: &file.python_version,
        requires_python: file.requires_python.as_deref(),
        size: file.size,
        upload_time: file.uploaded.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        upload_time_iso_8601: text(file.uploaded),
        url: file_url(origin, file),
        yanked: release.yanked.is_some(),
        yanked_reason: reason(release),
    }
}

fn reason(release: &Release) -> Option<&str> {
    release
        .yanked
        .as_deref()
        .filter(|reason| !reason.is_empty())
}

fn info<'a>(origin: &str, project: &'a Project, release: &'a Release) -> Info<'a> {
    let fields = Fields(&release.fields);
    let normalized = &project.normalized;
    Info {
        author: fields.one("author"),
        author_email: fields.one("author_email"),
        bugtrack_url: None,
        classifiers: fields.all("classifiers").collect(),
        description: fields.one("description").unwrap_or_default(),
        description_content_type: fields.one("description_content_type"),
        docs_url: None,
        download_url: fields.one("download_url"),
        downloads: Downloads {
            last_day: -1,
            last_month: -1,
            last_week: -1,
        },
        dynamic: fields.several("dynamic"),
        home_page: fields.one("home_page"),
        keywords: fields.one("keywords"),
        license: fields.one("license"),
        license_expression: fields.one("license_expression"),
        license_files: fields.several("license_file"),
        maintainer: fields.one("maintainer"),
        maintainer_email: fields.one("maintainer_email"),
        name: &project.name,
        package_url: format!("{origin}/project/{normalized}/"),
        platform: fields.one("platform"),
        project_url: format!("{origin}/project/{normalized}/"),
        project_urls: fields.project_urls(),
        provides_extra: fields.several("provides_extra"),
        release_url: format!("{origin}/project/{normalized}/{}/", release.version),
        requires_dist: fields.several("requires_dist"),
        requires_python: fields.one("requires_python"),
        summary: fields.one("summary"),
        version: release.version.to_string(),
        yanked: release.yanked.is_some(),
        yanked_reason: reason(release),
    }
}

/// The metadata fields of a release, by their names in the upload form.
struct Fields<'a>(&'a [(String, String)]);

impl<'a> Fields<'a> {
    fn all(&self, name: &'static str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    fn one(&self, name: &'static str) -> Option<&'a str> {
        self.all(name).find(|value| !value.is_empty())
    }

    fn several(&self, name: &'static str) -> Option<Vec<&'a str>> {
        let values: Vec<&str> = self.all(name).collect();
        (!values.is_empty()).then_some(values)
    }

    fn project_urls(&self) -> Option<BTreeMap<&'a str, &'a str>> {
        let urls: BTreeMap<&str, &str> = self
            .all("project_urls")
            .filter_map(|value| value.split_once(','))
            .map(|(label, url)| (label.trim(), url.trim()))
            .collect();
        (!urls.is_empty()).then_some(urls)
    }
}

fn bytes(page: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(page).expect("pages hold strings and numbers only")
}
