//! The objects of PEP 740 in JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::AttestationError;

/// What a statement says of the file it is about.
pub(super) struct Statement {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) predicate: String,
}

/// The object in a file.
pub(super) fn object(text: &str) -> Result<Value, AttestationError> {
    let object: Value = serde_json::from_str(text).map_err(|_| shape("it is no JSON"))?;
    require_object(&object)?;
    Ok(object)
}

/// Holds one object to the shape that the index asks for; further members are let be.
pub(super) fn require_object(object: &Value) -> Result<(), AttestationError> {
    if !object.is_object() {
        return Err(shape("it is no object"));
    }
    if object["version"] != 1 {
        return Err(shape("`version` is not 1"));
    }
    let material = &object["verification_material"];
    if !is_base64(&material["certificate"]) {
        return Err(shape("`certificate` is no base64"));
    }
    let entries = material["transparency_entries"].as_array();
    if !entries.is_some_and(|entries| !entries.is_empty() && entries.iter().all(Value::is_object)) {
        return Err(shape("there is no transparency entry"));
    }
    for part in ["statement", "signature"] {
        if !is_base64(&object["envelope"][part]) {
            return Err(shape("`statement` or `signature` is no base64"));
        }
    }
    Ok(())
}

/// A text of the envelope of an object that has the right shape.
pub(super) fn envelope_text<'a>(object: &'a Value, part: &str) -> &'a str {
    object["envelope"][part].as_str().unwrap_or_default()
}

pub(super) fn statement(object: &Value) -> Result<Statement, AttestationError> {
    let wrong = |problem| AttestationError::Statement { problem };
    let bytes = STANDARD
        .decode(envelope_text(object, "statement"))
        .map_err(|_| wrong("it is no base64"))?;
    let statement: Value = serde_json::from_slice(&bytes).map_err(|_| wrong("it is no JSON"))?;
    if statement["_type"] != "https://in-toto.io/Statement/v1" {
        return Err(wrong("it is no in-toto statement of version 1"));
    }
    let subjects = statement["subject"].as_array().map(Vec::as_slice);
    let Some([subject]) = subjects else {
        return Err(wrong("it is not about exactly one file"));
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Statement {
        name: text(&subject["name"]),
        sha256: text(&subject["digest"]["sha256"]),
        predicate: text(&statement["predicateType"]),
    })
}

/// Every statement in a provenance object.
pub(super) fn served_statements(body: &[u8]) -> Vec<String> {
    let provenance: Value = serde_json::from_slice(body).unwrap_or_default();
    let bundles = provenance["attestation_bundles"].as_array();
    bundles
        .into_iter()
        .flatten()
        .filter_map(|bundle| bundle["attestations"].as_array())
        .flatten()
        .map(|object| envelope_text(object, "statement").to_owned())
        .collect()
}

fn is_base64(value: &Value) -> bool {
    let text = value.as_str().filter(|text| !text.is_empty());
    text.is_some_and(|text| STANDARD.decode(text).is_ok())
}

fn shape(problem: &'static str) -> AttestationError {
    AttestationError::Shape { problem }
}
