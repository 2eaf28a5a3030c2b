//! Google Cloud: a job that acts as a service account asks for an identity of it.
//!
//! The metadata server of a virtual machine is not asked: it speaks plain http only.

use pubflow_http::{Body, HttpClient, Request, Secret};
use serde_json::json;
use url::Url;

use super::{Identity, Provider, Variables, ask, set};
use crate::trusted::TrustedError;

const NAME: &str = "Google Cloud";
const ACCOUNT: &str = "GOOGLE_SERVICE_ACCOUNT_NAME";
const BEARER: &str = "GOOGLE_SERVICE_ACCOUNT_ACCESS_TOKEN";
const ROOT: &str = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";

pub(super) const PROVIDER: Provider = Provider {
    name: NAME,
    is_here: |environment| {
        set(environment, ACCOUNT)
            .and(set(environment, BEARER))
            .is_some()
    },
    fetch: |http, environment, audience| fetch(ROOT, http, environment, audience),
};

fn fetch<'a>(
    root: &'a str,
    http: &'a HttpClient,
    environment: &'a Variables,
    audience: &'a str,
) -> Identity<'a> {
    Box::pin(async move {
        let (Some(account), Some(bearer)) = (set(environment, ACCOUNT), set(environment, BEARER))
        else {
            return Ok(None);
        };
        let unusable = |problem: &str| TrustedError::NoIdentity {
            provider: NAME,
            problem: problem.to_owned(),
        };
        let url = Url::parse(&format!("{root}{account}:generateIdToken"))
            .map_err(|_| unusable("the name of the service account makes no URL"))?;
        let bearer = Secret::from_text(bearer).map_err(|_| unusable("its token is no token"))?;
        let body = json!({"audience": audience, "includeEmail": true}).to_string();
        let request = Request::post(url)
            .bearer(&bearer)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .within(crate::trusted::PATIENCE)
            .body(Body::Bytes(body.into()));
        ask(http, request, "token", NAME).await.map(Some)
    })
}
