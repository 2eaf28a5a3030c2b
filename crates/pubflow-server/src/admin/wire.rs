//! The JSON shapes of the admin API.

use serde::{Deserialize, Serialize};

use super::Operation;
use crate::FaultPlan;
use crate::fault::PlanJson;
use crate::store::stored::account::Publisher;
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
    Publisher {
        project: String,
        publisher: Publisher,
    },
    /// A whole plan of faults, as in its file.
    Faults {
        plan: PlanJson,
    },
    ClearFaults,
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

/// # Errors
/// What is wrong with the operation.
pub(super) fn operation(body: &[u8]) -> Result<Operation, String> {
    let request: Request = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(match request {
        Request::Publisher { project, publisher } => Operation::Publisher { project, publisher },
        Request::Faults { plan } => {
            Operation::Faults(FaultPlan::try_from(plan).map_err(|error| error.to_string())?)
        }
        Request::ClearFaults => Operation::Faults(FaultPlan::default()),
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
        let read = operation(text).unwrap();
        assert!(matches!(read, Operation::Yank { reason, .. } if reason == "broken"));
        let text = br#"{"op":"flag","flag":"disallow-new-upload","on":true}"#;
        let flag = Flag::DisallowNewUpload;
        let read = operation(text).unwrap();
        assert!(matches!(read, Operation::Flag { flag: given, on: true } if given == flag));
        let text = br#"{"op":"status","project":"demo","status":"archived"}"#;
        let read = operation(text).unwrap();
        assert!(matches!(
            read,
            Operation::Status {
                status: Status::Archived,
                ..
            }
        ));
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
