//! Where a token comes from. One file a source, one line in [`SOURCES`]; the order is precedence.
//!
//! The first source that gives a usable credential answers. A token that was made for another
//! index is passed over, and the [`Search`] says so: its place is read offline from the token
//! itself, so that it is never sent to the wrong host.

mod environment;
mod index_variable;
mod known_variable;
mod prompt;
mod token;
mod token_file;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use pubflow_http::{AddressError, Origin, Secret, SecretError, is_loopback};

use crate::IndexAddress;
use crate::kind::Users;
use crate::known::Known;

pub use token::{Instance, TokenFacts, TokenProblem};

/// The user name that goes with a token.
pub const TOKEN_USER: &str = "__token__";

/// What is sent, and which source gave it.
#[derive(Debug, Clone)]
pub struct Credential {
    /// `__token__` for a token.
    pub user: String,
    /// The token or password.
    pub secret: Secret,
    /// Which source answered, as users know it: `PUBFLOW_TOKEN`, `--token-file`, ….
    pub source: String,
}

/// Where a token file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenFile {
    /// A file that holds the token alone.
    Path(PathBuf),
    /// The same, on standard input.
    Stdin,
}

/// Whether the credential is for the one index of the command, or for one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Variables that name no index are meant for it.
    Sole,
    /// Only variables that name it count.
    OneOfSeveral,
}

/// What is asked when every other source is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the user calls the index.
    pub index: String,
    /// Where the token would be sent to.
    pub origin: Origin,
}

/// Asks a person; none when nobody can be asked.
pub type Prompt<'a> = &'a dyn Fn(&Question) -> io::Result<Option<String>>;

/// What a search looks at.
pub struct Sought<'a> {
    /// The index that the credential is for.
    pub index: &'a IndexAddress,
    /// Whether it is the command's only index.
    pub target: Target,
    /// The environment, as captured at the start.
    pub environment: &'a BTreeMap<String, String>,
    /// The token file of the command line.
    pub token_file: Option<&'a TokenFile>,
    /// How a person is asked.
    pub prompt: Option<Prompt<'a>>,
}

/// What a source gave.
pub(crate) struct Given {
    user: String,
    secret: Secret,
    source: String,
}

/// A row of [`SOURCES`].
pub struct Source {
    /// The source as documentation calls it.
    pub name: &'static str,
    find: fn(&Sought<'_>) -> Result<Vec<Given>, CredentialError>,
}

/// Every source, the strongest first: what was typed for this run, what names the index, what was
/// set for whatever the run's target is, what is customary for the known indexes, a person.
pub static SOURCES: [Source; 5] = [
    Source {
        name: "--token-file",
        find: token_file::find,
    },
    Source {
        name: "PUBFLOW_INDEX_<NAME>_TOKEN",
        find: index_variable::find,
    },
    Source {
        name: "PUBFLOW_TOKEN, UV_PUBLISH_TOKEN, UV_PUBLISH_PASSWORD, TWINE_PASSWORD",
        find: environment::find,
    },
    Source {
        name: "PYPI_API_TOKEN, TESTPYPI_API_TOKEN",
        find: known_variable::find,
    },
    Source {
        name: "prompt",
        find: prompt::find,
    },
];

/// What a search found, and what it passed over on the way.
#[derive(Debug)]
pub struct Search {
    /// The credential; none when every source was silent or passed over.
    pub credential: Option<Credential>,
    /// Sources that gave something unusable, in order.
    pub passed_over: Vec<PassedOver>,
}

/// A source that gave something unusable for this index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The source as users know it.
    pub source: String,
    /// Why it was passed over.
    pub why: Reason,
}

/// Why a credential was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The token was made for another index.
    MadeFor(Instance),
    /// The index takes tokens alone, this is a user name with a password.
    UserName,
}

/// Why a source could not be read, or holds nothing that could be sent.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The upload address may not be used at all.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The token file cannot be read.
    #[error("the token file `{}` cannot be read", path.display())]
    File {
        /// As it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard input cannot be read.
    #[error("no token could be read from standard input")]
    Stdin {
        /// What the system said.
        source: io::Error,
    },
    /// A person could not be asked.
    #[error("no token could be asked for")]
    Prompt {
        /// What the terminal said.
        source: io::Error,
    },
    /// A source holds something that is no token.
    #[error("{origin} holds no usable token: {problem}")]
    Unusable {
        /// The source as users know it.
        origin: String,
        /// What is wrong with it.
        problem: SecretError,
    },
}

/// Looks for a credential.
///
/// # Errors
/// [`CredentialError`] when a source that was named on purpose cannot be read: another source must
/// not answer in its place unnoticed.
pub fn find(sought: &Sought<'_>) -> Result<Search, CredentialError> {
    let origin = sought.index.upload_origin()?;
    let mut passed_over = Vec::new();
    for source in &SOURCES {
        for given in (source.find)(sought)? {
            match unusable(&given, sought.index, &origin) {
                Some(why) => passed_over.push(PassedOver {
                    source: given.source,
                    why,
                }),
                None => {
                    return Ok(Search {
                        credential: Some(Credential {
                            user: given.user,
                            secret: given.secret,
                            source: given.source,
                        }),
                        passed_over,
                    });
                }
            }
        }
    }
    Ok(Search {
        credential: None,
        passed_over,
    })
}

/// Credentials belong to scheme, host and port: a token that names its index goes nowhere else.
fn unusable(given: &Given, index: &IndexAddress, origin: &Origin) -> Option<Reason> {
    if given.user != TOKEN_USER {
        return match index.kind.row().users {
            Users::TokenOnly => Some(Reason::UserName),
            Users::Any => None,
        };
    }
    let made_for = TokenFacts::read(&given.secret).instance;
    let known = Known::by_upload_origin(origin);
    let fits = match &made_for {
        Instance::Known(token) => known == Some(*token),
        Instance::Embedded { .. } => is_loopback(&index.upload),
        // A token of some other server that runs the same software, or of no such software.
        Instance::Elsewhere { .. } | Instance::Opaque => true,
    };
    (!fits).then_some(Reason::MadeFor(made_for))
}

impl Credential {
    /// A token and the source it came from.
    #[must_use]
    pub fn token(secret: Secret, source: impl Into<String>) -> Self {
        Self {
            user: TOKEN_USER.to_owned(),
            secret,
            source: source.into(),
        }
    }

    /// What can be read from it without asking the index.
    #[must_use]
    pub fn facts(&self) -> TokenFacts {
        TokenFacts::read(&self.secret)
    }
}

impl Given {
    fn token(text: &str, source: &str) -> Result<Self, CredentialError> {
        Self::password(TOKEN_USER, text, source)
    }

    fn password(user: &str, text: &str, source: &str) -> Result<Self, CredentialError> {
        let secret = Secret::from_text(text).map_err(|problem| CredentialError::Unusable {
            origin: source.to_owned(),
            problem,
        })?;
        Ok(Self {
            user: user.to_owned(),
            secret,
            source: source.to_owned(),
        })
    }
}

impl Sought<'_> {
    /// A variable that is set to more than white space: CI systems set variables of absent secrets
    /// to the empty text.
    fn variable(&self, name: &str) -> Option<&str> {
        let value = self.environment.get(name)?;
        (!value.trim().is_empty()).then_some(value.as_str())
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Reason::MadeFor(instance) => write!(f, "{} holds a token of {instance}", self.source),
            Reason::UserName => write!(
                f,
                "{} holds a user name and password, and the index takes tokens alone",
                self.source
            ),
        }
    }
}

#[cfg(test)]
mod tests;
