//! Attestations against the file they shall be about, and against what a server serves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::IndexKind;
use crate::test_server::{Answer, TestServer};
use crate::vectors::{self, Case};
use pubflow_spec::ProjectName;

const NAME: &str = "demo-1.0-py3-none-any.whl";

fn text(name: &str, content: &[u8], predicate: &str) -> String {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": Sha256::of(content).to_string()}}],
        "predicateType": predicate, "predicate": null,
    });
    json!({
        "version": 1,
        "verification_material": {"certificate": "AAAA", "transparency_entries": [{}]},
        "envelope": {"statement": STANDARD.encode(statement.to_string()), "signature": "AAAA"},
    })
    .to_string()
}

#[test]
fn an_attestation_has_to_be_about_this_very_file() {
    let read = |text: &str| Attestation::read(text, NAME, Sha256::of(b"x"));
    let good = read(&text(NAME, b"x", &publish_predicate())).unwrap();
    let field = Attestation::field(std::slice::from_ref(&good))
        .unwrap()
        .unwrap();
    assert!(serde_json::from_str::<Value>(&field).unwrap()[0]["version"] == 1);
    assert_eq!(Attestation::field(&[]).unwrap(), None);
    let three = vec![good; 3];
    assert_eq!(
        Attestation::field(&three).unwrap_err(),
        AttestationError::TooMany { found: 3 }
    );
    for wrong in [
        text("other.whl", b"x", PROVENANCE),
        text(NAME, b"y", PROVENANCE),
    ] {
        assert!(matches!(
            read(&wrong),
            Err(AttestationError::OtherFile { .. })
        ));
    }
    assert!(matches!(
        read(&text(NAME, b"x", "https://example.com/")),
        Err(AttestationError::Predicate { .. })
    ));
    assert!(matches!(read("{}"), Err(AttestationError::Shape { .. })));
}

#[tokio::test]
async fn what_was_sent_is_found_again_in_the_provenance() {
    let sent = Attestation::read(
        &text(NAME, b"x", &publish_predicate()),
        NAME,
        Sha256::of(b"x"),
    )
    .unwrap();
    let object: Value = serde_json::from_str(&text(NAME, b"x", &publish_predicate())).unwrap();
    let server = TestServer::start(move |request| match request.path.as_str() {
        "/simple/demo/" => {
            let file = |name: &str| json!({"filename": name, "url": "f", "hashes": {}, "provenance": format!("/provenance/{name}")});
            let page = json!({"files": [file("served"), file("other"), file("none"), {"filename": "silent", "url": "f", "hashes": {}}]});
            Answer::new(200, "application/vnd.pypi.simple.v1+json", page.to_string())
        }
        "/provenance/served" => {
            let body = json!({"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": [object]}]});
            Answer::new(200, "application/json", body.to_string())
        }
        "/provenance/other" => Answer::new(200, "application/json", r#"{"attestation_bundles": []}"#),
        _ => Answer::new(404, "text/plain", ""),
    })
    .await;
    let index = server.index(IndexKind::Pypi);
    let page = index
        .project(&ProjectName::parse("demo").unwrap())
        .await
        .unwrap()
        .unwrap();
    for (name, expected) in [
        ("served", ReadBack::Served),
        ("other", ReadBack::Different),
        ("none", ReadBack::NotServed),
        ("silent", ReadBack::NotServed),
    ] {
        let file = page.find(name).unwrap();
        assert_eq!(
            index
                .read_back(file, std::slice::from_ref(&sent))
                .await
                .unwrap(),
            expected,
            "{name}"
        );
    }
}

#[test]
fn the_reference_shapes_are_judged_as_the_index_judges_them() {
    vectors::check("attestation_shape", |case: &Case| {
        let verdict = match &case.input()["attestations"] {
            Value::Array(objects) if objects.len() > MOST => Some("too-many"),
            Value::Array(objects)
                if !objects.is_empty()
                    && objects
                        .iter()
                        .all(|object| wire::require_object(object).is_ok()) =>
            {
                None
            }
            _ => Some("malformed"),
        };
        match verdict {
            None => json!({"well_formed": true}),
            Some(why) => json!({"well_formed": false, "why": why}),
        }
    });
}
