//! The token for an index: which source gave it, and what was passed over on the way.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_http::Secret;
use pubflow_index::credential::{self, Sought, TokenFile};
use pubflow_index::{CredentialError, IndexAddress, Lease, Minter, TrustedError};
use pubflow_process::{find_program, secret_output};
use pubflow_spec::ProjectName;

use crate::config::{Origin, Settings, Target};
use crate::consent::has_terminal;
use crate::context::Context;
use crate::error::CommandError;

/// Time for a person to unlock what the `keyring` command reads.
const KEYRING_PATIENCE: Duration = Duration::from_secs(60);

/// Who chose the place that the token would go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChosenBy {
    /// The user, by naming the index or by the user's own configuration: every source counts.
    User,
    /// A project file alone: only variables that name the index count, because what is meant for
    /// whatever the target is must not follow a cloned file anywhere.
    Project,
    /// The user, for an index besides the target: what is meant for whatever the target is does not
    /// go there either.
    Besides,
}

impl ChosenBy {
    /// Who chose `target`, and the place that its name stands for.
    pub(crate) fn of(target: &Target, settings: &Settings) -> Self {
        let named = matches!(
            target.origin,
            Origin::CommandLine(_) | Origin::Environment(_) | Origin::UserFile(_)
        );
        match !named && settings.is_placed_by_project(target.address.name.as_str()) {
            true => Self::Project,
            false => Self::User,
        }
    }
}

/// What a token is wanted for.
pub(crate) struct Wanted<'a> {
    /// The index.
    pub(crate) address: &'a IndexAddress,
    /// Who chose its place.
    pub(crate) chosen_by: ChosenBy,
    /// The project that is changed.
    pub(crate) project: &'a ProjectName,
    /// The file of the command line.
    pub(crate) token_file: Option<&'a Path>,
}

/// The credential for an index, from the first source that has one.
pub(crate) fn credential_for(
    wanted: &Wanted<'_>,
    ctx: &Context,
) -> Result<Option<Lease>, CommandError> {
    let minter = minter(wanted, ctx)?;
    let mint = || match &minter {
        None => Ok(None),
        Some(minter) => ctx
            .block_on_reading(async { Ok(minter.mint().await) })
            .unwrap_or(Err(TrustedError::Interrupted)),
    };
    let prompt = |question: &credential::Question| prompt_for_token(question);
    let search = search(wanted, Some(&mint), Some(&prompt), ctx)?;
    for passed_over in &search.passed_over {
        ctx.note(&format!("passed over: {passed_over}"));
    }
    for warning in &search.warnings {
        ctx.note(&format!("warning: {warning}"));
    }
    let Some(credential) = search.credential else {
        return Ok(None);
    };
    ctx.note(&format!("token: {}", credential.source));
    Ok(Some(match minter {
        Some(minter) if credential.minted_until.is_some() => Lease::renewing(credential, minter),
        _ => Lease::fixed(credential),
    }))
}

/// Where a token for an index would come from, without asking a person, minting one, or taking what
/// can be read only once.
///
/// # Errors
/// As [`credential_for`].
pub(crate) fn token_source(
    wanted: &Wanted<'_>,
    ctx: &Context,
) -> Result<Option<String>, CommandError> {
    if wanted.token_file.map(token_file) == Some(TokenFile::Stdin) {
        return Ok(Some("standard input".to_owned()));
    }
    let found = search(wanted, None, None, ctx)?.credential;
    if let Some(credential) = found {
        return Ok(Some(credential.source));
    }
    let identity = "the identity of this job, exchanged when it is needed";
    Ok(minter(wanted, ctx)?.map(|_| identity.to_owned()))
}

fn minter(wanted: &Wanted<'_>, ctx: &Context) -> Result<Option<Minter>, CommandError> {
    let client = Arc::new(ctx.index(wanted.address.clone())?);
    Ok(match wanted.chosen_by {
        ChosenBy::User | ChosenBy::Besides => Minter::find(client, ctx.env.variables()),
        // What a project file alone points to gets no identity of this job either.
        ChosenBy::Project => None,
    })
}

/// Asks every source in turn.
fn search(
    wanted: &Wanted<'_>,
    mint: Option<credential::Mint<'_>>,
    prompt: Option<credential::Prompt<'_>>,
    ctx: &Context,
) -> Result<credential::Search, CommandError> {
    let address = wanted.address;
    let token_file = wanted.token_file.map(token_file);
    let keyring = find_program("keyring", &ctx.inherited);
    let ask_keyring = |service: &str, user: &str| match &keyring {
        None => Ok(None),
        Some(program) => keyring_password(program, service, user, ctx),
    };
    let sought = Sought {
        index: address,
        target: match wanted.chosen_by {
            ChosenBy::User => credential::Target::Sole,
            ChosenBy::Project | ChosenBy::Besides => credential::Target::OneOfSeveral,
        },
        environment: ctx.env.variables(),
        token_file: token_file.as_ref(),
        project: Some(wanted.project),
        now: Timestamp::now(),
        mint,
        keyring_command: Some(&ask_keyring),
        prompt,
    };
    credential::find(&sought).map_err(|error| wrong(address, error))
}

/// Where the token of `--token-file` is; `-` stands for standard input.
pub(crate) fn token_file(path: &Path) -> TokenFile {
    match path.to_str() {
        Some("-") => TokenFile::Stdin,
        _ => TokenFile::Path(path.to_owned()),
    }
}

/// Asks on the terminal, without showing what is typed; none where there is no terminal.
pub(crate) fn prompt_for_token(question: &credential::Question) -> io::Result<Option<String>> {
    if !has_terminal() {
        return Ok(None);
    }
    rpassword::prompt_password(format!(
        "token for {} ({}): ",
        question.index, question.origin
    ))
    .map(Some)
}

/// A search that was stopped.
pub(crate) fn wrong(address: &IndexAddress, error: CredentialError) -> CommandError {
    let is_interrupted = match &error {
        CredentialError::Prompt { source } => source.kind() == io::ErrorKind::Interrupted,
        CredentialError::Trusted(error) => matches!(**error, TrustedError::Interrupted),
        _ => false,
    };
    if is_interrupted {
        return CommandError::Interrupted { landed: false };
    }
    CommandError::Credential {
        index: address.name.to_string(),
        source: error,
    }
}

/// What `keyring get SERVICE USER` prints.
fn keyring_password(
    program: &Path,
    service: &str,
    user: &str,
    ctx: &Context,
) -> io::Result<Option<Secret>> {
    let environment = pubflow_process::Environment::keyring(&ctx.inherited);
    let arguments = ["get", service, user];
    let output = secret_output(program, &arguments, &environment, KEYRING_PATIENCE)
        .map_err(io::Error::other)?;
    let Some(output) = output else {
        return Ok(None);
    };
    let text = String::from_utf8(output).map_err(|_| io::Error::other("it printed no text"))?;
    // It prints an empty line where it has nothing.
    Ok(Secret::from_text(text).ok())
}
