//! The files of the cache. Each carries the number of its form; one of another form is as good as
//! none, because everything in a cache can be made again.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The form of all files here.
const FORM: u32 = 1;

/// What is known about an environment that is whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    form: u32,
    /// Label of the interpreter.
    pub(super) interpreter: String,
    /// What it holds.
    pub(super) requirements: Vec<String>,
    /// Size of its files.
    pub(super) bytes: u64,
    /// See [`super::contents::Contents`].
    pub(super) contents: Value,
}

impl Entry {
    pub(super) fn new(
        interpreter: String,
        requirements: Vec<String>,
        bytes: u64,
        contents: Value,
    ) -> Self {
        Self {
            form: FORM,
            interpreter,
            requirements,
            bytes,
            contents,
        }
    }
}

/// Reads a file of this form; none where it is missing, torn or of another form.
pub(super) fn read_entry(path: &Path) -> Option<Entry> {
    let entry: Entry = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    (entry.form == FORM).then_some(entry)
}

/// Writes it so that it is there as a whole or not at all.
pub(super) fn write_entry(path: &Path, entry: &Entry) -> std::io::Result<()> {
    super::write_whole(path, &serde_json::to_vec(entry)?)
}

/// Something that was found out, and what it was found out from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Fact {
    form: u32,
    /// What it depends on, as a text; another one makes the fact void.
    pub(super) basis: String,
    /// When it was found out, in seconds since 1970.
    pub(super) at: u64,
    /// The fact.
    pub(super) value: Value,
}

impl Fact {
    pub(super) fn new(basis: String, at: u64, value: Value) -> Self {
        Self {
            form: FORM,
            basis,
            at,
            value,
        }
    }
}

/// Reads a fact of this form.
pub(super) fn read_fact(path: &Path) -> Option<Fact> {
    let fact: Fact = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    (fact.form == FORM).then_some(fact)
}

/// Writes a fact so that it is there as a whole or not at all.
pub(super) fn write_fact(path: &Path, fact: &Fact) -> std::io::Result<()> {
    super::write_whole(path, &serde_json::to_vec(fact)?)
}
