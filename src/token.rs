//! The token for an index: which source gave it, and what was passed over on the way.

use std::io;
use std::path::Path;

use pubflow_index::credential::{self, Sought, TokenFile};
use pubflow_index::{Credential, CredentialError, IndexAddress};

use crate::config::{Origin, Settings, Target};
use crate::consent::has_terminal;
use crate::context::Context;
use crate::error::CommandError;

/// Who chose the place that the token would go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChosenBy {
    /// The user, by naming the index or by the user's own configuration: every source counts.
    User,
    /// A project file alone: only variables that name the index count, because what is meant for
    /// whatever the target is must not follow a cloned file anywhere.
    Project,
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

/// The credential for an index, from the first source that has one.
pub(crate) fn credential_for(
    address: &IndexAddress,
    chosen_by: ChosenBy,
    token_file: Option<&Path>,
    ctx: &Context,
) -> Result<Option<Credential>, CommandError> {
    let token_file = token_file.map(|path| match path.to_str() {
        Some("-") => TokenFile::Stdin,
        _ => TokenFile::Path(path.to_owned()),
    });
    let prompt = |question: &credential::Question| {
        if !has_terminal() {
            return Ok(None);
        }
        rpassword::prompt_password(format!(
            "token for {} ({}): ",
            question.index, question.origin
        ))
        .map(Some)
    };
    let sought = Sought {
        index: address,
        target: match chosen_by {
            ChosenBy::User => credential::Target::Sole,
            ChosenBy::Project => credential::Target::OneOfSeveral,
        },
        environment: ctx.env.variables(),
        token_file: token_file.as_ref(),
        prompt: Some(&prompt),
    };
    let wrong = |source| match source {
        CredentialError::Prompt { source } if source.kind() == io::ErrorKind::Interrupted => {
            CommandError::Interrupted { landed: false }
        }
        source => CommandError::Credential {
            index: address.name.to_string(),
            source,
        },
    };
    let search = credential::find(&sought).map_err(wrong)?;
    for passed_over in &search.passed_over {
        ctx.note(&format!("passed over: {passed_over}"));
    }
    if let Some(credential) = &search.credential {
        ctx.note(&format!("token: {}", credential.source));
    }
    Ok(search.credential)
}
