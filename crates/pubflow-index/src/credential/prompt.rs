//! A person at a terminal, asked by a function of the caller's.

use super::{CredentialError, Given, Question, Sought};

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Given>, CredentialError> {
    let Some(prompt) = sought.prompt else {
        return Ok(Vec::new());
    };
    let question = Question {
        index: sought.index.name.to_string(),
        origin: sought.index.upload_origin()?,
    };
    match prompt(&question).map_err(|source| CredentialError::Prompt { source })? {
        Some(text) => Ok(vec![Given::token(&text, "the prompt")?]),
        None => Ok(Vec::new()),
    }
}
