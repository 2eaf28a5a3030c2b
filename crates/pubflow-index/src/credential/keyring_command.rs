//! Entries that twine's users keep with the `keyring` command: the service is the upload address.
//!
//! Starting it is left to the caller, which knows how children are started.

use super::pypirc;
use super::{Answer, CredentialError, Given, PassedOver, Reason, Sought, TOKEN_USER, Target};
use crate::kind::Users;

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let Some(ask) = sought.keyring_command else {
        return Ok(Vec::new());
    };
    let service = sought.index.upload.as_str();
    for user in users(sought) {
        match ask(service, &user) {
            Ok(None) => {}
            Ok(Some(secret)) => {
                let source = format!("`keyring get {service} {user}`");
                let given = Given {
                    user,
                    ..Given::of(secret, source)
                };
                return Ok(vec![given.into()]);
            }
            Err(error) => {
                return Ok(vec![Answer::Silent(PassedOver {
                    source: "the `keyring` command".to_owned(),
                    why: Reason::Unreadable {
                        problem: error.to_string(),
                    },
                })]);
            }
        }
    }
    Ok(Vec::new())
}

/// Whom to ask for: the users that are named elsewhere, then the one that goes with tokens.
fn users(sought: &Sought<'_>) -> Vec<String> {
    let mut users = Vec::new();
    if sought.index.kind.row().users == Users::Any {
        if sought.target == Target::Sole {
            let named = ["UV_PUBLISH_USERNAME", "TWINE_USERNAME"];
            users.extend(
                named
                    .iter()
                    .filter_map(|name| sought.variable(name))
                    .map(str::to_owned),
            );
        }
        users.extend(pypirc::user_for(sought));
    }
    users.push(TOKEN_USER.to_owned());
    let mut seen = std::collections::BTreeSet::new();
    users.retain(|user| seen.insert(user.clone()));
    users
}
