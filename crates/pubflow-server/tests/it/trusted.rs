//! Trusted publishing with the realm's own issuer: ask for an identity, mint, upload, attest, give back.

use pubflow_server::{Profile, ServerOptions};
use serde_json::{Value, json};

use super::TestIndex;
use super::support::http::{self, Answer};
use super::support::upload::Upload;

const PUBLISHER: &str = r#"{"kind":"github","repository_owner":"acme","repository_owner_id":"1","repository_name":"demo","workflow_filename":"release.yml","environment":"release"}"#;

/// An index on which a workflow waits for its project.
fn index() -> TestIndex {
    let index = TestIndex::start();
    index.operate(&format!(
        r#"{{"op":"publisher","project":"demo","publisher":{PUBLISHER}}}"#
    ));
    index
}

fn identity(index: &TestIndex, query: &str) -> String {
    let bearer = format!("Bearer {}", index.realm().admin_token);
    let path = format!("/_/issuer/token?{query}");
    let headers = [("Authorization", bearer.as_str())];
    let answer = http::send(&index.realm().base, "GET", &path, &headers, b"").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["value"].as_str().unwrap().to_owned()
}

fn post(index: &TestIndex, path: &str, token: &str) -> Answer {
    let body = json!({ "token": token }).to_string();
    http::send(&index.realm().base, "POST", path, &[], body.as_bytes()).unwrap()
}

fn mint(index: &TestIndex, identity: &str) -> Value {
    post(index, "/_/oidc/mint-token", identity).json()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["code"].as_str().unwrap()
}

const JOB: &str = "audience=testpypi&environment=release";

#[test]
fn a_job_mints_uploads_with_provenance_and_gives_the_token_back() {
    let index = index();
    assert_eq!(
        index.get("/_/oidc/audience", None).json()["audience"],
        "testpypi"
    );
    let minted = mint(&index, &identity(&index, JOB));
    assert_eq!(minted["success"], true, "{minted}");
    let token = minted["token"].as_str().unwrap();
    let bearer = format!("Bearer {token}");
    let upload = Upload::demo("1.0").header("Authorization", &bearer);
    let attested = upload
        .clone()
        .with("attestations", Some(&attestation(&upload)));
    index.accept(&attested);
    let file = index.listing("demo")["files"][0].clone();
    let url = file["provenance"].as_str().unwrap();
    let path = url
        .strip_prefix(index.realm().base.trim_end_matches('/'))
        .unwrap();
    let provenance = index.get(path, None);
    assert_eq!(
        provenance.header("content-type"),
        Some("application/vnd.pypi.integrity.v1+json")
    );
    let bundle = &provenance.json()["attestation_bundles"][0];
    assert_eq!(bundle["publisher"]["repository"], "acme/demo");
    assert_eq!(bundle["attestations"].as_array().unwrap().len(), 1);
    // Another project is none of the job's business.
    let other = Upload::wheel(&pubflow_testkit::WheelBuilder::new("other", "1.0"));
    let refused = other
        .header("Authorization", &bearer)
        .send(index.realm())
        .unwrap();
    assert_eq!(refused.status, 400, "{}", refused.reason);
    assert_eq!(post(&index, "/_/oidc/burn-token", token).status, 202);
    let burnt = Upload::demo("1.1").header("Authorization", &bearer);
    assert_eq!(burnt.send(index.realm()).unwrap().status, 403);
    index.stop();
}

/// One attestation that states what it should, with a signature that nobody verifies.
fn attestation(upload: &Upload) -> String {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let digest = pubflow_spec::Sha256::of(&upload.content).to_string();
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": upload.filename, "digest": { "sha256": digest } }],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {},
    });
    json!([{
        "version": 1,
        "verification_material": { "certificate": encode("c"), "transparency_entries": [{}] },
        "envelope": { "statement": encode(&statement.to_string()), "signature": encode("s") },
    }])
    .to_string()
}

#[test]
fn attestations_are_held_to_their_file() {
    let index = index();
    let minted = mint(&index, &identity(&index, JOB));
    let bearer = format!("Bearer {}", minted["token"].as_str().unwrap());
    let upload = Upload::demo("1.0").header("Authorization", &bearer);
    let of_another = attestation(&Upload::demo("1.1"));
    let good = attestation(&upload);
    let twice = format!("[{0},{0}]", &good[1..good.len() - 1]);
    for (attestations, words) in [
        ("{}", "Malformed attestations: "),
        ("[]", "Malformed attestations: an empty attestation set"),
        (&of_another, "Could not verify the uploaded artifact"),
        (&twice, "Multiple attestations for the same file"),
    ] {
        let sent = upload.clone().with("attestations", Some(attestations));
        let answer = sent.send(index.realm()).unwrap();
        let expected = format!("Invalid attestations supplied during upload: {words}");
        assert_eq!(answer.status, 400);
        assert!(answer.reason.starts_with(&expected), "{}", answer.reason);
    }
    let by_user = Upload::demo("1.0").with("attestations", Some(&good));
    let answer = by_user.send(index.realm()).unwrap();
    assert!(
        answer
            .reason
            .contains("only supported when using Trusted Publishing")
    );
    index.stop();
}

#[test]
fn identities_that_do_not_fit_mint_nothing() {
    let index = index();
    let used = identity(&index, JOB);
    assert_eq!(mint(&index, &used)["success"], true);
    assert_eq!(code(&mint(&index, &used)), "invalid-reuse-token");
    for (query, expected) in [
        ("audience=pypi&environment=release", "invalid-token"),
        ("audience=testpypi", "invalid-publisher"),
        (
            "audience=testpypi&environment=release&repository=acme/fork",
            "invalid-publisher",
        ),
        (
            "audience=testpypi&environment=release&workflow=ci.yml",
            "invalid-publisher",
        ),
        (
            "audience=testpypi&environment=release&event_name=pull_request_target",
            "invalid-publisher",
        ),
    ] {
        assert_eq!(
            code(&mint(&index, &identity(&index, query))),
            expected,
            "{query}"
        );
    }
    let mut forged = identity(&index, JOB);
    forged.truncate(forged.len() - 8);
    forged.push_str("AAAAAAAA");
    assert_eq!(code(&mint(&index, &forged)), "invalid-token");
    assert_eq!(code(&mint(&index, "garbage")), "invalid-payload");
    index.operate(r#"{"op":"flag","flag":"disallow-oidc","on":true}"#);
    assert_eq!(code(&mint(&index, &identity(&index, JOB))), "not-enabled");
    assert_eq!(index.get("/_/oidc/audience", None).status, 403);
    index.stop();
}

#[test]
fn the_recorded_profile_burns_nothing() {
    let mut options = ServerOptions::on_free_ports(None);
    options.profile = Profile::recorded();
    let index = TestIndex::with(options).unwrap();
    assert_eq!(post(&index, "/_/oidc/burn-token", "pypi-x").status, 404);
    index.stop();
}
