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
    ownership: Ownership<'a>,
    releases: BTreeMap<String, Vec<File<'a>>>,
    urls: Vec<File<'a>>,
    vulnerabilities: [(); 0],
}

#[derive(Serialize)]
struct ReleasePage<'a> {
    info: Info<'a>,
    last_serial: u64,
    ownership: Ownership<'a>,
    urls: Vec<File<'a>>,
    vulnerabilities: [(); 0],
}

#[derive(Serialize)]
struct Ownership<'a> {
    organization: Option<String>,
    roles: Vec<Role<'a>>,
}

#[derive(Serialize)]
struct Role<'a> {
    role: &'static str,
    user: &'a str,
}

impl<'a> Ownership<'a> {
    fn of(project: &'a Project) -> Self {
        let titles = std::iter::once("Owner").chain(std::iter::repeat("Maintainer"));
        let people = titles.zip(&project.people);
        Self {
            organization: None,
            roles: people.map(|(role, user)| Role { role, user }).collect(),
        }
    }
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
    dynamic: Option<Vec<String>>,
    home_page: Option<&'a str>,
    keywords: Option<String>,
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
    core_metadata: MetadataDigest,
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

/// `false`, or the digest.
#[derive(Serialize)]
#[serde(untagged)]
enum MetadataDigest {
    None(bool),
    Sha256 { sha256: String },
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
        ownership: Ownership::of(project),
        releases,
        urls: files(origin, shown),
        vulnerabilities: [],
    })
}

pub(super) fn release(origin: &str, project: &Project, release: &Release) -> Vec<u8> {
    bytes(&ReleasePage {
        info: info(origin, project, release),
        last_serial: project.serial,
        ownership: Ownership::of(project),
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
        core_metadata: file
            .metadata_sha256
            .map_or(MetadataDigest::None(false), |digest| {
                MetadataDigest::Sha256 {
                    sha256: digest.to_string(),
                }
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
        classifiers: fields.sorted("classifiers"),
        description: fields.one("description").unwrap_or_default(),
        description_content_type: fields.one("description_content_type"),
        docs_url: None,
        download_url: fields.one("download_url"),
        downloads: Downloads {
            last_day: -1,
            last_month: -1,
            last_week: -1,
        },
        dynamic: fields.dynamic(),
        home_page: fields.one("home_page"),
        keywords: fields.keywords(),
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

    fn sorted(&self, name: &'static str) -> Vec<&'a str> {
        let mut values: Vec<&str> = self.all(name).collect();
        values.sort_unstable();
        values
    }

    /// Field names with a capital at the start of each word, as PyPI stores them.
    fn dynamic(&self) -> Option<Vec<String>> {
        let names = self.several("dynamic")?;
        let spelt = |name: &str| {
            name.split('-')
                .map(|word| {
                    let mut letters = word.chars();
                    let first = letters.next().map(|first| first.to_ascii_uppercase());
                    first.into_iter().chain(letters).collect::<String>()
                })
                .collect::<Vec<_>>()
                .join("-")
        };
        Some(names.into_iter().map(spelt).collect())
    }

    fn keywords(&self) -> Option<String> {
        let words = self.one("keywords")?.split(',').map(str::trim);
        Some(words.collect::<Vec<_>>().join(", "))
    }

    /// The labelled addresses, and the two that once had fields of their own.
    fn project_urls(&self) -> Option<BTreeMap<&'a str, &'a str>> {
        let labelled = self
            .all("project_urls")
            .filter_map(|value| value.split_once(','));
        let own = [("Homepage", "home_page"), ("Download", "download_url")];
        let urls: BTreeMap<&str, &str> = own
            .into_iter()
            .filter_map(|(label, field)| Some((label, self.one(field)?)))
            .chain(labelled.map(|(label, url)| (label.trim(), url.trim())))
            .collect();
        (!urls.is_empty()).then_some(urls)
    }
}

fn bytes(page: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(page).expect("pages hold strings and numbers only")
}
