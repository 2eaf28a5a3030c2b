//! A token that the index mints for the identity of a CI job.
//!
//! Where no publisher is registered the next source is tried, loudly; every other refusal stops: it
//! says that something about the publisher is wrong, and a leftover token must not hide that.

use super::{Answer, CredentialError, Given, PassedOver, Reason, Sought};

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let Some(mint) = sought.mint else {
        return Ok(Vec::new());
    };
    match mint() {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(minted)) => {
            let source = format!("trusted publishing ({})", minted.provider);
            let given = Given {
                minted_until: Some(minted.expires),
                ..Given::of(minted.token, source)
            };
            Ok(vec![given.into()])
        }
        Err(error) if error.is_not_registered() => Ok(vec![Answer::Silent(PassedOver {
            source: "trusted publishing".to_owned(),
            why: Reason::NotRegistered {
                diagnosis: error.to_string(),
            },
        })]),
        Err(error) => Err(CredentialError::Trusted(Box::new(error))),
    }
}
