//! Attestations that lie beside a distribution: read, held against name and digest, sent with the
//! file, and found again in what the index serves.
//!
//! Nothing is signed and no signature is verified here: the index does that. What is checked is what
//! the index refuses by shape, and that the statement speaks of this very file.
//!
//! Spec: PEP 740; in-toto statement v1.

mod wire;

use pubflow_http::{Redactor, Request};
use pubflow_spec::Sha256;

use crate::known::publish_predicate;
use crate::words::ServerWords;
use crate::{Index, IndexFile};

/// What the index takes with one file.
pub const MOST: usize = 2;
/// One of the two kinds of statement that the index takes; the other is its own.
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
/// The ending of the file that holds one.
pub const ENDING: &str = ".publish.attestation";
/// Longer files are no attestations.
pub const LONGEST_BYTES: u64 = 1 << 20;
const PROVENANCE_BYTES: u64 = 4 << 20;

/// One attestation about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The object as it is sent.
    json: String,
    /// The statement as it stands in the envelope.
    statement: String,
}

/// Why a text is no attestation about a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttestationError {
    /// Not the object of the specification.
    #[error("it is no attestation object: {problem}")]
    Shape {
        /// What is missing or wrong.
        problem: &'static str,
    },
    /// Not a statement about one file.
    #[error("its statement cannot be read: {problem}")]
    Statement {
        /// What is missing or wrong.
        problem: &'static str,
    },
    /// A statement of a kind that the index does not take.
    #[error("its predicate type is `{found}`, which the index does not take")]
    Predicate {
        /// What it says.
        found: String,
    },
    /// A statement about another file.
    #[error("it is about `{name}` with SHA-256 {sha256}")]
    OtherFile {
        /// The name it gives.
        name: String,
        /// The digest it gives.
        sha256: String,
    },
    /// More than the index takes.
    #[error("there are {found}, and the index takes {MOST} for a file")]
    TooMany {
        /// How many there are.
        found: usize,
    },
}

/// What the index serves of attestations that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// All of them.
    Served,
    /// None: an administrator may have switched attestations off.
    NotServed,
    /// Others than those that were sent.
    Different,
}

impl Attestation {
    /// Reads one and holds it against the file it shall be about.
    ///
    /// # Errors
    /// [`AttestationError`].
    pub fn read(text: &str, filename: &str, sha256: Sha256) -> Result<Self, AttestationError> {
        let object = wire::object(text)?;
        let statement = wire::statement(&object)?;
        if ![PROVENANCE, &publish_predicate()].contains(&statement.predicate.as_str()) {
            return Err(AttestationError::Predicate {
                found: statement
                    .predicate
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect(),
            });
        }
        let is_about_it = statement.name == filename
            && Sha256::parse(&statement.sha256).is_ok_and(|digest| digest == sha256);
        if !is_about_it {
            let shown = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect();
            return Err(AttestationError::OtherFile {
                name: shown(&statement.name),
                sha256: shown(&statement.sha256),
            });
        }
        Ok(Self {
            json: object.to_string(),
            statement: wire::envelope_text(&object, "statement").to_owned(),
        })
    }

    /// The form field for these attestations; none for none.
    ///
    /// # Errors
    /// [`AttestationError::TooMany`].
    pub fn field(attestations: &[Self]) -> Result<Option<String>, AttestationError> {
        if attestations.len() > MOST {
            return Err(AttestationError::TooMany {
                found: attestations.len(),
            });
        }
        let objects: Vec<&str> = attestations.iter().map(|one| one.json.as_str()).collect();
        Ok((!objects.is_empty()).then(|| format!("[{}]", objects.join(","))))
    }
}

impl Index {
    /// Reads the provenance of a listed file and looks for what was sent.
    ///
    /// # Errors
    /// [`crate::ObserveError`].
    pub async fn read_back(
        &self,
        file: &IndexFile,
        sent: &[Attestation],
    ) -> Result<ReadBack, crate::ObserveError> {
        let Some(url) = &file.provenance else {
            return Ok(ReadBack::NotServed);
        };
        let request =
            Request::get(url.clone()).header("accept", "application/vnd.pypi.integrity.v1+json");
        let response = self.http.send(request).await?;
        match response.status() {
            200 => {}
            404 => return Ok(ReadBack::NotServed),
            status => {
                let origin = response.origin().clone();
                return Err(crate::ObserveError::Status {
                    origin,
                    status,
                    words: ServerWords::of(response, &Redactor::new()).await,
                    after: None,
                });
            }
        }
        let body = response.read(PROVENANCE_BYTES).await?;
        let served = wire::served_statements(&body);
        let is_served = |one: &Attestation| served.contains(&one.statement);
        Ok(match sent.iter().all(is_served) {
            true => ReadBack::Served,
            false => ReadBack::Different,
        })
    }
}

#[cfg(test)]
mod tests;
