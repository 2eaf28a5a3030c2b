//! What the rooms report, in the engine's terms: how to go on, and what, where, why, next.

use pubflow_index::{
    DownloadError, IdentityError, IndexName, ObserveError, Retry, TrustedError, UploadError,
    UploadFailure, WaitError, YankError,
};
use pubflow_pipeline::{Failure, FailureClass, Report};

use crate::cure::cure;

/// The class for what an operation on an index allows next; `otherwise` when sending again is vain.
fn class(retry: Retry, otherwise: FailureClass) -> FailureClass {
    match retry {
        Retry::Transient { after } => FailureClass::Transient { after },
        Retry::Ambiguous => FailureClass::Ambiguous,
        Retry::Unauthorised => FailureClass::Unauthorised,
        Retry::Permanent => otherwise,
    }
}

/// An index that is not taken for the one that was meant: no token was sent, and asking again does
/// not help. None where it only did not answer.
fn identity_failure(index: &IndexName, error: &IdentityError, what: Report) -> Option<Failure> {
    let (class, code, next) = match error {
        IdentityError::Http(_) => return None,
        IdentityError::NoNonce { .. } => (
            FailureClass::Refused,
            "E212",
            format!(
                "set PUBFLOW_INDEX_{}_NONCE to the nonce that `pubflow index serve` printed, then run the command again",
                index.in_environment()
            ),
        ),
        IdentityError::NoEmbeddedIndex { .. } | IdentityError::WrongProof { .. } => (
            FailureClass::Unauthorised,
            "E213",
            format!(
                "another program answers at that address, and no token was sent to it: start `pubflow index serve` again and set the addresses, PUBFLOW_INDEX_{0}_NONCE and the token that it prints",
                index.in_environment()
            ),
        ),
        IdentityError::NoRandomness => (
            FailureClass::Machine,
            "E604",
            "see why the system gives no random numbers, then run the command again".to_owned(),
        ),
    };
    let report = what.code(code).why(error.to_string()).next(next);
    Some(Failure::new(class, report))
}

/// An upload that was not accepted.
pub(crate) fn upload_failure(error: &UploadError) -> Failure {
    let report = Report::new(format!("{} did not take `{}`", error.index, error.filename))
        .place(place(&error.index, "upload", error.status()));
    if let UploadFailure::Identity(identity) = &error.failure
        && let Some(failure) = identity_failure(&error.index, identity, report.clone())
    {
        return failure;
    }
    let otherwise = match &error.failure {
        UploadFailure::Changed { .. } => FailureClass::Damaged,
        UploadFailure::File { .. } => FailureClass::Machine,
        UploadFailure::Http(_) | UploadFailure::Identity(_) => FailureClass::Unreachable,
        UploadFailure::Redirected { .. } | UploadFailure::Answer { .. } => FailureClass::Refused,
    };
    let class = class(error.retry(), otherwise);
    let report = report.why(error.failure.to_string());
    let report = match class {
        FailureClass::Unauthorised => report.code("E202").next(format!(
            "see that the token from {} is for {} and may upload this project, then run the command again",
            error.credential, error.index
        )),
        FailureClass::Refused => report.code("E203").next(refused_next(error)),
        FailureClass::Damaged => {
            report.code("E903").next("remove the damaged object, then run the command again with the original files")
        }
        FailureClass::Machine => report.code("E606").next("make the file readable, then run `pubflow resume`"),
        _ => report.code("E201").next("run `pubflow resume` when the index answers again"),
    };
    Failure::new(class, report)
}

fn refused_next(error: &UploadError) -> String {
    match error.rule() {
        Some(rule) => format!("the index's rule {}: {}", rule.number, cure(rule.number)),
        None => cure("").to_owned(),
    }
}

/// An identity that was not exchanged for a token.
pub(crate) fn trusted_failure(index: &IndexName, error: &TrustedError) -> Failure {
    let (class, code) = match error.is_passing() {
        true => (FailureClass::Transient { after: None }, "E201"),
        false => (FailureClass::Unauthorised, "E202"),
    };
    let report = Report::new(format!("there is no token for {index} any more"))
        .code(code)
        .why(error.to_string())
        .next("run the job again: it finishes what is open, and nothing is sent twice");
    Failure::new(class, report)
}

/// A listing that could not be read.
#[must_use]
pub fn observe_failure(index: &IndexName, error: &ObserveError) -> Failure {
    let class = class(error.retry(), FailureClass::Unreachable);
    let report = Report::new(format!("{index} could not be asked which files it has"))
        .code(if class == FailureClass::Unauthorised { "E202" } else { "E201" })
        .place(format!("simple API of {index}"))
        .why(error.to_string())
        .next("see that the index answers (`pubflow config show` prints its addresses), then run the command again");
    Failure::new(class, report)
}

/// A file that could not be fetched, or is not what the listing says.
pub(crate) fn download_failure(index: &IndexName, error: &DownloadError) -> Failure {
    let class = match error {
        DownloadError::Http(_)
        | DownloadError::Status { .. }
        | DownloadError::Redirected { .. } => FailureClass::Transient { after: None },
        DownloadError::Size { .. } | DownloadError::Digest { .. } => FailureClass::Conflict,
        DownloadError::NoDigest { .. } => FailureClass::Unreachable,
        DownloadError::Destination { .. } => FailureClass::Machine,
    };
    let (code, next) = match class {
        FailureClass::Conflict => (
            "E204",
            "do not install from this index; compare its file with the sealed one (`pubflow status`)",
        ),
        FailureClass::Machine => (
            "E606",
            "free some space or set TMPDIR, then run `pubflow resume`",
        ),
        _ => ("E201", "run `pubflow resume` when the index answers again"),
    };
    let report = Report::new(format!("a file could not be fetched from {index}"))
        .code(code)
        .why(error.to_string())
        .next(next);
    Failure::new(class, report)
}

/// Files that did not become visible.
pub(crate) fn wait_failure(index: &IndexName, error: &WaitError) -> Failure {
    let (class, code, next) = match error {
        WaitError::Different { .. } => (
            FailureClass::Conflict,
            "E204",
            "somebody else's bytes stand under our name: compare them with `pubflow status`, and yank if they are wrong",
        ),
        WaitError::Quarantined { .. } => (
            FailureClass::Refused,
            "E211",
            "see what the index's administrators wrote to the project's owners",
        ),
        WaitError::NotVisible { .. } => (
            FailureClass::Waiting,
            "E205",
            "run `pubflow resume` later; nothing is sent twice",
        ),
        WaitError::Unreachable { .. } => (
            FailureClass::Unreachable,
            "E201",
            "run `pubflow resume` when the index answers again",
        ),
    };
    let report = Report::new(format!("not every file is visible on {index}"))
        .code(code)
        .why(error.to_string())
        .next(next);
    Failure::new(class, report)
}

/// A yank that was not done.
pub(crate) fn yank_failure(index: &IndexName, error: &YankError) -> Failure {
    let otherwise = match error {
        YankError::Http(_) | YankError::Identity(_) => FailureClass::Unreachable,
        YankError::Refused { .. } | YankError::NoCredential | YankError::NoPages => {
            FailureClass::Refused
        }
    };
    let class = class(error.retry(), otherwise);
    let report = Report::new(format!("{index} did not do it"));
    if let YankError::Identity(identity) = error
        && let Some(failure) = identity_failure(index, identity, report.clone())
    {
        return failure;
    }
    let (code, next) = match class {
        FailureClass::Unauthorised => ("E202", "give the token of an owner of the project"),
        FailureClass::Refused => (
            "E208",
            "see what the index says, correct it, and run the command again",
        ),
        _ => ("E201", "run the command again when the index answers"),
    };
    let report = report.code(code).why(error.to_string()).next(next);
    Failure::new(class, report)
}

fn place(index: &IndexName, what: &str, status: Option<u16>) -> String {
    match status {
        Some(status) => format!("{what} to {index}, status {status}"),
        None => format!("{what} to {index}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_is_not_the_one_meant_is_not_taken_for_one_that_is_away() {
        let index = IndexName::parse("corner").unwrap();
        let of = |error| yank_failure(&index, &YankError::Identity(error));
        let name = || index.clone();
        let cases = [
            (
                IdentityError::NoNonce { index: name() },
                FailureClass::Refused,
                "PUBFLOW_INDEX_CORNER_NONCE",
            ),
            (
                IdentityError::WrongProof { index: name() },
                FailureClass::Unauthorised,
                "no token was sent",
            ),
            (
                IdentityError::NoEmbeddedIndex {
                    index: name(),
                    status: 404,
                },
                FailureClass::Unauthorised,
                "another program answers",
            ),
        ];
        for (error, class, words) in cases {
            let failure = of(error);
            let next = failure.report.next.as_deref().unwrap();
            assert_eq!(failure.class, class, "{failure:?}");
            assert!(next.contains(words), "{next}");
        }
        let upload = upload_failure(&UploadError {
            index: name(),
            filename: "demo-1.0.tar.gz".to_owned(),
            credential: "a test".to_owned(),
            failure: UploadFailure::Identity(IdentityError::WrongProof { index: name() }),
        });
        assert_eq!(upload.class, FailureClass::Unauthorised, "{upload:?}");
        assert_eq!(upload.report.code.as_deref(), Some("E213"));
    }
}
