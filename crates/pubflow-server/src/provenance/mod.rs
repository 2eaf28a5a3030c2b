//! Attestations: what an upload may bring along, and what is served for a file as its provenance.
//!
//! Signatures are not verified, for the trust root behind them is not on this machine; that is said here and in the
//! documentation, so that a rehearsal is not taken for more than it is.
//!
//! Spec: PEP 740.

mod wire;

use crate::connection::RequestBody;
use hyper::header;
use hyper::{Request, StatusCode};
use pubflow_spec::{ProjectName, Sha256, Version};

use crate::accept;
use crate::account::Bearer;
use crate::answer::{Answer, Notice, header_text, page, set};
use crate::index::Index;
use crate::refusal::in_words;
use crate::route::readable_everywhere;
use crate::store::stored::Flag;

const INTEGRITY_JSON: &str = "application/vnd.pypi.integrity.v1+json";

/// The number of attestations that a file may have.
const MOST: usize = 2;

const SLSA_PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// Labels of the name under which the index publishes its own kind of statement.
const PUBLISH_HOST: [&str; 3] = ["docs", "pypi", "org"];

/// What the attestations are about.
pub(crate) struct Subject<'a> {
    pub(crate) filename: &'a str,
    pub(crate) sha256: &'a Sha256,
}

/// Reads the form's attestations (R135 to R142) and makes the file's provenance object of them, as JSON text.
///
/// # Errors
/// The refusal of the rule that fired.
pub(crate) fn accept_attestations(
    index: &Index,
    bearer: &Bearer,
    attestations: &str,
    subject: &Subject<'_>,
) -> Result<String, Notice> {
    let refuse = |number, words: String| {
        let words = format!("Invalid attestations supplied during upload: {words}");
        in_words(&index.origin, number, words)
    };
    let Bearer::Publisher(publisher) = bearer else {
        let words = "Attestations are only supported when using Trusted Publishing";
        return Err(refuse("R135", words.to_owned()));
    };
    // The words of the reader that PyPI uses have several lines, which break its own status line: clients are left
    // with plain text whatever they asked for.
    let read = wire::read(attestations)
        .map_err(|why| refuse("R137", format!("Malformed attestations: {why}")).always_text())?;
    if read.is_empty() {
        let words = "Malformed attestations: an empty attestation set is not permitted";
        return Err(refuse("R138", words.to_owned()));
    }
    if read.len() > MOST {
        let words = format!("A maximum of {MOST} attestations per file are supported");
        return Err(refuse("R138", words));
    }
    if index.profile.reads_statements {
        check_statements(&read, subject).map_err(|(number, words)| refuse(number, words))?;
    }
    Ok(wire::provenance(publisher, &read))
}

/// R140 to R142.
fn check_statements(
    attestations: &[wire::Attestation],
    subject: &Subject<'_>,
) -> Result<(), (&'static str, String)> {
    let publish = format!("https://{}/attestations/publish/v1", PUBLISH_HOST.join("."));
    let mut seen: Vec<String> = Vec::new();
    for attestation in attestations {
        let statement = attestation
            .statement()
            .map_err(|why| ("R140", unverified(&why)))?;
        let [about] = statement.subjects.as_slice() else {
            let words = "too many subjects in statement (must be exactly one)";
            return Err(("R140", unverified(words)));
        };
        if about.name != subject.filename {
            let words = format!(
                "subject does not match distribution name: {} != {}",
                about.name, subject.filename
            );
            return Err(("R140", unverified(&words)));
        }
        if about.sha256 != subject.sha256.to_string() {
            return Err((
                "R140",
                unverified("subject does not match distribution digest"),
            ));
        }
        let kind = statement.predicate_type;
        if kind != publish && kind != SLSA_PROVENANCE {
            return Err((
                "R141",
                format!("Attestation with unsupported predicate type: {kind}"),
            ));
        }
        if seen.contains(&kind) {
            return Err((
                "R142",
                format!(
                    "Multiple attestations for the same file with the same predicate type ({kind}) are not supported"
                ),
            ));
        }
        seen.push(kind);
    }
    Ok(())
}

fn unverified(why: &str) -> String {
    format!("Could not verify the uploaded artifact using the included attestation: {why}")
}

/// Answers `/integrity/PROJECT/VERSION/FILE/provenance`, by the segments after the first.
///
/// # Errors
/// 404 for everything that is no such address.
pub(crate) fn answer(
    index: &Index,
    segments: &[&str],
    request: &Request<RequestBody>,
) -> Result<Answer, Notice> {
    let not_found =
        || Notice::plain(StatusCode::NOT_FOUND).with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    let [name, version, filename, "provenance"] = segments else {
        return Err(not_found());
    };
    let name = ProjectName::parse(name).map_err(|_| not_found())?;
    let version = Version::parse(version).map_err(|_| not_found())?;
    let catalog = index.catalog();
    let project = catalog.project(name.normalized())?.ok_or_else(not_found)?;
    let file = project
        .releases
        .get(&version)
        .and_then(|release| release.files.get(*filename))
        .ok_or_else(not_found)?;
    let refused = |status, words: &str| page(status, "application/json", wire::message(words));
    let accepted = header_text(request.headers(), header::ACCEPT);
    let form = match accepted {
        None => Some(INTEGRITY_JSON),
        accepted => accept::choose(accepted, &[INTEGRITY_JSON, "application/json"]),
    };
    let Some(form) = form else {
        return Ok(refused(
            StatusCode::NOT_ACCEPTABLE,
            "Request not acceptable",
        ));
    };
    if catalog.flag(Flag::DisablePep740) {
        return Ok(refused(
            StatusCode::FORBIDDEN,
            "Attestations temporarily disabled",
        ));
    }
    let Some(provenance) = &file.provenance else {
        let words = format!("No provenance available for {filename}");
        return Ok(refused(StatusCode::NOT_FOUND, &words));
    };
    let content_type = if form == INTEGRITY_JSON {
        INTEGRITY_JSON
    } else {
        "application/json"
    };
    let mut answer = page(StatusCode::OK, content_type, provenance.clone());
    set(&mut answer, header::VARY, "Accept, Accept-Encoding");
    readable_everywhere(&mut answer);
    Ok(answer)
}
