//! What an index holds, in memory: the fold over the events of its log.
//!
//! It answers questions and applies events; whether an event may happen is decided by its callers (`upload`,
//! `admin`, `web`) before it is logged.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use pubflow_spec::{Blake2b256, Md5, ProjectName, Sha256, Version};

use crate::account::Accounts;
use crate::store::stored::account::Publisher;
use crate::store::stored::{
    Event, FileType, Flag, ProjectRecord, Record, Status, Unreadable, Upload,
};

/// Everything that one index holds.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    projects: BTreeMap<String, Project>,
    /// Where a file with these bytes is listed.
    by_blake2: HashMap<Blake2b256, FileKey>,
    by_filename: HashMap<String, FileKey>,
    /// Names of deleted files, which are never free again.
    deleted: HashSet<String>,
    /// Projects by the form under which two names look alike.
    by_look: HashMap<String, String>,
    flags: BTreeSet<Flag>,
    accounts: Accounts,
    serial: u64,
}

/// One project.
#[derive(Debug)]
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
#[derive(Debug)]
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
#[derive(Debug)]
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

/// Where a file is listed.
#[derive(Debug, Clone)]
struct FileKey {
    project: String,
    version: Version,
    filename: String,
}

impl Project {
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
}

impl Catalog {
    /// All projects, by normalised name.
    pub(crate) fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.values()
    }

    pub(crate) fn project(&self, normalized: &str) -> Option<&Project> {
        self.projects.get(normalized)
    }

    pub(crate) fn release(&self, normalized: &str, version: &Version) -> Option<&Release> {
        self.projects.get(normalized)?.releases.get(version)
    }

    pub(crate) fn file(&self, filename: &str) -> Option<&IndexedFile> {
        self.at(self.by_filename.get(filename)?)
    }

    pub(crate) fn file_with_bytes(&self, blake2b_256: &Blake2b256) -> Option<&IndexedFile> {
        self.at(self.by_blake2.get(blake2b_256)?)
    }

    fn at(&self, key: &FileKey) -> Option<&IndexedFile> {
        self.release(&key.project, &key.version)?
            .files
            .get(&key.filename)
    }

    pub(crate) fn was_deleted(&self, filename: &str) -> bool {
        self.deleted.contains(filename)
    }

    /// Another project whose name looks like this one.
    pub(crate) fn lookalike(&self, name: &ProjectName) -> Option<&Project> {
        self.projects
            .get(self.by_look.get(&name.ultranormalized())?)
            .filter(|project| project.normalized != name.normalized())
    }

    pub(crate) fn flag(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// Users, tokens and what they may do.
    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The number of the last event.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// The digests of all stored bytes.
    pub(crate) fn stored_digests(&self) -> HashSet<Sha256> {
        self.projects()
            .flat_map(Project::files)
            .flat_map(|(_, file)| [Some(file.sha256), file.metadata_sha256])
            .flatten()
            .collect()
    }

    /// Takes over one event.
    ///
    /// # Errors
    /// `Unreadable` when it names something that the events before it did not make; the catalog is then of no use.
    pub(crate) fn apply(&mut self, record: Record) -> Result<(), Unreadable> {
        let Record { n, at, event, .. } = record;
        self.serial = n;
        match event {
            Event::Upload(upload) => self.upload(n, timestamp(&at)?, *upload),
            Event::Yank {
                project,
                version,
                reason,
            } => {
                self.release_mut(n, &project, &version)?.yanked = Some(reason);
                Ok(())
            }
            Event::Unyank { project, version } => {
                self.release_mut(n, &project, &version)?.yanked = None;
                Ok(())
            }
            Event::DeleteFile { filename } => self.delete_file(n, &filename),
            Event::DeleteRelease { project, version } => self.delete_release(n, &project, &version),
            Event::Status { project, status } => {
                self.project_mut(n, &project)?.status = status;
                Ok(())
            }
            Event::Age {
                project,
                version,
                created,
            } => {
                let created = timestamp(&created)?;
                let release = self.release_mut(n, &project, &version)?;
                release.created = created;
                release
                    .files
                    .values_mut()
                    .for_each(|file| file.uploaded = created);
                Ok(())
            }
            Event::Flag { flag, on } => {
                if on {
                    self.flags.insert(flag)
                } else {
                    self.flags.remove(&flag)
                };
                Ok(())
            }
            Event::Project(project) => self.put_project(n, project),
            Event::ReifyPublisher(pending) => {
                self.accounts.forget_pending(&pending.project_name);
                self.put_project(
                    n,
                    ProjectRecord {
                        name: pending.project_name,
                        owner: pending.user,
                        maintainers: Vec::new(),
                        publishers: vec![pending.publisher],
                    },
                )
            }
            other => self.apply_to_accounts(timestamp(&at)?, other),
        }
    }

    fn apply_to_accounts(&mut self, at: Timestamp, event: Event) -> Result<(), Unreadable> {
        match event {
            Event::User(user) => self.accounts.put_user(user),
            Event::Token(token) => self.accounts.put_token(token),
            Event::RevokeToken { sha256 } => self.accounts.revoke(&sha256),
            Event::PendingPublisher(pending) => self.accounts.wait_for(pending),
            Event::ProhibitName { name } => {
                let name = ProjectName::parse(&name).map_err(|_| Unreadable)?;
                self.accounts.prohibit(name.normalized());
            }
            Event::CreatedProjects { user, n } => {
                (0..n).for_each(|_| self.accounts.count_new_project(&user, at));
            }
            // The others are the catalog's own.
            _ => return Err(Unreadable),
        }
        Ok(())
    }

    /// The project of this name, made if need be.
    fn project_or_new(&mut self, n: u64, name: &ProjectName) -> &mut Project {
        self.by_look
            .entry(name.ultranormalized())
            .or_insert_with(|| name.normalized().to_owned());
        let project = self
            .projects
            .entry(name.normalized().to_owned())
            .or_insert_with(|| Project {
                name: String::new(),
                normalized: name.normalized().to_owned(),
                status: Status::Active,
                people: Vec::new(),
                publishers: Vec::new(),
                serial: n,
                releases: BTreeMap::new(),
            });
        project.serial = n;
        name.as_str().clone_into(&mut project.name);
        project
    }

    fn put_project(&mut self, n: u64, record: ProjectRecord) -> Result<(), Unreadable> {
        let name = ProjectName::parse(&record.name).map_err(|_| Unreadable)?;
        let project = self.project_or_new(n, &name);
        project.people = std::iter::once(record.owner)
            .chain(record.maintainers)
            .collect();
        project.publishers = record.publishers;
        Ok(())
    }

    fn upload(&mut self, n: u64, at: Timestamp, upload: Upload) -> Result<(), Unreadable> {
        let name = ProjectName::parse(&upload.project).map_err(|_| Unreadable)?;
        let version = Version::parse(&upload.version).map_err(|_| Unreadable)?;
        let file = IndexedFile::read(&upload, at)?;
        let key = FileKey {
            project: name.normalized().to_owned(),
            version: version.clone(),
            filename: upload.filename.clone(),
        };
        self.by_blake2.insert(file.blake2b_256, key.clone());
        self.by_filename.insert(upload.filename.clone(), key);
        let is_new = !self.projects.contains_key(name.normalized());
        if let Some(uploader) = upload.uploader.filter(|_| is_new) {
            self.accounts.count_new_project(&uploader, at);
            self.project_or_new(n, &name).people.push(uploader);
        }
        let project = self.project_or_new(n, &name);
        let release = project
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
        let mut file = file;
        file.requires_python = release
            .fields
            .iter()
            .find(|(name, _)| name == "requires_python")
            .map(|(_, value)| value.clone());
        release.files.insert(upload.filename, file);
        Ok(())
    }

    fn project_mut(&mut self, n: u64, normalized: &str) -> Result<&mut Project, Unreadable> {
        let project = self.projects.get_mut(normalized).ok_or(Unreadable)?;
        project.serial = n;
        Ok(project)
    }

    fn release_mut(
        &mut self,
        n: u64,
        normalized: &str,
        version: &str,
    ) -> Result<&mut Release, Unreadable> {
        let version = Version::parse(version).map_err(|_| Unreadable)?;
        self.project_mut(n, normalized)?
            .releases
            .get_mut(&version)
            .ok_or(Unreadable)
    }

    fn delete_file(&mut self, n: u64, filename: &str) -> Result<(), Unreadable> {
        let key = self.by_filename.remove(filename).ok_or(Unreadable)?;
        let project = self.project_mut(n, &key.project)?;
        let release = project.releases.get_mut(&key.version).ok_or(Unreadable)?;
        let file = release.files.remove(filename).ok_or(Unreadable)?;
        self.by_blake2.remove(&file.blake2b_256);
        self.deleted.insert(key.filename);
        Ok(())
    }

    fn delete_release(
        &mut self,
        n: u64,
        normalized: &str,
        version: &str,
    ) -> Result<(), Unreadable> {
        let filenames: Vec<String> = self
            .release_mut(n, normalized, version)?
            .files
            .keys()
            .cloned()
            .collect();
        for filename in filenames {
            self.delete_file(n, &filename)?;
        }
        let version = Version::parse(version).map_err(|_| Unreadable)?;
        self.project_mut(n, normalized)?.releases.remove(&version);
        Ok(())
    }
}

impl IndexedFile {
    fn read(upload: &Upload, uploaded: Timestamp) -> Result<Self, Unreadable> {
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

fn timestamp(text: &str) -> Result<Timestamp, Unreadable> {
    text.parse().map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests;
