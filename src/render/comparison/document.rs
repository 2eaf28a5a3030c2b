//! What changed, in JSON; docs/inspect.md describes every key.

use pubflow_dist::comparison::{Comparison, FileSide, Names, Side, TextChange};
use pubflow_dist::{EntryKind, StartCode};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::SCHEMA;
use super::Compared;

/// What `pubflow diff --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct ComparisonDocument {
    schema: u32,
    old: String,
    new: String,
    same: bool,
    releases: Option<Value>,
    comparisons: Vec<Value>,
}

/// The document of a comparison.
pub(crate) fn comparison_document(compared: &Compared) -> ComparisonDocument {
    ComparisonDocument {
        schema: SCHEMA,
        old: compared.old.clone(),
        new: compared.new.clone(),
        same: compared.is_same(),
        releases: compared.releases.as_ref().map(|files| {
            json!({
                "old": files.old,
                "new": files.new,
                "added": files.added,
                "removed": files.removed,
                "n_common": files.n_common,
            })
        }),
        comparisons: compared
            .comparisons
            .iter()
            .map(|comparison| one(comparison, compared.with_lines))
            .collect(),
    }
}

fn one(comparison: &Comparison, with_lines: bool) -> Value {
    let news = comparison.news();
    json!({
        "old": side(&comparison.old),
        "new": side(&comparison.new),
        "same": comparison.is_same(),
        "across_kinds": comparison.is_across_kinds(),
        "news": news.iter().map(|news| json!({"kind": news.kind.as_str(), "what": news.what})).collect::<Vec<_>>(),
        "problems": names(&comparison.problems),
        "metadata": comparison.fields.iter().map(|change| json!({
            "field": change.field,
            "old": change.old,
            "new": change.new,
            "unified": change.unified.as_ref().filter(|_| with_lines),
        })).collect::<Vec<_>>(),
        "dependencies": {
            "added": comparison.dependencies.added,
            "removed": comparison.dependencies.removed,
            "changed": comparison.dependencies.changed.iter()
                .map(|change| json!({"old": change.old, "new": change.new}))
                .collect::<Vec<_>>(),
        },
        "build_system": {
            "requires": names(&comparison.build_system.requires),
            "backend": comparison.build_system.backend.as_ref()
                .map(|(old, new)| json!({"old": old, "new": new})),
        },
        "entry_points": comparison.entry_points.iter().map(|point| json!({
            "group": point.group,
            "name": point.name,
            "old": point.old,
            "new": point.new,
        })).collect::<Vec<_>>(),
        "tags": names(&comparison.tags),
        "top_level": names(&comparison.top_level),
        "native": names(&comparison.native),
        "scripts": names(&comparison.scripts),
        "start_files": start_files(comparison),
        "files": files(comparison, with_lines),
    })
}

fn start_files(comparison: &Comparison) -> Value {
    let added: Vec<Value> = comparison
        .new_start_files
        .iter()
        .map(|file| {
            let lines = match &file.runs {
                StartCode::Lines(lines) => lines.as_slice(),
                _ => &[],
            };
            json!({"path": file.path, "runs_code": file.runs_code(), "lines": lines})
        })
        .collect();
    json!({"added": added, "removed": comparison.removed_start_files})
}

fn files(comparison: &Comparison, with_lines: bool) -> Value {
    let files = &comparison.files;
    let list = |sides: &[FileSide]| sides.iter().map(file).collect::<Vec<_>>();
    let changed: Vec<Value> = files
        .changed
        .iter()
        .map(|changed| {
            let (kind, unified) = match &changed.text {
                TextChange::Unified(hunks) => ("text", Some(hunks)),
                TextChange::Binary => ("binary", None),
                TextChange::Mode => ("mode", None),
                TextChange::Kind => ("kind", None),
                TextChange::Fields => ("metadata", None),
                TextChange::Follows => ("record", None),
                TextChange::Large => ("large", None),
                TextChange::Unread => ("unread", None),
            };
            json!({
                "change": kind,
                "old": file(&changed.old),
                "new": file(&changed.new),
                "unified": unified.filter(|_| with_lines),
            })
        })
        .collect();
    let moved: Vec<Value> = files
        .moved
        .iter()
        .map(|moved| json!({"old": file(&moved.from), "new": file(&moved.to)}))
        .collect();
    json!({
        "added": list(&files.added),
        "removed": list(&files.removed),
        "moved": moved,
        "changed": changed,
        "same": files.same,
        "not_compared": files.not_compared,
    })
}

fn file(side: &FileSide) -> Value {
    json!({
        "path": side.path,
        "member": side.member,
        "bytes": side.bytes,
        "sha256": side.sha256.map(|sha256| sha256.to_string()),
        "mode": side.mode.map(|mode| format!("{mode:04o}")),
        "is_file": side.kind == EntryKind::File,
    })
}

fn side(side: &Side) -> Value {
    json!({
        "filename": side.filename,
        "kind": side.kind.map(|kind| kind.as_str()),
        "name": side.release.as_ref().map(|(name, _)| name),
        "version": side.release.as_ref().map(|(_, version)| version),
        "bytes": side.bytes,
        "unpacked_bytes": side.unpacked_bytes,
        "n_files": side.files,
        "requires_python": side.requires_python,
    })
}

fn names(names: &Names) -> Value {
    json!({"added": names.added, "removed": names.removed})
}
