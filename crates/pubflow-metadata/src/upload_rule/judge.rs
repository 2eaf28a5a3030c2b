//! The judge: the index's rules in the index's order.
//!
//! The embedded index calls the parts one by one, because its accounts, projects and archives are
//! judged between them; [`judge`] is all that form and file facts can tell.

use super::file::{self, FileFacts};
use super::form::{self, Form};
use super::{Refusal, metadata, rule};

/// Form fields that may be sent as file parts.
const FILE_PARTS: [&str; 2] = ["content", "gpg_signature"];

/// Everything that can be judged from the form and facts about the file, up to the first refusal.
///
/// # Errors
/// The refusal that the index would answer with.
pub fn judge<N: AsRef<str>, V: AsRef<str>>(
    fields: &[(N, V)],
    facts: Option<&FileFacts<'_>>,
) -> Result<(), Refusal> {
    let form = Form::clean(fields);
    judge_form(&form)?;
    judge_metadata(&form)?;
    let Some(facts) = facts else {
        return Err(rule("R054").refuse(&[]));
    };
    judge_file(&form, facts)?;
    judge_filename(&form, facts.filename)
}

/// Fields that came as file parts but must not (R013).
///
/// # Errors
/// The first such field.
pub fn judge_parts(file_parts: &[&str]) -> Result<(), Refusal> {
    let wrong = file_parts.iter().find(|name| !FILE_PARTS.contains(name));
    match wrong {
        None => Ok(()),
        Some(name) => Err(rule("R013").refuse(&[name])),
    }
}

/// The form's own fields (R020 to R029).
///
/// # Errors
/// The refusal that the index would answer with.
pub fn judge_form(form: &Form<'_>) -> Result<(), Refusal> {
    form::refusal(form).map_or(Ok(()), Err)
}

/// The core metadata in the form (R030 to R053).
///
/// # Errors
/// The one refusal of all that the index would answer with.
pub fn judge_metadata(form: &Form<'_>) -> Result<(), Refusal> {
    metadata::refusal(form).map_or(Ok(()), Err)
}

/// File name, content type, size and digests (R079 to R086), judged before the archive is opened.
///
/// # Errors
/// The refusal that the index would answer with.
pub fn judge_file(form: &Form<'_>, facts: &FileFacts<'_>) -> Result<(), Refusal> {
    file::file_refusal(form, facts).map_or(Ok(()), Err)
}

/// What the file name says against what the form says (R116 to R118, R123 to R127, R134), judged
/// after the archive was found to be sound.
///
/// # Errors
/// The refusal that the index would answer with.
pub fn judge_filename(form: &Form<'_>, filename: &str) -> Result<(), Refusal> {
    file::filename_refusal(form, filename).map_or(Ok(()), Err)
}
