//! What an index holds: the fold over the events of its log.
//!
//! Memory holds what has to be found quickly, some dozen bytes a file: names of projects, where their events stand in
//! the log, and by which line a file is made. A project itself, with its releases, files and descriptions, is read
//! from the log when it is asked for; those asked for lately are kept.
//!
//! It answers questions and applies events; whether an event may happen is decided by its callers (`upload`,
//! `admin`, `web`) before it is logged.

mod cache;
mod named;
mod project;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pubflow_spec::{Blake2b256, ProjectName, Sha256, Version};

use crate::account::Accounts;
use crate::store::stored::account::Publisher;
use crate::store::stored::{Event, Flag, Record, Status, Unreadable, Upload};
use crate::store::{LogReader, Place};

use cache::Cache;
pub(crate) use named::NamedBytes;
pub(crate) use project::{IndexedFile, Project, Release};
use project::{normalized, timestamp};

/// Everything that one index holds.
#[derive(Debug)]
pub(crate) struct Catalog {
    log: LogReader,
    projects: BTreeMap<Box<str>, Entry>,
    lately: Mutex<Cache>,
    /// Where the line stands that made a listed file, by the start of the digest of its bytes.
    by_blake2: HashMap<Start, u64>,
    /// The same by the start of the SHA-256 of its name.
    by_filename: HashMap<Start, u64>,
    /// Names of deleted files, which are never free again.
    deleted: HashSet<String>,
    /// Projects by the form under which two names look alike.
    by_look: HashMap<Box<str>, Box<str>>,
    flags: BTreeSet<Flag>,
    accounts: Accounts,
    serial: u64,
}

/// Enough of a digest that no two are ever alike.
type Start = [u8; 16];

/// What memory holds of a project.
#[derive(Debug)]
pub(crate) struct Entry {
    /// As the last upload spelt it.
    pub(crate) name: Box<str>,
    pub(crate) status: Status,
    pub(crate) publishers: Vec<Publisher>,
    /// The number of the last event that touched it.
    pub(crate) serial: u64,
    /// Where the lines of its events stand in the log.
    events: Vec<u64>,
    /// The sum of the lengths of those lines.
    n_bytes: u64,
}

impl Catalog {
    /// The catalog of an index in which nothing has happened yet, and that reads back what happens from its log.
    pub(crate) fn over(log: LogReader) -> Self {
        Self {
            log,
            projects: BTreeMap::new(),
            lately: Mutex::default(),
            by_blake2: HashMap::new(),
            by_filename: HashMap::new(),
            deleted: HashSet::new(),
            by_look: HashMap::new(),
            flags: BTreeSet::new(),
            accounts: Accounts::default(),
            serial: 0,
        }
    }

    /// All projects with their normalised names, by those.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.projects.iter().map(|(name, entry)| (&**name, entry))
    }

    /// What memory holds of a project.
    pub(crate) fn entry(&self, normalized: &str) -> Option<&Entry> {
        self.projects.get(normalized)
    }

    /// A project with its releases and files.
    ///
    /// # Errors
    /// When the log cannot be read back.
    pub(crate) fn project(&self, normalized: &str) -> io::Result<Option<Arc<Project>>> {
        let Some(entry) = self.projects.get(normalized) else {
            return Ok(None);
        };
        if let Some(kept) = self.lately().get(normalized) {
            return Ok(Some(kept));
        }
        let mut project = Project::unmade(normalized);
        self.log
            .read(&entry.events, |record| project.apply(record))?;
        let project = Arc::new(project);
        self.lately().put(&project, entry.n_bytes);
        Ok(Some(project))
    }

    /// The listed file of this name.
    ///
    /// # Errors
    /// When the log cannot be read back.
    pub(crate) fn file(&self, filename: &str) -> io::Result<Option<IndexedFile>> {
        self.made_at(self.by_filename.get(&name_start(filename)))
    }

    /// The listed file with these bytes.
    ///
    /// # Errors
    /// When the log cannot be read back.
    pub(crate) fn file_with_bytes(
        &self,
        blake2b_256: &Blake2b256,
    ) -> io::Result<Option<IndexedFile>> {
        self.made_at(self.by_blake2.get(&start(blake2b_256.as_bytes())))
    }

    /// The file that an upload's line made, as it is now.
    fn made_at(&self, line: Option<&u64>) -> io::Result<Option<IndexedFile>> {
        let Some(line) = line else { return Ok(None) };
        let Some(upload) = self.upload_at(*line)? else {
            return Ok(None);
        };
        let name = normalized(&upload.project)?;
        let version = Version::parse(&upload.version).map_err(|_| Unreadable)?;
        let project = self.project(name.normalized())?;
        Ok(project.and_then(|project| {
            let release = project.releases.get(&version)?;
            release.files.get(&upload.filename).cloned()
        }))
    }

    fn upload_at(&self, line: u64) -> io::Result<Option<Upload>> {
        let mut found = None;
        self.log.read(&[line], |record| {
            if let Event::Upload(upload) = record.event {
                found = Some(*upload);
            }
            Ok(())
        })?;
        Ok(found)
    }

    pub(crate) fn was_deleted(&self, filename: &str) -> bool {
        self.deleted.contains(filename)
    }

    /// Whether another project's name looks like this one.
    pub(crate) fn has_lookalike(&self, name: &ProjectName) -> bool {
        self.by_look
            .get(name.ultranormalized().as_str())
            .is_some_and(|other| **other != *name.normalized())
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

    /// Takes over one event, whose line stands at `place` in the log.
    ///
    /// # Errors
    /// `Unreadable` when it names something that the events before it did not make; the catalog is then of no use.
    pub(crate) fn apply(&mut self, place: Place, record: Record) -> Result<(), Unreadable> {
        self.serial = record.n;
        match &record.event {
            Event::Upload(upload) => {
                let name = normalized(&upload.project)?;
                self.add_file(place, upload, &record.at, &name)?;
                self.touch(place, &name, record)
            }
            Event::Project(project) => {
                let name = normalized(&project.name)?;
                self.touch(place, &name, record)
            }
            Event::ReifyPublisher(pending) => {
                let name = normalized(&pending.project_name)?;
                self.accounts.forget_pending(&pending.project_name);
                self.touch(place, &name, record)
            }
            Event::DeleteFile { filename } => {
                let line = self.by_filename.get(&name_start(filename));
                let line = *line.ok_or(Unreadable)?;
                let upload = self.upload_at(line).ok().flatten().ok_or(Unreadable)?;
                let name = normalized(&upload.project)?;
                self.change(place, name.normalized(), record)
            }
            Event::Yank { project, .. }
            | Event::Unyank { project, .. }
            | Event::DeleteRelease { project, .. }
            | Event::Status { project, .. }
            | Event::Age { project, .. } => {
                let name = project.clone();
                self.change(place, &name, record)
            }
            Event::Flag { flag, on } => {
                if *on {
                    self.flags.insert(*flag)
                } else {
                    self.flags.remove(flag)
                };
                Ok(())
            }
            _ => self.apply_to_accounts(record),
        }
    }

    fn apply_to_accounts(&mut self, record: Record) -> Result<(), Unreadable> {
        let at = timestamp(&record.at)?;
        match record.event {
            Event::User(user) => self.accounts.put_user(user),
            Event::Token(token) => self.accounts.put_token(token),
            Event::RevokeToken { sha256 } => self.accounts.revoke(&sha256),
            Event::PendingPublisher(pending) => self.accounts.wait_for(pending),
            Event::ProhibitName { name } => {
                self.accounts.prohibit(normalized(&name)?.normalized());
            }
            Event::CreatedProjects { user, n } => {
                (0..n).for_each(|_| self.accounts.count_new_project(&user, at));
            }
            // The others are the catalog's own.
            _ => return Err(Unreadable),
        }
        Ok(())
    }

    /// Notes where a new file is made, and who made its project by it.
    fn add_file(
        &mut self,
        place: Place,
        upload: &Upload,
        at: &str,
        name: &ProjectName,
    ) -> Result<(), Unreadable> {
        let at = timestamp(at)?;
        Version::parse(&upload.version).map_err(|_| Unreadable)?;
        let file = IndexedFile::read(upload, at)?;
        let bytes = start(file.blake2b_256.as_bytes());
        self.by_blake2.insert(bytes, place.at);
        self.by_filename
            .insert(name_start(&upload.filename), place.at);
        if let Some(uploader) = &upload.uploader
            && !self.projects.contains_key(name.normalized())
        {
            self.accounts.count_new_project(uploader, at);
        }
        Ok(())
    }

    /// Lets a project, made if need be, take over an event that names nothing within it; it is not read for that.
    fn touch(
        &mut self,
        place: Place,
        name: &ProjectName,
        record: Record,
    ) -> Result<(), Unreadable> {
        if !self.projects.contains_key(name.normalized()) {
            self.by_look
                .entry(name.ultranormalized().into())
                .or_insert_with(|| name.normalized().into());
        }
        let entry = self
            .projects
            .entry(name.normalized().into())
            .or_insert_with(|| Entry {
                name: Box::default(),
                status: Status::Active,
                publishers: Vec::new(),
                serial: 0,
                events: Vec::new(),
                n_bytes: 0,
            });
        entry.note(place, record.n);
        entry.name = name.as_str().into();
        match &record.event {
            Event::Project(project) => entry.publishers.clone_from(&project.publishers),
            Event::ReifyPublisher(pending) => entry.publishers = vec![pending.publisher.clone()],
            _ => {}
        }
        self.lately()
            .change(name.normalized(), record, place.n_bytes)
    }

    /// Lets a project take over an event that names something within it.
    fn change(&mut self, place: Place, normalized: &str, record: Record) -> Result<(), Unreadable> {
        let read = self.project(normalized).ok().flatten();
        let before = read.ok_or(Unreadable)?;
        let (n, event) = (record.n, record.event.clone());
        self.lately().change(normalized, record, place.n_bytes)?;
        let entry = self.projects.get_mut(normalized).ok_or(Unreadable)?;
        entry.note(place, n);
        match event {
            Event::Status { status, .. } => entry.status = status,
            Event::DeleteFile { filename } => self.forget(&before, |_, file| file == filename),
            Event::DeleteRelease { version, .. } => {
                let version = Version::parse(&version).map_err(|_| Unreadable)?;
                self.forget(&before, |of, _| of.version == version);
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the deleted files of a project, given as it was before, impossible to find.
    fn forget(&mut self, before: &Project, is_deleted: impl Fn(&Release, &str) -> bool) {
        for (release, file) in before.files() {
            if is_deleted(release, &file.filename) {
                self.by_blake2.remove(&start(file.blake2b_256.as_bytes()));
                self.by_filename.remove(&name_start(&file.filename));
                self.deleted.insert(file.filename.clone());
            }
        }
    }

    fn lately(&self) -> MutexGuard<'_, Cache> {
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn note(&mut self, place: Place, n: u64) {
        self.events.push(place.at);
        self.n_bytes += place.n_bytes;
        self.serial = n;
    }
}

fn start(digest: &[u8; 32]) -> Start {
    let mut start = [0; 16];
    start.copy_from_slice(&digest[..16]);
    start
}

fn name_start(filename: &str) -> Start {
    start(Sha256::of(filename.as_bytes()).as_bytes())
}

#[cfg(test)]
mod tests;
