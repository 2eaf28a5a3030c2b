//! The form as the index sees it, and the rules of its own fields (R011 to R029).

use std::borrow::Cow;

use pubflow_spec::ProjectName;

use super::{Refusal, rule};
use crate::quoted::quoted;

/// Characters from which a value is abridged in an answer.
const ABRIDGE_OVER: usize = 60;
/// Characters kept of an abridged value at either end.
const ABRIDGE_KEEP: usize = 30;

/// Fields of the upload form after the index's cleaning: a text `UNKNOWN` is dropped (R011), a NUL
/// is replaced (R012).
#[derive(Debug, Clone)]
pub struct Form<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Form<'a> {
    /// The text fields of a request in their order; file parts are left out.
    #[must_use]
    pub fn clean<N: AsRef<str>, V: AsRef<str>>(fields: &'a [(N, V)]) -> Self {
        let kept = fields
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
            .filter(|(_, value)| value.trim() != "UNKNOWN");
        Self(
            kept.map(|(name, value)| {
                let value = match value.contains('\0') {
                    true => Cow::Owned(value.replace('\0', "\\x00")),
                    false => Cow::Borrowed(value),
                };
                (name, value)
            })
            .collect(),
        )
    }

    /// The first value of a field.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_ref())
    }

    /// All values of a field, in order.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(known, _)| *known == name);
        values.map(|(_, value)| value.as_ref()).collect()
    }

    /// The first value of a field, unless it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.trim().is_empty())
    }
}

/// The first refusal of the form's own fields, in the index's order: name, then by field name,
/// then the form as a whole.
pub(super) fn refusal(form: &Form<'_>) -> Option<Refusal> {
    if form
        .first("protocol_version")
        .is_some_and(|version| version != "1")
    {
        return Some(rule("R020").refuse(&[]));
    }
    name_refusal(form)
        .or_else(|| digest_refusal(form, "blake2_256_digest", "R026"))
        .or_else(|| filetype_refusal(form))
        .or_else(|| pyversion_refusal(form))
        .or_else(|| digest_refusal(form, "sha256_digest", "R025"))
        .or_else(|| {
            let digests = ["md5_digest", "sha256_digest", "blake2_256_digest"];
            let any = digests.iter().any(|name| form.filled(name).is_some());
            (!any).then(|| rule("R029").refuse(&[]))
        })
}

fn name_refusal(form: &Form<'_>) -> Option<Refusal> {
    let Some(name) = form.filled("name") else {
        return Some(rule("R021").refuse(&[&quoted("")]));
    };
    let bad = ProjectName::parse(name).is_err() || name.trim() != name;
    bad.then(|| rule("R022").refuse(&[&quoted(&abridged(name))]))
}

fn filetype_refusal(form: &Form<'_>) -> Option<Refusal> {
    match form.filled("filetype") {
        None => Some(rule("R023").refuse(&[])),
        Some("sdist" | "bdist_wheel") => None,
        Some(_) => Some(rule("R024").refuse(&[])),
    }
}

fn pyversion_refusal(form: &Form<'_>) -> Option<Refusal> {
    let pyversion = form.first("pyversion").filter(|value| !value.is_empty());
    match (form.first("filetype"), pyversion) {
        (Some("sdist"), Some(pyversion)) if pyversion != "source" => Some(rule("R028").refuse(&[])),
        (Some("sdist"), _) | (_, Some(_)) => None,
        (_, None) => Some(rule("R027").refuse(&[])),
    }
}

fn digest_refusal(form: &Form<'_>, field: &str, number: &'static str) -> Option<Refusal> {
    let digest = form.filled(field)?;
    let good = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!good).then(|| rule(number).refuse(&[]))
}

/// Long values are shown by their ends.
fn abridged(value: &str) -> String {
    let n_chars = value.chars().count();
    if n_chars <= ABRIDGE_OVER {
        return value.to_owned();
    }
    let start: String = value.chars().take(ABRIDGE_KEEP).collect();
    let end: String = value.chars().skip(n_chars - ABRIDGE_KEEP).collect();
    format!("{start}...{end}")
}
