//! The JSON shapes of the admin API.

use serde::{Deserialize, Serialize};

use super::Operation;
use crate::store::stored::{Flag, Status};

/// Fields that an operation does not have are passed over: scripts send `as`, the user who acts on PyPI.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
enum Request {
    Yank {
        project: String,
        version: String,
        #[serde(default)]
        reason: String,
    },
    Unyank {
        project: String,
        version: String,
    },
    DeleteFile {
        filename: String,
    },
    DeleteRelease {
        project: String,
        version: String,
    },
    Status {
        project: String,
        status: Status,
    },
    Age {
        project: String,
        version: String,
        days: i64,
    },
    Flag {
        flag: Flag,
        on: bool,
    },
}

#[derive(Serialize)]
struct Done {
    ok: bool,
}

#[derive(Serialize)]
struct Refused<'a> {
    ok: bool,
    message: &'a str,
}

pub(super) fn operation(body: &[u8]) -> Result<Operation, serde_json::Error> {
    Ok(match serde_json::from_slice(body)? {
        Request::Yank {
            project,
            version,
            reason,
        } => Operation::Yank {
            project,
            version,
            reason,
        },
        Request::Unyank { project, version } => Operation::Unyank { project, version },
        Request::DeleteFile { filename } => Operation::DeleteFile { filename },
        Request::DeleteRelease { project, version } => {
            Operation::DeleteRelease { project, version }
        }
        Request::Status { project, status } => Operation::Status { project, status },
        Request::Age {
            project,
            version,
            days,
        } => Operation::Age {
            project,
            version,
            days,
        },
        Request::Flag { flag, on } => Operation::Flag { flag, on },
    })
}

pub(super) fn ok() -> Vec<u8> {
    serde_json::to_vec(&Done { ok: true }).expect("a boolean always serialises")
}

pub(super) fn refused(message: &str) -> Vec<u8> {
    serde_json::to_vec(&Refused { ok: false, message }).expect("strings always serialise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_documented() {
        let text =
            br#"{"op":"yank","project":"demo","version":"1.0","reason":"broken","as":"alice"}"#;
        assert_eq!(
            operation(text).unwrap(),
            Operation::Yank {
                project: "demo".into(),
                version: "1.0".into(),
                reason: "broken".into()
            }
        );
        let text = br#"{"op":"flag","flag":"disallow-new-upload","on":true}"#;
        assert_eq!(
            operation(text).unwrap(),
            Operation::Flag {
                flag: Flag::DisallowNewUpload,
                on: true
            }
        );
        let text = br#"{"op":"status","project":"demo","status":"archived"}"#;
        assert_eq!(
            operation(text).unwrap(),
            Operation::Status {
                project: "demo".into(),
                status: Status::Archived
            }
        );
    }

    #[test]
    fn what_is_no_operation() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"op":"dance"}"#,
            r#"{"op":"yank","project":"demo"}"#,
        ] {
            assert!(operation(text.as_bytes()).is_err(), "{text}");
        }
    }
}
