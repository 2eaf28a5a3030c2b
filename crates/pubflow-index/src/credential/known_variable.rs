//! `PYPI_API_TOKEN` and `TESTPYPI_API_TOKEN`, the customary names of CI secrets.
//!
//! They belong to the public indexes themselves, not to whatever a configuration calls `pypi`.

use super::{Answer, CredentialError, Given, Sought};
use crate::known::Known;

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    let origin = sought.index.upload_origin()?;
    let name = match Known::by_upload_origin(&origin) {
        Some(Known::Pypi) => "PYPI_API_TOKEN",
        Some(Known::TestPypi) => "TESTPYPI_API_TOKEN",
        None => return Ok(Vec::new()),
    };
    match sought.variable(name) {
        Some(text) => Ok(vec![Given::token(text, name)?.into()]),
        None => Ok(Vec::new()),
    }
}
