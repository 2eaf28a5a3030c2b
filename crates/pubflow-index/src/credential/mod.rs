//! Where a token comes from. One file a source, one line in [`SOURCES`]; the order is precedence.
//!
//! The first source that gives a usable credential answers. A token that was made for another
//! index is passed over, and the [`Search`] says so: its place is read offline from the token
//! itself, so that it is never sent to the wrong host. So is one that has ended or is for other
//! projects. A source that cannot be asked (a locked keyring, say) is passed over as well; only one
//! that was named for this run stops the search.

mod environment;
mod index_variable;
mod keyring;
mod keyring_command;
mod known_variable;
mod prompt;
pub mod pypirc;
mod token;
mod token_file;
mod trusted_publishing;
pub mod vault;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use pubflow_http::{AddressError, Origin, Secret, SecretError, is_loopback};
use pubflow_spec::ProjectName;

use crate::IndexAddress;
use crate::kind::{Identity, Users};
use crate::known::Known;
use crate::trusted::{Minted, TrustedError};

pub use token::{Instance, NarrowError, TokenFacts, TokenProblem, narrow};

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
    /// When it ends, where it was minted for this run.
    pub minted_until: Option<Timestamp>,
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

/// Asks the `keyring` command for the password of a service and a user; none when it has none.
pub type KeyringCommand<'a> = &'a dyn Fn(&str, &str) -> io::Result<Option<Secret>>;

/// Exchanges the identity of a CI job for a token; none where there is nothing to exchange.
pub type Mint<'a> = &'a dyn Fn() -> Result<Option<Minted>, TrustedError>;

/// The clock of this machine may be wrong by this much before a token counts as ended.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

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
    /// The project that is uploaded to, where it is known.
    pub project: Option<&'a ProjectName>,
    /// The time of this machine.
    pub now: Timestamp,
    /// How the identity of a CI job is exchanged for a token.
    pub mint: Option<Mint<'a>>,
    /// How the `keyring` command is asked.
    pub keyring_command: Option<KeyringCommand<'a>>,
    /// How a person is asked.
    pub prompt: Option<Prompt<'a>>,
}

/// What a source gave.
pub(crate) struct Given {
    user: String,
    secret: Secret,
    source: String,
    /// When a token that was minted for this run ends.
    minted_until: Option<Timestamp>,
}

/// What a source says.
enum Answer {
    Given(Given),
    /// It is there, and nothing of it can be used.
    Silent(PassedOver),
    /// A note for the user.
    Warning(String),
}

impl From<Given> for Answer {
    fn from(given: Given) -> Self {
        Self::Given(given)
    }
}

/// A row of [`SOURCES`].
pub struct Source {
    /// The source as documentation calls it.
    pub name: &'static str,
    find: fn(&Sought<'_>) -> Result<Vec<Answer>, CredentialError>,
}

/// Every source, the strongest first: what was typed for this run, what names the index, what was
/// set for whatever the run's target is, what is customary for the known indexes, what the job can
/// prove to be, what was kept on this machine, a person.
pub static SOURCES: [Source; 9] = [
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
        name: "trusted publishing",
        find: trusted_publishing::find,
    },
    Source {
        name: "pubflow login",
        find: keyring::find,
    },
    Source {
        name: "the keyring command",
        find: keyring_command::find,
    },
    Source {
        name: ".pypirc",
        find: pypirc::find,
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
    /// What the user should be told besides.
    pub warnings: Vec<String>,
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
    /// The index would refuse it.
    Refused(TokenProblem),
    /// It is for another scheme, host or port.
    OtherPlace {
        /// Where it is for.
        place: String,
    },
    /// The source could not be read.
    Unreadable {
        /// Why.
        problem: String,
    },
    /// No publisher is registered for this job.
    NotRegistered {
        /// What the index said, and what this job claims to be.
        diagnosis: String,
    },
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
    /// The index does not exchange the identity of this job for a token.
    #[error(transparent)]
    Trusted(Box<TrustedError>),
}

/// Looks for a credential.
///
/// # Errors
/// [`CredentialError`] when a source that was named on purpose cannot be read: another source must
/// not answer in its place unnoticed.
pub fn find(sought: &Sought<'_>) -> Result<Search, CredentialError> {
    let origin = sought.index.upload_origin()?;
    let mut search = Search {
        credential: None,
        passed_over: Vec::new(),
        warnings: Vec::new(),
    };
    for source in &SOURCES {
        for answer in (source.find)(sought)? {
            let given = match answer {
                Answer::Given(given) => given,
                Answer::Silent(passed_over) => {
                    search.passed_over.push(passed_over);
                    continue;
                }
                Answer::Warning(warning) => {
                    search.warnings.push(warning);
                    continue;
                }
            };
            match unusable(&given, (sought.index, sought.project, sought.now), &origin) {
                Some(why) => search.passed_over.push(PassedOver {
                    source: given.source,
                    why,
                }),
                None => {
                    search.credential = Some(Credential {
                        user: given.user,
                        secret: given.secret,
                        source: given.source,
                        minted_until: given.minted_until,
                    });
                    return Ok(search);
                }
            }
        }
    }
    Ok(search)
}

/// The token that `login` shall keep: from a file or standard input, else from a person.
///
/// # Errors
/// [`CredentialError`] when the place that was named cannot be read or holds no token.
pub fn given_for_keeping(
    token_file: Option<&TokenFile>,
    question: &Question,
    prompt: Prompt<'_>,
) -> Result<Option<Secret>, CredentialError> {
    let given = match token_file {
        Some(file) => Some(token_file::read_token(file)?),
        None => prompt::ask(question, prompt)?,
    };
    Ok(given.map(|given| given.secret))
}

/// Why an index would refuse a token, or must not get it.
#[must_use]
pub fn problem_of(
    token: &Secret,
    index: &IndexAddress,
    project: Option<&ProjectName>,
    now: Timestamp,
) -> Option<PassedOver> {
    let given = Given::of(token.clone(), "the token".to_owned());
    let origin = index.upload_origin().ok()?;
    unusable(&given, (index, project, now), &origin).map(|why| PassedOver {
        source: given.source,
        why,
    })
}

/// Credentials belong to scheme, host and port: a token that names its index goes nowhere else.
fn unusable(
    given: &Given,
    (index, project, now): (&IndexAddress, Option<&ProjectName>, Timestamp),
    origin: &Origin,
) -> Option<Reason> {
    if given.user != TOKEN_USER {
        return match index.kind.row().users {
            Users::TokenOnly => Some(Reason::UserName),
            Users::Any => None,
        };
    }
    let facts = TokenFacts::read(&given.secret);
    let made_for = facts.instance.clone();
    let known = Known::by_upload_origin(origin);
    let fits = match &made_for {
        Instance::Known(token) => known == Some(*token),
        // Elsewhere it has to prove that it is the index which printed the token.
        Instance::Embedded { .. } => {
            is_loopback(&index.upload) || index.kind.row().identity == Identity::Proof
        }
        // A token of some other server that runs the same software, or of no such software.
        Instance::Elsewhere { .. } | Instance::Opaque => true,
    };
    if !fits {
        return Some(Reason::MadeFor(made_for));
    }
    facts
        .problem_within(project, now, CLOCK_SKEW)
        .map(Reason::Refused)
}

impl Credential {
    /// A token and the source it came from.
    #[must_use]
    pub fn token(secret: Secret, source: impl Into<String>) -> Self {
        Self {
            user: TOKEN_USER.to_owned(),
            secret,
            source: source.into(),
            minted_until: None,
        }
    }

    /// What can be read from it without asking the index.
    #[must_use]
    pub fn facts(&self) -> TokenFacts {
        TokenFacts::read(&self.secret)
    }
}

impl Given {
    /// A token that was a secret before.
    fn of(secret: Secret, source: String) -> Self {
        Self {
            user: TOKEN_USER.to_owned(),
            secret,
            source,
            minted_until: None,
        }
    }

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
            minted_until: None,
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
            Reason::Refused(problem) => write!(f, "{}: {problem}", self.source),
            Reason::OtherPlace { place } => write!(f, "{} is for {place}", self.source),
            Reason::Unreadable { problem } => {
                write!(f, "{} cannot be read: {problem}", self.source)
            }
            Reason::NotRegistered { diagnosis } => write!(f, "{}: {diagnosis}", self.source),
        }
    }
}

#[cfg(test)]
mod tests;
