//! What is in a distribution, in JSON; docs/inspect.md describes every key.

use pubflow_dist::overview::{Directory, Place};
use pubflow_dist::{Entry, EntryKind, StartCode};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::SCHEMA;
use super::super::finding_json::FindingJson;
use super::Inspected;

/// What `pubflow inspect --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct InspectionDocument {
    schema: u32,
    path: String,
    kind: &'static str,
    bytes: u64,
    sha256: String,
    unpacked_bytes: u64,
    n_files: usize,
    name: Option<String>,
    version: Option<String>,
    tags: Option<Value>,
    metadata: Vec<Value>,
    top_level: Vec<String>,
    entry_points: Vec<Value>,
    start_files: Vec<Value>,
    native: Vec<Value>,
    installs: Option<Value>,
    record: Option<Value>,
    licence: Value,
    directories: Vec<Value>,
    files: Vec<Value>,
    findings: Vec<FindingJson>,
}

/// The document for a distribution.
pub(crate) fn inspection_document(inspected: &Inspected) -> InspectionDocument {
    let overview = inspected.overview;
    let metadata = inspected.distribution.metadata();
    let mut fields: Vec<Value> = Vec::new();
    if let Some(metadata) = metadata {
        let told = metadata
            .fields()
            .iter()
            .filter(|field| !field.name.eq_ignore_ascii_case("Description"));
        fields.extend(told.map(|field| json!({"field": field.name, "value": field.value})));
        let description = metadata.description();
        fields.extend(description.map(|text| json!({"field": "Description", "value": text})));
    }
    let mut directories = Vec::new();
    add_directories(&overview.tree, "", &mut directories);
    InspectionDocument {
        schema: SCHEMA,
        path: inspected.path.display().to_string(),
        kind: inspected.kind(),
        bytes: inspected.bytes,
        sha256: inspected.sha256.to_string(),
        unpacked_bytes: overview.tree.bytes,
        n_files: overview.tree.files,
        name: inspected.field("Name").map(str::to_owned),
        version: inspected.field("Version").map(str::to_owned),
        tags: overview.tags.as_ref().map(|tags| {
            let all: Vec<String> = tags.expand().iter().map(ToString::to_string).collect();
            json!({"words": tags.in_words(), "tags": all})
        }),
        metadata: fields,
        top_level: overview.top_level.clone(),
        entry_points: overview
            .entry_points
            .iter()
            .map(|point| json!({"group": point.group, "name": point.name, "object": point.value}))
            .collect(),
        start_files: start_files(inspected),
        native: native(inspected),
        installs: installs(inspected),
        record: overview.record.map(|record| {
            json!({
                "is_readable": record.is_readable,
                "rows": record.rows,
                "right": record.right,
                "wrong": record.wrong,
                "without_digest": record.without_digest,
                "absent": record.absent,
                "unlisted": record.unlisted,
            })
        }),
        licence: licence(inspected),
        directories,
        files: inspected
            .distribution
            .entries()
            .iter()
            .filter_map(file)
            .collect(),
        findings: inspected.findings.iter().map(FindingJson::from).collect(),
    }
}

fn add_directories(directory: &Directory, path: &str, out: &mut Vec<Value>) {
    for (name, below) in &directory.directories {
        let path = format!("{path}{name}/");
        out.push(json!({"path": path, "bytes": below.bytes, "files": below.files}));
        add_directories(below, &path, out);
    }
}

fn file(entry: &Entry) -> Option<Value> {
    let (kind, target) = match &entry.kind {
        EntryKind::Directory => return None,
        EntryKind::File => ("file", None),
        EntryKind::Symlink(target) => ("symlink", Some(target)),
        EntryKind::HardLink(target) => ("hard-link", Some(target)),
        EntryKind::Device => ("device", None),
        EntryKind::Fifo => ("fifo", None),
        EntryKind::Unknown(_) => ("unknown", None),
    };
    Some(json!({
        "path": entry.path.as_str(),
        "kind": kind,
        "target": target,
        "bytes": entry.size,
        "sha256": entry.sha256.map(|sha256| sha256.to_string()),
        "mode": entry.has_mode.then(|| format!("{:04o}", entry.mode & 0o7777)),
    }))
}

fn start_files(inspected: &Inspected) -> Vec<Value> {
    let files = inspected.overview.start_files.iter();
    files
        .map(|file| {
            let (kind, lines) = match &file.runs {
                StartCode::Nothing => ("nothing", &[][..]),
                StartCode::Lines(lines) => ("lines", lines.as_slice()),
                StartCode::Module => ("module", &[][..]),
                StartCode::Unread => ("unread", &[][..]),
            };
            json!({"path": file.path, "member": file.member, "runs": kind, "lines": lines})
        })
        .collect()
}

fn native(inspected: &Inspected) -> Vec<Value> {
    let version = |version: Option<(u32, u32)>| version.map(|(a, b)| format!("{a}.{b}"));
    let files = inspected.overview.native.iter();
    files
        .map(|file| {
            json!({
                "path": file.path,
                "bytes": file.bytes,
                "format": file.format,
                "architectures": file.architectures,
                "needs": file.needs,
                "glibc": version(file.glibc),
                "macos": version(file.macos),
            })
        })
        .collect()
}

fn installs(inspected: &Inspected) -> Option<Value> {
    let installs = inspected.overview.installs.as_ref()?;
    let places = |places: &[Place]| -> Vec<Value> {
        places
            .iter()
            .map(|place| json!({"path": place.path, "files": place.files, "bytes": place.bytes}))
            .collect()
    };
    let scripts = installs.scripts.iter().map(|script| {
        json!({
            "name": script.name,
            "from": script.from,
            "is_entry_point": script.is_entry_point,
        })
    });
    Some(json!({
        "is_purelib": installs.is_purelib,
        "site_packages": places(&installs.site_packages),
        "scripts": scripts.collect::<Vec<_>>(),
        "data": places(&installs.data),
        "headers": places(&installs.headers),
        "unknown": places(&installs.unknown),
    }))
}

fn licence(inspected: &Inspected) -> Value {
    let licences = &inspected.overview.licences;
    let files = licences.files.iter();
    json!({
        "expression": licences.expression,
        "text": licences.text,
        "classifiers": licences.classifiers,
        "files": files
            .map(|file| json!({"path": file.path, "member": file.member}))
            .collect::<Vec<_>>(),
    })
}
