//! How a record is written: a digest, a space, a JSON object, a line feed. See docs/journal.md.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pubflow_spec::Sha256;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entry::{Entry, How, Note, Record, Subject, Writer};
use crate::error::Damage;
use crate::step::{Evidence, StepId, UnitId};

/// The format that is written.
pub(super) const FORMAT: u64 = 1;
const DIGEST_LEN: usize = 64;

/// A line that was read.
pub(super) struct Line {
    pub(super) format: u64,
    pub(super) prev: Sha256,
    pub(super) digest: Sha256,
    pub(super) record: Record,
}

/// A line that is to be written.
pub(super) struct WrittenLine {
    pub(super) bytes: String,
    pub(super) digest: Sha256,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord {
    v: u64,
    seq: u64,
    prev: String,
    ts: String,
    w: String,
    k: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    step: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    key: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    d: BTreeMap<String, Value>,
}

pub(super) fn write_line(record: &Record, prev: &Sha256) -> WrittenLine {
    let (kind, subject, details) = parts(&record.entry);
    let stored = StoredRecord {
        v: FORMAT,
        seq: record.seq,
        prev: prev.to_string(),
        ts: record.at.to_string(),
        w: record.writer.to_string(),
        k: kind.to_owned(),
        step: subject.map(|subject| subject.step.to_string()),
        unit: subject.map(|subject| subject.unit.to_string()),
        key: subject.map(|subject| subject.key.to_string()),
        d: details
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    };
    let text = serde_json::to_string(&stored).expect("texts and numbers have a JSON form");
    let digest = Sha256::of(text.as_bytes());
    WrittenLine {
        bytes: format!("{digest} {text}\n"),
        digest,
    }
}

type Details = Vec<(&'static str, Value)>;

fn parts(entry: &Entry) -> (&str, Option<&Subject>, Details) {
    match entry {
        Entry::RunOpened { title } => ("run.opened", None, vec![("title", json!(title))]),
        Entry::Intent(subject) => ("intent", Some(subject), Vec::new()),
        Entry::Done {
            subject,
            how,
            evidence,
        } => {
            let details = vec![
                ("how", json!(how_name(*how))),
                ("evidence", pairs(evidence)),
            ];
            ("done", Some(subject), details)
        }
        Entry::Failed {
            subject,
            class,
            left_nothing,
            message,
            evidence,
        } => {
            let mut details = vec![
                ("class", json!(class)),
                ("left_nothing", json!(left_nothing)),
                ("message", json!(message)),
            ];
            if !evidence.is_empty() {
                details.push(("evidence", pairs(evidence)));
            }
            ("failed", Some(subject), details)
        }
        Entry::RunClosed { outcome } => ("run.closed", None, vec![("outcome", json!(outcome))]),
        Entry::Note(note) => (
            "note",
            None,
            vec![
                ("topic", json!(note.topic)),
                ("details", pairs(&note.details)),
            ],
        ),
        Entry::Unknown { kind } => (kind, None, Vec::new()),
    }
}

fn pairs(evidence: &Evidence) -> Value {
    evidence
        .iter()
        .map(|(name, text)| json!([name, text]))
        .collect()
}

fn how_name(how: How) -> &'static str {
    match how {
        How::Acted => "acted",
        How::Confirmed => "confirmed",
        How::Adopted => "adopted",
    }
}

/// Reads a line without its line feed.
pub(super) fn read_line(line: &[u8]) -> Result<Line, Damage> {
    let (front, text) = line.split_at_checked(DIGEST_LEN + 1).ok_or(Damage::Frame)?;
    let written = front.strip_suffix(b" ").ok_or(Damage::Frame)?;
    let digest = Sha256::of(text);
    // Compared as text: a digest in capitals is not what was written.
    if written != digest.to_string().as_bytes() {
        return Err(Damage::Digest);
    }
    let stored: StoredRecord = serde_json::from_slice(text).map_err(no_record)?;
    let prev = Sha256::parse(&stored.prev).map_err(no_record)?;
    let record = Record {
        writer: Writer::parse(&stored.w).map_err(no_record)?,
        seq: stored.seq,
        at: stored.ts.parse::<Timestamp>().map_err(no_record)?,
        entry: read_entry(&stored)?,
    };
    Ok(Line {
        format: stored.v,
        prev,
        digest,
        record,
    })
}

fn read_entry(stored: &StoredRecord) -> Result<Entry, Damage> {
    let text = |name: &str| {
        detail(stored, name)?
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| missing(name))
    };
    if stored.v > FORMAT {
        return Ok(Entry::Unknown {
            kind: stored.k.clone(),
        });
    }
    Ok(match stored.k.as_str() {
        "run.opened" => Entry::RunOpened {
            title: text("title")?,
        },
        "intent" => Entry::Intent(read_subject(stored)?),
        "done" => Entry::Done {
            subject: read_subject(stored)?,
            how: read_how(&text("how")?)?,
            evidence: read_pairs(stored, "evidence")?,
        },
        "failed" => Entry::Failed {
            subject: read_subject(stored)?,
            class: text("class")?,
            left_nothing: detail(stored, "left_nothing")?
                .as_bool()
                .ok_or_else(|| missing("left_nothing"))?,
            message: text("message")?,
            // Most failures have none, and older journals never.
            evidence: match stored.d.contains_key("evidence") {
                true => read_pairs(stored, "evidence")?,
                false => Evidence::new(),
            },
        },
        "run.closed" => Entry::RunClosed {
            outcome: text("outcome")?,
        },
        "note" => Entry::Note(Note {
            topic: text("topic")?,
            details: read_pairs(stored, "details")?,
        }),
        kind => Entry::Unknown {
            kind: kind.to_owned(),
        },
    })
}

fn read_subject(stored: &StoredRecord) -> Result<Subject, Damage> {
    let part = |value: &Option<String>, name| value.clone().ok_or_else(|| missing(name));
    Ok(Subject {
        step: StepId::new(part(&stored.step, "step")?),
        unit: UnitId::new(part(&stored.unit, "unit")?),
        key: Sha256::parse(&part(&stored.key, "key")?).map_err(no_record)?,
    })
}

fn read_how(name: &str) -> Result<How, Damage> {
    [How::Acted, How::Confirmed, How::Adopted]
        .into_iter()
        .find(|how| how_name(*how) == name)
        .ok_or_else(|| missing("how"))
}

fn read_pairs(stored: &StoredRecord, name: &str) -> Result<Evidence, Damage> {
    let pairs: Vec<(String, String)> =
        Vec::deserialize(detail(stored, name)?).map_err(no_record)?;
    Ok(pairs.into_iter().collect())
}

fn detail<'a>(stored: &'a StoredRecord, name: &str) -> Result<&'a Value, Damage> {
    stored.d.get(name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Damage {
    Damage::Record {
        detail: format!("`{name}` is missing or of another type"),
    }
}

fn no_record(error: impl std::fmt::Display) -> Damage {
    Damage::Record {
        detail: error.to_string(),
    }
}
