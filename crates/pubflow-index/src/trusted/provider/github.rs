//! GitHub Actions: jobs with the permission `id-token: write` are given an address to ask.

use pubflow_http::{HttpClient, Request, Secret};
use url::Url;

use super::{Identity, Provider, Variables, ask, set};
use crate::trusted::TrustedError;

const NAME: &str = "GitHub Actions";
const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const BEARER: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

pub(super) const PROVIDER: Provider = Provider {
    name: NAME,
    // Half of it is enough to be careful; asking needs both.
    is_here: |environment| set(environment, URL).or(set(environment, BEARER)).is_some(),
    fetch,
};

fn fetch<'a>(http: &'a HttpClient, environment: &'a Variables, audience: &'a str) -> Identity<'a> {
    Box::pin(async move {
        let (Some(url), Some(bearer)) = (set(environment, URL), set(environment, BEARER)) else {
            return Ok(None);
        };
        let unusable = |problem: &str| TrustedError::NoIdentity {
            provider: NAME,
            problem: problem.to_owned(),
        };
        let mut url = Url::parse(url).map_err(|_| unusable("its address is no URL"))?;
        url.query_pairs_mut().append_pair("audience", audience);
        let bearer = Secret::from_text(bearer).map_err(|_| unusable("its token is no token"))?;
        let request = Request::get(url)
            .bearer(&bearer)
            .header("accept", "application/json")
            .within(crate::trusted::PATIENCE);
        ask(http, request, "value", NAME).await.map(Some)
    })
}
