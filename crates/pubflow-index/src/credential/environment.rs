//! Variables that name no index: pubflow's own, and those that uv and twine read.
//!
//! They are meant for whatever the command's one target is, so they count only where there is one.

use super::{Answer, CredentialError, Given, Sought, TOKEN_USER, Target};

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    if sought.target == Target::OneOfSeveral {
        return Ok(Vec::new());
    }
    let mut given = Vec::new();
    for name in ["PUBFLOW_TOKEN", "UV_PUBLISH_TOKEN"] {
        if let Some(text) = sought.variable(name) {
            given.push(Given::token(text, name)?.into());
        }
    }
    for (user, password) in [
        ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"),
        ("TWINE_USERNAME", "TWINE_PASSWORD"),
    ] {
        if let Some(text) = sought.variable(password) {
            let user = sought.variable(user).map_or(TOKEN_USER, str::trim);
            given.push(Given::password(user, text, password)?.into());
        }
    }
    Ok(given)
}
