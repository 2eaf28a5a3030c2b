//! The token for an index: which source gave it, and what was passed over on the way.

use std::path::Path;

use pubflow_index::credential::{self, Sought, TokenFile};
use pubflow_index::{Credential, IndexAddress};

use crate::consent::has_terminal;
use crate::context::Context;
use crate::error::CommandError;

/// The credential for an index, from the first source that has one.
pub(crate) fn credential_for(
    address: &IndexAddress,
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
        target: credential::Target::Sole,
        environment: ctx.env.variables(),
        token_file: token_file.as_ref(),
        prompt: Some(&prompt),
    };
    let wrong = |source| CommandError::Credential {
        index: address.name.to_string(),
        source,
    };
    let search = credential::find(&sought).map_err(wrong)?;
    for passed_over in &search.passed_over {
        ctx.note(&format!(
            "{} passed over: {}",
            passed_over.source,
            why_passed_over(&passed_over.why)
        ));
    }
    if let Some(credential) = &search.credential {
        ctx.note(&format!("token: {}", credential.source));
    }
    Ok(search.credential)
}

fn why_passed_over(reason: &credential::Reason) -> String {
    match reason {
        credential::Reason::MadeFor(instance) => format!("it was made for {instance}"),
        credential::Reason::UserName => {
            "this index takes tokens, not a user name with a password".to_owned()
        }
    }
}
