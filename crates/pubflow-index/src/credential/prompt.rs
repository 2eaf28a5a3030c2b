//! A person at a terminal, asked by a function of the caller's.

use super::{Answer, CredentialError, Given, Prompt, Question, Sought};

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let Some(prompt) = sought.prompt else {
        return Ok(Vec::new());
    };
    let question = Question {
        index: sought.index.name.to_string(),
        origin: sought.index.upload_origin()?,
    };
    Ok(ask(&question, prompt)?
        .map(Answer::from)
        .into_iter()
        .collect())
}

pub(super) fn ask(
    question: &Question,
    prompt: Prompt<'_>,
) -> Result<Option<Given>, CredentialError> {
    match prompt(question).map_err(|source| CredentialError::Prompt { source })? {
        Some(text) => Ok(Some(Given::token(&text, "the prompt")?)),
        None => Ok(None),
    }
}
