//! The index's upload rules: number, status and words as data, and the judge that applies them.
//!
//! The embedded index answers with [`Refusal`]s, the upload client maps an answer back to its rule
//! with [`from_answer`], and the checks quote the rules: there is one source for all three.
//! Rules that need an archive's contents, an account or other projects stand in the table with
//! their words, and are judged where those facts are.
//!
//! As of 2026-08-21 (see [`RULES_DATE`]).

mod answer;
mod file;
mod form;
mod judge;
mod metadata;
mod table;
mod value;

#[cfg(test)]
mod tests;

use thiserror::Error;

pub use answer::from_answer;
pub use file::FileFacts;
pub use form::Form;
pub use judge::{judge, judge_file, judge_filename, judge_form, judge_metadata, judge_parts};
pub use table::RULES;
pub use value::{Layer, Objection, objections};

pub(crate) use metadata::{conflicts, repeated, too_new};
pub(crate) use value::import_name_fault;

/// Date of the index's source that the rules were read from.
pub const RULES_DATE: &str = "2026-08-21";

/// One rule of the index.
#[derive(Debug, PartialEq, Eq)]
pub struct UploadRule {
    /// `R` and three digits; never reused.
    pub number: &'static str,
    /// Status of the answer; 200 where the index alters or accepts instead of refusing.
    pub status: u16,
    /// Literal texts of the answer with `{}` for what varies; empty where the index says nothing
    /// of its own.
    pub words: &'static [&'static str],
    /// What the index adds after the words, with `{url}` for the address of its help.
    pub tail: &'static str,
}

impl UploadRule {
    /// The rule of this number.
    #[must_use]
    pub fn find(number: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.number == number)
    }

    /// A refusal by this rule in words of its own.
    #[must_use]
    pub fn refusal(&'static self, message: impl Into<String>) -> Refusal {
        Refusal {
            rule: self,
            message: message.into(),
        }
    }

    /// A refusal by this rule in its first words, with `values` in the place of each `{}`.
    #[must_use]
    pub fn refuse(&'static self, values: &[&str]) -> Refusal {
        let template = self.words.first().copied().unwrap_or_default();
        let mut parts = template.split("{}");
        let mut message = parts.next().unwrap_or_default().to_owned();
        for (at, part) in parts.enumerate() {
            message.push_str(values.get(at).copied().unwrap_or_default());
            message.push_str(part);
        }
        self.refusal(message)
    }
}

/// The index's no to an upload.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// The rule that fired.
    pub rule: &'static UploadRule,
    /// The index's words without the pointer to its help.
    pub message: String,
}

impl Refusal {
    /// The words as the index sends them, with its help at `help_url`.
    #[must_use]
    pub fn answer(&self, help_url: &str) -> String {
        let tail = self.rule.tail.replace("{url}", help_url);
        // A tail that begins with a full stop ends the message, which may have ended itself.
        match tail.strip_prefix('.') {
            Some(_) => format!("{}{tail}", self.message.trim_end_matches('.')),
            None => format!("{}{tail}", self.message),
        }
    }
}

/// The rule of this number, which stands in the table.
pub(crate) fn rule(number: &'static str) -> &'static UploadRule {
    UploadRule::find(number).unwrap_or(&RULES[0])
}
