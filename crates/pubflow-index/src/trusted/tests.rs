//! Minting against a server of the test: the whole exchange, refusals, renewal, burning.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::test_server::{Answer, TestServer};
use crate::vectors::{self, Case};
use crate::{Credential, IndexKind};

fn jwt(claims: &Value) -> String {
    format!("e30.{}.canary", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// An index and a CI system in one: each identity is another, `mint` answers for the index.
async fn world(
    mint: impl Fn(u32, &str) -> Answer + Send + Sync + 'static,
) -> (TestServer, BTreeMap<String, String>) {
    let n_identities = AtomicU32::new(0);
    let n_minted = AtomicU32::new(0);
    let server = TestServer::start(move |request| {
        let path = request.path.split('?').next().unwrap_or_default();
        match path {
            "/_/oidc/audience" => Answer::new(200, "application/json", r#"{"audience": "pypi"}"#),
            "/ci" => {
                let n = n_identities.fetch_add(1, Ordering::Relaxed);
                let token = jwt(&json!({"repository": "octo/demo", "jti": n}));
                Answer::new(200, "application/json", json!({"value": token}).to_string())
            }
            "/_/oidc/mint-token" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                let n = n_minted.fetch_add(1, Ordering::Relaxed);
                mint(n, body["token"].as_str().unwrap())
            }
            "/_/oidc/burn-token" => Answer::new(202, "text/plain", ""),
            _ => Answer::new(404, "text/plain", ""),
        }
    })
    .await;
    let variables = BTreeMap::from([
        (
            "ACTIONS_ID_TOKEN_REQUEST_URL".to_owned(),
            server.url("ci?api=1").to_string(),
        ),
        (
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned(),
            "bearer".to_owned(),
        ),
    ]);
    (server, variables)
}

fn minter(server: &TestServer, variables: &BTreeMap<String, String>) -> Minter {
    Minter::find(Arc::new(server.index(IndexKind::Pypi)), variables).unwrap()
}

fn minted(n: u32, life: i64) -> Answer {
    let expires = Timestamp::now().as_second() + life;
    let body = json!({"success": true, "token": format!("pypi-minted-{n}"), "expires": expires});
    Answer::new(200, "application/json", body.to_string())
}

#[tokio::test]
async fn an_identity_for_the_audience_is_exchanged_once() {
    let (server, variables) = world(|n, _| minted(n, 900)).await;
    let minted = minter(&server, &variables).mint().await.unwrap().unwrap();
    assert_eq!(minted.token.expose(), "pypi-minted-0");
    assert_eq!(minted.provider, "GitHub Actions");
    let received = server.received();
    let paths: Vec<&str> = received
        .iter()
        .map(|request| request.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "/_/oidc/audience",
            "/ci?api=1&audience=pypi",
            "/_/oidc/mint-token"
        ]
    );
    assert_eq!(received[1].header("authorization"), Some("Bearer bearer"));
    assert_eq!(received[2].header("authorization"), None);
}

#[tokio::test]
async fn a_refusal_shows_the_claims_and_no_identity() {
    let (server, variables) = world(|_, token| {
        let description = format!("Publisher with matching claims was not found {token}");
        let body = json!({"message": "Token request failed", "errors": [{"code": "invalid-publisher", "description": description}]});
        Answer::new(422, "application/json", body.to_string())
    })
    .await;
    let error = minter(&server, &variables).mint().await.unwrap_err();
    assert!(error.is_not_registered());
    let shown = error.to_string();
    assert!(shown.contains("repository name     demo"), "{shown}");
    assert!(!format!("{shown} {error:?}").contains("canary"), "{shown}");
}

#[tokio::test]
async fn an_index_without_trusted_publishing_is_no_failure() {
    let server = TestServer::start(|_| Answer::new(404, "text/html", "no")).await;
    let variables = BTreeMap::from([("PYPI_ID_TOKEN".to_owned(), jwt(&json!({})))]);
    assert!(minter(&server, &variables).mint().await.unwrap().is_none());
    let generic = Arc::new(server.index(IndexKind::Generic));
    assert!(Minter::find(generic, &variables).is_none());
    assert!(Minter::find(Arc::new(server.index(IndexKind::Pypi)), &BTreeMap::new()).is_none());
}

async fn lease(server: &TestServer, variables: &BTreeMap<String, String>) -> Lease {
    let minter = minter(server, variables);
    let first = minter.mint().await.unwrap().unwrap();
    let credential = Credential {
        minted_until: Some(first.expires),
        ..Credential::token(first.token, "trusted publishing")
    };
    Lease::renewing(credential, minter)
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed_and_all_are_burned() {
    let life = |n| if n == 0 { 200 } else { 900 };
    let (server, variables) = world(move |n, _| minted(n, life(n))).await;
    let lease = lease(&server, &variables).await;
    for _ in 0..3 {
        let current = lease.current().await.unwrap();
        assert_eq!(current.secret.expose(), "pypi-minted-1");
    }
    lease.burn().await;
    let burned: Vec<String> = server
        .received()
        .iter()
        .filter(|request| request.path == "/_/oidc/burn-token")
        .map(|request| String::from_utf8_lossy(&request.body).into_owned())
        .collect();
    assert_eq!(
        burned,
        [
            r#"{"token":"pypi-minted-0"}"#,
            r#"{"token":"pypi-minted-1"}"#
        ]
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_that_used_it() {
    let (server, variables) = world(|n, _| minted(n, 900)).await;
    let lease = lease(&server, &variables).await;
    let refused = lease.current().await.unwrap();
    let (one, two) = tokio::join!(lease.after_refusal(&refused), lease.after_refusal(&refused));
    assert_eq!(one.unwrap().secret.expose(), "pypi-minted-1");
    assert_eq!(two.unwrap().secret.expose(), "pypi-minted-1");
    let fixed = Lease::fixed(Credential::token(Secret::from_text("t").unwrap(), "file"));
    let token = fixed.current().await.unwrap();
    assert!(fixed.after_refusal(&token).await.is_none());
}

#[tokio::test]
async fn what_is_left_of_a_token_is_used_when_no_other_is_minted() {
    let (server, variables) = world(|n, _| match n {
        0 => minted(0, 200),
        _ => Answer::new(503, "text/plain", "busy"),
    })
    .await;
    let lease = lease(&server, &variables).await;
    assert_eq!(
        lease.current().await.unwrap().secret.expose(),
        "pypi-minted-0"
    );
}

#[test]
fn the_reference_answers_are_told_apart() {
    let hint = |hint: Hint| match hint {
        Hint::ClientOrProxy => "client-bug-or-proxy",
        Hint::NewIdentity => "fetch-a-new-oidc-token",
        Hint::ShowClaims => "show-claims",
        Hint::PublisherOnProject => "configure-publisher-on-project",
        Hint::SwitchedOff => "disabled",
        Hint::RetryLater => "retry-later",
        Hint::Malformed => "malformed-answer",
    };
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    vectors::check("oidc_answers", |case: &Case| {
        let input = case.input();
        let status = u16::try_from(input["status"].as_u64().unwrap()).unwrap();
        let body = match &input["body"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if input["step"] == "audience" {
            return match wire::read_audience(status, body.as_bytes()) {
                AudienceAnswer::Audience(audience) => {
                    json!({"outcome": "audience", "audience": audience})
                }
                AudienceAnswer::Disabled => json!({"outcome": "disabled"}),
                AudienceAnswer::Malformed => json!({"outcome": "error"}),
            };
        }
        match wire::read_mint(status, body.as_bytes(), now) {
            Ok((_, expires)) if expires == now + SignedDuration::from_secs(900) => {
                json!({"outcome": "token", "expires": "now+900"})
            }
            Ok((_, expires)) => json!({"outcome": "token", "expires": expires.as_second()}),
            Err(refusal) => {
                json!({"outcome": "error", "code": refusal.code, "hint": hint(refusal.hint)})
            }
        }
    });
}
