//! GitLab CI: the job's `id_tokens` are variables; the customary name is made from the audience.
//!
//! The token in the variable can be exchanged once, so a run that outlives the minted token cannot
//! get another.

use pubflow_http::Secret;

use super::{Provider, Variables, set};
use crate::known::KNOWN;
use crate::trusted::TrustedError;

const NAME: &str = "GitLab CI";

pub(super) const PROVIDER: Provider = Provider {
    name: NAME,
    is_here: |environment| {
        KNOWN
            .iter()
            .any(|known| set(environment, &variable(known.name())).is_some())
    },
    fetch: |_, environment, audience| Box::pin(std::future::ready(find(environment, audience))),
};

/// `PYPI_ID_TOKEN` for the audience `pypi`.
fn variable(audience: &str) -> String {
    let letters = audience.chars().map(|c| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
        _ => '_',
    });
    format!("{}_ID_TOKEN", letters.collect::<String>())
}

fn find(environment: &Variables, audience: &str) -> Result<Option<Secret>, TrustedError> {
    let Some(token) = set(environment, &variable(audience)) else {
        return Ok(None);
    };
    let token = Secret::from_text(token).map_err(|_| TrustedError::NoIdentity {
        provider: NAME,
        problem: format!("{} holds no token", variable(audience)),
    })?;
    Ok(Some(token))
}
