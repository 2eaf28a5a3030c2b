//! `.pypirc` in the home directory, read as twine reads it.
//!
//! A section counts where its address has the scheme, host and port of the index; the section with
//! the name of the index comes first. Twine's defaults hold: `pypi` and `testpypi` need no address,
//! and a section that `index-servers` does not list is not read.

mod ini;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pubflow_http::Origin;
use url::Url;
use zeroize::Zeroizing;

use super::{Answer, CredentialError, Given, PassedOver, Reason, Sought, TOKEN_USER};
use crate::known::Known;
use ini::Ini;

pub use ini::IniError;

/// The sections that are read where the file lists none.
const USUAL_SERVERS: &str = "pypi testpypi";

/// The file, as far as it is about indexes.
pub struct Pypirc {
    ini: Ini,
    servers: Vec<String>,
}

/// What the file says of one index.
pub struct Repository {
    /// Where files are uploaded, without a user name in it.
    pub url: String,
    /// The user name.
    pub user: Option<String>,
    /// The password or token.
    pub password: Option<Zeroizing<String>>,
    /// Certificates to trust.
    pub ca_cert: Option<PathBuf>,
    /// The client's own certificate.
    pub client_cert: Option<PathBuf>,
}

/// Why the file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PypircError {
    /// The system refused.
    #[error(transparent)]
    File(io::Error),
    /// It holds something else than text.
    #[error("it is not UTF-8")]
    Encoding,
    /// It is written otherwise than twine reads it.
    #[error(transparent)]
    Ini(#[from] IniError),
}

/// Why the file says nothing of an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepositoryError {
    /// It has no such section, does not list it, or the section has no address.
    #[error("there is no `{name}` in .pypirc")]
    Missing {
        /// What was asked for.
        name: String,
    },
    /// The address is none.
    #[error("the address is no http or https address with a host")]
    Address,
}

impl Pypirc {
    /// Reads the file at `path`; one that is not there says nothing.
    ///
    /// # Errors
    /// [`PypircError`].
    pub fn read(path: &Path) -> Result<Self, PypircError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Zeroizing::default(),
            Err(source) => return Err(PypircError::File(source)),
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| PypircError::Encoding)?;
        Ok(Self::parse(text)?)
    }

    /// Reads the text of a file; an absent file is an empty text.
    ///
    /// # Errors
    /// [`IniError`], where twine stops as well.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let ini = Ini::parse(text)?;
        let servers = ini
            .get("distutils", "index-servers")
            .unwrap_or(USUAL_SERVERS)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Ok(Self { ini, servers })
    }

    /// The names of the indexes that the file knows something about, in its order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let servers = self.servers.iter().map(String::as_str);
        servers.filter(|name| self.ini.has_section(name))
    }

    /// What it says of the index called `name`.
    ///
    /// # Errors
    /// [`RepositoryError::Missing`].
    pub fn repository(&self, name: &str) -> Result<Repository, RepositoryError> {
        let missing = || RepositoryError::Missing {
            name: name.to_owned(),
        };
        let is_listed = self.servers.iter().any(|server| server == name);
        let known = crate::known::KNOWN
            .into_iter()
            .find(|known| known.name() == name);
        let usual = known.filter(|known| is_listed || *known == Known::Pypi);
        let own = |option: &str| is_listed.then(|| self.ini.get(name, option)).flatten();
        let url = match own("repository") {
            Some(url) => url.to_owned(),
            None => usual.ok_or_else(missing)?.address().upload.to_string(),
        };
        let shared = |option: &str| own(option).or_else(|| self.ini.get("server-login", option));
        Ok(Repository {
            url,
            user: shared("username").map(str::to_owned),
            password: shared("password").map(|text| Zeroizing::new(text.to_owned())),
            ca_cert: own("ca_cert").map(PathBuf::from),
            client_cert: own("client_cert").map(PathBuf::from),
        })
    }
}

impl Repository {
    /// What its credentials belong to.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(&Url::parse(&self.url).ok()?).ok()
    }

    /// The index that an address alone names; a user name and password inside it are taken out.
    ///
    /// # Errors
    /// [`RepositoryError::Address`].
    pub fn of_url(text: &str) -> Result<Self, RepositoryError> {
        // The parser would mend `https:/host`, which twine does not take for an address.
        let is_whole = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let url = Url::parse(text)
            .ok()
            .filter(|url| is_whole && url.has_host());
        let mut url = url.ok_or(RepositoryError::Address)?;
        let decoded = |text: &str| Zeroizing::new(percent_decoded(text));
        let user = (!url.username().is_empty()).then(|| decoded(url.username()).to_string());
        let password = url.password().map(decoded);
        // Both fail only for addresses without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Self {
            url: url.to_string(),
            user,
            password,
            ca_cert: None,
            client_cert: None,
        })
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &after[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let Some(path) = path(sought.environment.get("HOME").map(String::as_str)) else {
        return Ok(Vec::new());
    };
    match Pypirc::read(&path) {
        Ok(pypirc) => answers(&pypirc, &path, sought),
        Err(error) => Ok(vec![Answer::Silent(PassedOver {
            source: path.display().to_string(),
            why: Reason::Unreadable {
                problem: error.to_string(),
            },
        })]),
    }
}

/// The user name that the file has for the index.
pub(super) fn user_for(sought: &Sought<'_>) -> Option<String> {
    let path = path(sought.environment.get("HOME").map(String::as_str))?;
    let pypirc = Pypirc::read(&path).ok()?;
    let origin = sought.index.upload_origin().ok()?;
    let repositories = pypirc
        .names()
        .filter_map(|name| pypirc.repository(name).ok());
    repositories
        .filter(|repository| repository.origin().as_ref() == Some(&origin))
        .find_map(|repository| repository.user.filter(|user| !user.is_empty()))
}

/// Where the file is.
#[must_use]
pub fn path(home: Option<&str>) -> Option<PathBuf> {
    let home = home.filter(|home| !home.is_empty())?;
    Some(Path::new(home).join(".pypirc"))
}

fn answers(
    pypirc: &Pypirc,
    path: &Path,
    sought: &Sought<'_>,
) -> Result<Vec<Answer>, CredentialError> {
    let origin = sought.index.upload_origin()?;
    let name = sought.index.name.as_str();
    let others = pypirc.names().filter(|other| *other != name);
    let mut answers = Vec::new();
    for section in std::iter::once(name).chain(others) {
        let Ok(repository) = pypirc.repository(section) else {
            continue;
        };
        let Some(password) = &repository.password else {
            continue;
        };
        if password.trim().is_empty() {
            continue;
        }
        let source = format!("[{section}] in {}", path.display());
        let place = repository.origin();
        if place.as_ref() == Some(&origin) {
            let user = repository.user.as_deref().filter(|user| !user.is_empty());
            let user = user.unwrap_or(TOKEN_USER);
            if let Some(mode) = readable_by_others(path) {
                answers.push(Answer::Warning(format!(
                    "{} can be read by others (mode {mode:o}): run `chmod 600 {}`",
                    path.display(),
                    path.display()
                )));
            }
            answers.push(Given::password(user, password, &source)?.into());
        } else if section == name {
            answers.push(Answer::Silent(PassedOver {
                source,
                why: Reason::OtherPlace {
                    place: place
                        .map_or_else(|| "no usable address".to_owned(), |place| place.to_string()),
                },
            }));
        }
    }
    Ok(answers)
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests;
