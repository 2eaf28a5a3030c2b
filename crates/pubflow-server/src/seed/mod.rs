//! Loads what a seed describes: users with tokens, projects with releases and files, names that nobody may take.
//!
//! A seed is loaded into an empty realm only; its secrets are made here, written once to the credentials file, and
//! kept as digests.

mod wire;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use jiff::SignedDuration;
use pubflow_spec::{Blake2b256, DigestHasher, DigestSet, ProjectName, Sha256, Version};

use crate::account::digest;
use crate::credential::{new_token, random_hex};
use crate::index::{Index, text};
use crate::store::stored::account::{Holder, Token};
use crate::store::stored::{Event, ProjectRecord};
use crate::store::write_private;
use crate::upload::plant;
use crate::{Seed, ServerError};

/// Loads a seed and writes the credentials made for it.
///
/// # Errors
/// [`ServerError::Seed`] for whatever is wrong with it, before anything is changed; `Data` when the disk refuses.
pub(crate) fn load(index: &Index, wanted: &Seed) -> Result<(), ServerError> {
    let path = wanted.file.as_path();
    let wrong = |why: String| ServerError::Seed {
        path: path.to_owned(),
        why,
    };
    if index.catalog().serial() != 0 {
        return Err(wrong(
            "the data directory holds something already; a seed needs an empty one".to_owned(),
        ));
    }
    let bytes = fs::read(path).map_err(ServerError::data(path))?;
    let seed: wire::Seed =
        serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    if seed.format != wire::FORMAT {
        return Err(wrong(format!(
            "its format is `{}`, not `{}`",
            seed.format,
            wire::FORMAT
        )));
    }
    let fixtures = Fixtures {
        folder: path.parent().unwrap_or(Path::new(".")).join("fixtures"),
        read: BTreeMap::new(),
    };
    let mut loading = Loading {
        index,
        fixtures,
        events: Vec::new(),
        credentials: wire::Credentials::default(),
    };
    loading
        .take(seed)
        .map_err(|error| wrong(error.to_string()))?;
    index
        .record_all(loading.events)
        .map_err(|error| wrong(error.to_string()))?;
    if let Some(path) = &wanted.credentials {
        write_private(path, &loading.credentials.to_bytes()).map_err(ServerError::data(path))?;
    }
    Ok(())
}

struct Loading<'a> {
    index: &'a Index,
    fixtures: Fixtures,
    events: Vec<Event>,
    credentials: wire::Credentials,
}

fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl Loading<'_> {
    fn take(&mut self, seed: wire::Seed) -> io::Result<()> {
        for user in seed.users {
            let secret = || random_hex().map_err(io::Error::other);
            self.credentials
                .passwords
                .insert(user.name.clone(), secret()?);
            self.credentials
                .totp
                .insert(user.name.clone(), base32(&secret()?));
            self.events.push(Event::User(user));
        }
        for name in seed.prohibited_names {
            self.events.push(Event::ProhibitName { name });
        }
        for project in seed.projects {
            self.project(project)?;
        }
        for token in seed.tokens {
            self.token(token)?;
        }
        for used in seed.rate_used {
            self.events.push(Event::CreatedProjects {
                user: used.user,
                n: used.new_projects,
            });
        }
        for pending in seed.pending_publishers {
            self.events.push(Event::PendingPublisher(pending.into()));
        }
        Ok(())
    }

    fn token(&mut self, token: wire::Token) -> io::Result<()> {
        let raw = new_token(self.index.realm).map_err(io::Error::other)?;
        let now = self.index.now().as_second();
        let sha256 = digest(&raw);
        self.events.push(Event::Token(Token {
            sha256: sha256.clone(),
            holder: Holder::User(token.user),
            projects: (token.scope == wire::Scope::Projects).then_some(token.projects),
            valid_from: token.valid_from_s.map(|seconds| now + seconds),
            expires: token.expires_in_s.map(|seconds| now + seconds),
            jti: None,
        }));
        if token.deleted {
            self.events.push(Event::RevokeToken { sha256 });
        }
        self.credentials.tokens.insert(token.name, raw);
        Ok(())
    }

    fn project(&mut self, project: wire::Project) -> io::Result<()> {
        let name = ProjectName::parse(&project.name)
            .map_err(|error| wrong(format!("project `{}`: {error}", project.name)))?;
        self.events.push(Event::Project(ProjectRecord {
            name: project.name,
            owner: project.owner,
            maintainers: project.maintainers,
            publishers: project.trusted_publishers,
        }));
        for release in project.releases {
            self.release(&name, release)?;
        }
        if let Some(status) = project.status {
            self.events.push(Event::Status {
                project: name.normalized().to_owned(),
                status,
            });
        }
        Ok(())
    }

    fn release(&mut self, project: &ProjectName, release: wire::Release) -> io::Result<()> {
        let version = Version::parse(&release.version)
            .map_err(|error| wrong(format!("version `{}`: {error}", release.version)))?
            .to_string();
        let mut deleted = Vec::new();
        let has_files = !release.files.is_empty();
        for file in release.files {
            let filename = file.filename.unwrap_or_else(|| file.fixture.clone());
            let bytes = self.fixtures.bytes(&file.fixture)?;
            let mut form = Vec::with_capacity(file.form.len());
            for (name, value) in file.form {
                form.push((name, self.fixtures.fill(&value)?));
            }
            let upload = plant(self.index, &form, &filename, &bytes)
                .map_err(|error| wrong(format!("file `{filename}`: {error}")))?;
            self.events.push(Event::Upload(Box::new(upload)));
            if file.deleted {
                deleted.push(Event::DeleteFile { filename });
            }
        }
        if !has_files {
            return Ok(());
        }
        let project = project.normalized().to_owned();
        if let Some(days) = release.age_days {
            let created = self
                .index
                .now()
                .checked_sub(SignedDuration::from_hours(days.saturating_mul(24)))
                .map_err(|_| wrong(format!("{days} days is out of range")))?;
            self.events.push(Event::Age {
                project: project.clone(),
                version: version.clone(),
                created: text(created),
            });
        }
        if release.yanked {
            self.events.push(Event::Yank {
                project,
                version,
                reason: release.yanked_reason.unwrap_or_default(),
            });
        }
        self.events.extend(deleted);
        Ok(())
    }
}

/// The files beside a seed, each read once.
struct Fixtures {
    folder: std::path::PathBuf,
    read: BTreeMap<String, Vec<u8>>,
}

impl Fixtures {
    fn bytes(&mut self, name: &str) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.read.get(name) {
            return Ok(bytes.clone());
        }
        if name.contains(['/', '\\']) {
            return Err(wrong(format!("`{name}` does not lie beside the seed")));
        }
        let bytes = fs::read(self.folder.join(name))
            .map_err(|error| wrong(format!("fixture `{name}`: {error}")))?;
        self.read.insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }

    /// Replaces `${KIND:ARGUMENT}` in a value of a form.
    fn fill(&mut self, value: &str) -> io::Result<String> {
        let mut filled = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((before, after)) = rest.split_once("${") {
            let (placeholder, tail) = after
                .split_once('}')
                .ok_or_else(|| wrong(format!("a placeholder is not closed: {value}")))?;
            filled.push_str(before);
            filled.push_str(&self.placeholder(placeholder)?);
            rest = tail;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn placeholder(&mut self, placeholder: &str) -> io::Result<String> {
        let unknown = || wrong(format!("unknown placeholder `{placeholder}`"));
        let (kind, argument) = placeholder.split_once(':').ok_or_else(unknown)?;
        match kind {
            "sha256" => Ok(Sha256::of(&self.bytes(argument)?).to_string()),
            "SHA256" => Ok(Sha256::of(&self.bytes(argument)?)
                .to_string()
                .to_uppercase()),
            "blake2" | "md5" => {
                let mut hasher = DigestHasher::new(DigestSet::ALL);
                hasher.update(&self.bytes(argument)?);
                let digests = hasher.finish();
                let blake2 = digests
                    .blake2b_256
                    .map(|digest: Blake2b256| digest.to_string());
                let md5 = digests.md5.map(|digest| digest.to_string());
                Ok(if kind == "md5" { md5 } else { blake2 }.unwrap_or_default())
            }
            "text" => String::from_utf8(self.bytes(argument)?).map_err(|_| unknown()),
            "char" => argument
                .parse()
                .ok()
                .and_then(char::from_u32)
                .map(String::from)
                .ok_or_else(unknown),
            "repeat" => {
                let (n, text) = argument.split_once(':').ok_or_else(unknown)?;
                let n = n.parse::<usize>().ok().filter(|n| *n <= 1 << 20);
                n.map(|n| text.repeat(n)).ok_or_else(unknown)
            }
            _ => Err(unknown()),
        }
    }
}

/// The letters and digits of RFC 4648 for a text's bytes, 16 of them.
fn base32(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    text.bytes()
        .take(32)
        .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_from_the_files_beside_the_seed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("note.txt"), "abc").unwrap();
        let mut fixtures = Fixtures {
            folder: folder.path().to_owned(),
            read: BTreeMap::new(),
        };
        let mut check =
            |text: &str, expected: &str| assert_eq!(fixtures.fill(text).unwrap(), expected);
        check("a ${text:note.txt} b${char:33}${repeat:3:x}", "a abc b!xxx");
        check("${md5:note.txt}", "900150983cd24fb0d6963f7d28e17f72");
        let mut wrong = |text: &str| assert!(fixtures.fill(text).is_err(), "{text}");
        for text in [
            "${text:",
            "${nothing:x}",
            "${text:../seed.json}",
            "${text:absent}",
            "${x}",
        ] {
            wrong(text);
        }
    }
}
