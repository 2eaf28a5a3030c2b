//! The JSON shapes of attestations and provenance.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::stored::account::Publisher;

/// One attestation as it is sent and served; keys that it does not have are dropped.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub(super) struct Attestation {
    version: u32,
    verification_material: Material,
    envelope: Envelope,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
struct Material {
    certificate: String,
    transparency_entries: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
struct Envelope {
    statement: String,
    signature: String,
}

/// What an attestation states.
#[derive(Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) subjects: Vec<StatementSubject>,
    pub(super) predicate_type: String,
}

/// A file that a statement is about.
#[derive(Debug, PartialEq)]
pub(super) struct StatementSubject {
    pub(super) name: String,
    pub(super) sha256: String,
}

#[derive(Deserialize)]
struct StatementBody {
    subject: Vec<SubjectBody>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Deserialize)]
struct SubjectBody {
    name: String,
    digest: DigestBody,
}

#[derive(Deserialize)]
struct DigestBody {
    sha256: String,
}

#[derive(Serialize)]
struct Provenance<'a> {
    version: u32,
    attestation_bundles: [Bundle<'a>; 1],
}

#[derive(Serialize)]
struct Bundle<'a> {
    publisher: Identity<'a>,
    attestations: &'a [Attestation],
}

#[derive(Serialize)]
struct Identity<'a> {
    kind: &'static str,
    repository: String,
    workflow: &'a str,
    environment: Option<&'a str>,
}

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

impl Attestation {
    /// The statement inside.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn statement(&self) -> Result<Statement, String> {
        let bytes = STANDARD
            .decode(&self.envelope.statement)
            .map_err(|error| error.to_string())?;
        let body: StatementBody =
            serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(Statement {
            subjects: body
                .subject
                .into_iter()
                .map(|subject| StatementSubject {
                    name: subject.name,
                    sha256: subject.digest.sha256,
                })
                .collect(),
            predicate_type: body.predicate_type,
        })
    }

    fn fault(&self) -> Option<&'static str> {
        let texts = [
            &self.verification_material.certificate,
            &self.envelope.statement,
            &self.envelope.signature,
        ];
        if self.version != 1 {
            Some("version must be 1")
        } else if self.verification_material.transparency_entries.is_empty() {
            Some("transparency_entries must hold at least one entry")
        } else if texts.iter().any(|text| STANDARD.decode(text).is_err()) {
            Some("certificate, statement and signature must be base64")
        } else {
            None
        }
    }
}

/// Reads the form field.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Attestation>, String> {
    let read: Vec<Attestation> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match read.iter().find_map(Attestation::fault) {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(read),
    }
}

/// The provenance object of a file.
pub(super) fn provenance(publisher: &Publisher, attestations: &[Attestation]) -> String {
    let Publisher::Github(github) = publisher;
    let provenance = Provenance {
        version: 1,
        attestation_bundles: [Bundle {
            publisher: Identity {
                kind: "GitHub",
                repository: format!("{}/{}", github.repository_owner, github.repository_name),
                workflow: &github.workflow_filename,
                environment: github
                    .environment
                    .as_deref()
                    .filter(|environment| !environment.is_empty()),
            },
            attestations,
        }],
    };
    serde_json::to_string(&provenance).expect("provenance holds JSON only")
}

pub(super) fn message(message: &str) -> Vec<u8> {
    serde_json::to_vec(&Message { message }).expect("strings always serialise")
}
