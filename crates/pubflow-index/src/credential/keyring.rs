//! What `pubflow login` kept: the keyring first, then the file. A token for the project alone comes
//! before one for every project.

use super::vault::{Entry, Vault, VaultError};
use super::{Answer, CredentialError, Given, PassedOver, Reason, Sought};
use pubflow_http::Secret;

type Look = fn(&Vault<'_>, &Entry) -> Result<Option<Secret>, VaultError>;

/// The places, as notes call them.
const PLACES: [(&str, Look); 2] = [
    ("the keyring", |vault, entry| vault.in_keyring(entry)),
    ("the token file of `pubflow login`", |vault, entry| {
        vault.in_file(entry)
    }),
];

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let origin = sought.index.upload_origin()?;
    let vault = Vault::of(sought.environment);
    let for_project = sought
        .project
        .map(|project| Entry::for_project(origin.clone(), project));
    let entries: Vec<Entry> = for_project
        .into_iter()
        .chain([Entry::for_all(origin)])
        .collect();
    let mut answers = Vec::new();
    for (place, look) in PLACES {
        for entry in &entries {
            match look(&vault, entry) {
                Ok(None) => {}
                Ok(Some(token)) => {
                    let source = format!("{place}, {entry}");
                    answers.push(Given::of(token, source).into());
                }
                // A keyring that fails once would fail, or ask, again.
                Err(error) => {
                    answers.push(Answer::Silent(PassedOver {
                        source: place.to_owned(),
                        why: Reason::Unreadable {
                            problem: error.to_string(),
                        },
                    }));
                    break;
                }
            }
        }
        if answers
            .iter()
            .any(|answer| matches!(answer, Answer::Given(_)))
        {
            break;
        }
    }
    Ok(answers)
}
