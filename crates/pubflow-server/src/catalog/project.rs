//! One project with its releases and files: the fold over the events that touch it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pubflow_spec::{Blake2b256, Md5, ProjectName, Sha256, Version};

use crate::store::stored::account::Publisher;
use crate::store::stored::{Event, FileType, ProjectRecord, Record, Status, Unreadable, Upload};

/// One project.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// As the last upload spelt it.
    pub(crate) name: String,
    pub(crate) normalized: String,
    pub(crate) status: Status,
    /// Who may upload besides the publishers, the owner first.
    pub(crate) people: Vec<String>,
    pub(crate) publishers: Vec<Publisher>,
    /// The number of the last event that touched it.
    pub(crate) serial: u64,
    pub(crate) releases: BTreeMap<Version, Release>,
}

/// One release.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) version: Version,
    pub(crate) created: Timestamp,
    /// The reason when it is yanked; it may be empty.
    pub(crate) yanked: Option<String>,
    /// The metadata fields of the upload that made it.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) files: BTreeMap<String, IndexedFile>,
}

/// One file of a release.
#[derive(Debug, Clone)]
pub(crate) struct IndexedFile {
    pub(crate) filename: String,
    pub(crate) file_type: FileType,
    pub(crate) python_version: String,
    /// In bytes.
    pub(crate) size: u64,
    pub(crate) md5: Md5,
    pub(crate) sha256: Sha256,
    pub(crate) blake2b_256: Blake2b256,
    /// The digest of a wheel's METADATA.
    pub(crate) metadata_sha256: Option<Sha256>,
    pub(crate) requires_python: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) uploaded: Timestamp,
    /// The provenance object as JSON text.
    pub(crate) provenance: Option<String>,
}

impl Project {
    /// A project that no event has touched yet.
    pub(super) fn unmade(normalized: &str) -> Self {
        Self {
            name: String::new(),
            normalized: normalized.to_owned(),
            status: Status::Active,
            people: Vec::new(),
            publishers: Vec::new(),
            serial: 0,
            releases: BTreeMap::new(),
        }
    }

    /// The sum of the sizes of all files, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.files().map(|(_, file)| file.size).sum()
    }

    /// Every file with its release, by version and then by name.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Release, &IndexedFile)> {
        self.releases
            .values()
            .flat_map(|release| release.files.values().map(move |file| (release, file)))
    }

    /// The release that a visitor sees first: the newest that is not yanked, final releases before pre-releases.
    pub(crate) fn newest(&self) -> Option<&Release> {
        self.releases.values().max_by_key(|release| {
            (
                release.yanked.is_none(),
                !release.version.is_prerelease(),
                release.version.clone(),
            )
        })
    }

    /// Takes over one event that touches this project.
    ///
    /// # Errors
    /// `Unreadable` when it names something that the events before it did not make; the project is as it was then.
    pub(super) fn apply(&mut self, record: Record) -> Result<(), Unreadable> {
        let Record { n, at, event, .. } = record;
        match event {
            Event::Upload(upload) => self.upload(timestamp(&at)?, *upload)?,
            Event::Yank {
                version, reason, ..
            } => self.release_mut(&version)?.yanked = Some(reason),
            Event::Unyank { version, .. } => self.release_mut(&version)?.yanked = None,
            Event::DeleteFile { filename } => {
                self.releases
                    .values_mut()
                    .find_map(|release| release.files.remove(&filename))
                    .ok_or(Unreadable)?;
            }
            Event::DeleteRelease { version, .. } => {
                let version = Version::parse(&version).map_err(|_| Unreadable)?;
                self.releases.remove(&version).ok_or(Unreadable)?;
            }
            Event::Status { status, .. } => self.status = status,
            Event::Age {
                version, created, ..
            } => {
                let created = timestamp(&created)?;
                let release = self.release_mut(&version)?;
                release.created = created;
                release
                    .files
                    .values_mut()
                    .for_each(|file| file.uploaded = created);
            }
            Event::Project(record) => self.put(record),
            Event::ReifyPublisher(pending) => self.put(ProjectRecord {
                name: pending.project_name,
                owner: pending.user,
                maintainers: Vec::new(),
                publishers: vec![pending.publisher],
            }),
            // The others touch no project.
            _ => return Err(Unreadable),
        }
        self.serial = n;
        Ok(())
    }

    fn put(&mut self, record: ProjectRecord) {
        self.name = record.name;
        self.people = std::iter::once(record.owner)
            .chain(record.maintainers)
            .collect();
        self.publishers = record.publishers;
    }

    fn upload(&mut self, at: Timestamp, upload: Upload) -> Result<(), Unreadable> {
        let version = Version::parse(&upload.version).map_err(|_| Unreadable)?;
        let mut file = IndexedFile::read(&upload, at)?;
        // Whoever uploads the first file of a project that nobody made before owns it.
        if self.serial == 0 {
            self.people.extend(upload.uploader);
        }
        self.name = upload.project;
        let release = self
            .releases
            .entry(version.clone())
            .or_insert_with(|| Release {
                version,
                created: at,
                yanked: None,
                fields: upload.fields,
                files: BTreeMap::new(),
            });
        // All files of a release show what its first one required.
        file.requires_python = release
            .fields
            .iter()
            .find(|(name, _)| name == "requires_python")
            .map(|(_, value)| value.clone());
        release.files.insert(upload.filename, file);
        Ok(())
    }

    fn release_mut(&mut self, version: &str) -> Result<&mut Release, Unreadable> {
        let version = Version::parse(version).map_err(|_| Unreadable)?;
        self.releases.get_mut(&version).ok_or(Unreadable)
    }
}

impl IndexedFile {
    /// What an upload says about its file.
    pub(super) fn read(upload: &Upload, uploaded: Timestamp) -> Result<Self, Unreadable> {
        let metadata_sha256 = match &upload.metadata_sha256 {
            Some(text) => Some(Sha256::parse(text).map_err(|_| Unreadable)?),
            None => None,
        };
        Ok(Self {
            filename: upload.filename.clone(),
            file_type: upload.file_type,
            python_version: upload.python_version.clone(),
            size: upload.size,
            md5: Md5::parse(&upload.md5).map_err(|_| Unreadable)?,
            sha256: Sha256::parse(&upload.sha256).map_err(|_| Unreadable)?,
            blake2b_256: Blake2b256::parse(&upload.blake2b_256).map_err(|_| Unreadable)?,
            metadata_sha256,
            requires_python: upload.requires_python.clone(),
            comment: upload.comment.clone(),
            uploaded,
            provenance: upload.provenance.clone(),
        })
    }
}

/// The normal form of a project's name in an event.
pub(super) fn normalized(name: &str) -> Result<ProjectName, Unreadable> {
    ProjectName::parse(name).map_err(|_| Unreadable)
}

pub(super) fn timestamp(text: &str) -> Result<Timestamp, Unreadable> {
    text.parse().map_err(|_| Unreadable)
}
