//! What `pubflow state` found and did, in JSON and in words.

use pubflow_pipeline::{Audit, Repaired, Swept, Transferred};
use serde::Serialize;

use super::report::{ErrorJson, error_text};
use super::style::Style;

/// What `pubflow state verify --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AuditDocument {
    schema: u32,
    releases: usize,
    journal_lines: usize,
    objects: usize,
    missing: Vec<MissingRow>,
    damage: Vec<ErrorJson>,
}

#[derive(Debug, Serialize)]
struct MissingRow {
    project: String,
    version: String,
    file: String,
}

impl AuditDocument {
    /// The document for what was seen.
    pub(crate) fn new(audit: &Audit) -> Self {
        let missing = audit.missing.iter().map(|missing| MissingRow {
            project: missing.release.project.to_string(),
            version: missing.release.version.to_string(),
            file: missing.filename.clone(),
        });
        let damage = audit.damage.iter();
        Self {
            schema: super::SCHEMA,
            releases: audit.n_releases,
            journal_lines: audit.n_lines,
            objects: audit.n_objects,
            missing: missing.collect(),
            damage: damage
                .map(|error| ErrorJson::from(&error.report()))
                .collect(),
        }
    }
}

/// What was seen, in words.
pub(crate) fn audit_text(audit: &Audit, style: Style) -> String {
    let mut text = String::new();
    for error in &audit.damage {
        text.push_str(&error_text(&error.report(), style));
        text.push('\n');
    }
    for missing in &audit.missing {
        text.push_str(&format!(
            "not kept here: `{}` of {}\n",
            missing.filename, missing.release
        ));
    }
    text.push_str(&format!(
        "{} releases, {} journal lines and {} stored files are what they were\n",
        audit.n_releases, audit.n_lines, audit.n_objects
    ));
    if !audit.damage.is_empty() {
        text.push_str(&format!(
            "{} damaged: `pubflow state repair` moves them aside and loses nothing\n",
            audit.damage.len()
        ));
    }
    text
}

/// What `pubflow state repair --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct RepairDocument {
    schema: u32,
    repaired: Vec<RepairRow>,
}

#[derive(Debug, Serialize)]
struct RepairRow {
    damage: ErrorJson,
    moved_to: String,
    lines_kept: Option<usize>,
}

impl RepairDocument {
    /// The document for what was moved.
    pub(crate) fn new(repaired: &[Repaired]) -> Self {
        let rows = repaired.iter().map(|one| RepairRow {
            damage: ErrorJson::from(&one.damage.report()),
            moved_to: one.moved_to.display().to_string(),
            lines_kept: one.n_lines_kept,
        });
        Self {
            schema: super::SCHEMA,
            repaired: rows.collect(),
        }
    }
}

/// What `pubflow state export` and `import` print with `--format json`.
#[derive(Debug, Serialize)]
pub(crate) struct TransferDocument {
    schema: u32,
    done: String,
    project: String,
    version: String,
    manifest: String,
    files_written: usize,
    segments_written: usize,
}

impl TransferDocument {
    /// The document for what was written.
    pub(crate) fn new(done: &str, transferred: &Transferred) -> Self {
        let key = transferred.record.key();
        Self {
            schema: super::SCHEMA,
            done: done.to_owned(),
            project: key.project.to_string(),
            version: key.version.to_string(),
            manifest: key.manifest.to_string(),
            files_written: transferred.n_files,
            segments_written: transferred.n_segments,
        }
    }
}

/// What `pubflow state gc --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct SweepDocument {
    schema: u32,
    forgotten: Vec<String>,
    files: usize,
    bytes: u64,
}

impl SweepDocument {
    /// The document for what was removed.
    pub(crate) fn new(forgotten: Vec<String>, swept: Swept) -> Self {
        Self {
            schema: super::SCHEMA,
            forgotten,
            files: swept.n_files,
            bytes: swept.n_bytes,
        }
    }
}
