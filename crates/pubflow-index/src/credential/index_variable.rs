//! `PUBFLOW_INDEX_<NAME>_TOKEN`: the variable that names the index.

use super::{Answer, CredentialError, Given, Sought};

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let name = format!("PUBFLOW_INDEX_{}_TOKEN", sought.index.name.in_environment());
    match sought.variable(&name) {
        Some(text) => Ok(vec![Given::token(text, &name)?.into()]),
        None => Ok(Vec::new()),
    }
}
