//! Who signs identities for a job. One file a provider, one line in [`PROVIDERS`].
//!
//! These are the systems that PyPI takes identities of; the one that builds and uploads by itself
//! needs nothing from here.

mod github;
mod gitlab;
mod google;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use pubflow_http::{HttpClient, Request, Response, Secret};
use serde_json::Value;

use super::TrustedError;

type Variables = BTreeMap<String, String>;
type Identity<'a> = Pin<Box<dyn Future<Output = Result<Option<Secret>, TrustedError>> + Send + 'a>>;

/// A row of [`PROVIDERS`].
pub struct Provider {
    /// As users know it.
    pub name: &'static str,
    /// Whether this job has an identity of it.
    pub is_here: fn(&Variables) -> bool,
    fetch: for<'a> fn(&'a HttpClient, &'a Variables, &'a str) -> Identity<'a>,
}

/// Every provider; a job has one at most.
pub static PROVIDERS: [Provider; 3] = [github::PROVIDER, gitlab::PROVIDER, google::PROVIDER];

/// Whether this job can mint publishing identities.
#[must_use]
pub fn is_anywhere(environment: &Variables) -> bool {
    PROVIDERS
        .iter()
        .any(|provider| (provider.is_here)(environment))
}

impl Provider {
    /// A signed identity for one audience; none where the job has none for it.
    pub(super) async fn identity(
        &self,
        http: &HttpClient,
        environment: &Variables,
        audience: &str,
    ) -> Result<Option<Secret>, TrustedError> {
        (self.fetch)(http, environment, audience).await
    }
}

fn set<'a>(environment: &'a Variables, name: &str) -> Option<&'a str> {
    let value = environment.get(name)?.trim();
    (!value.is_empty()).then_some(value)
}

/// The text member `key` of the JSON that a provider answers with.
async fn ask(
    http: &HttpClient,
    request: Request,
    key: &str,
    provider: &'static str,
) -> Result<Secret, TrustedError> {
    let no_identity = |problem: String| TrustedError::NoIdentity { provider, problem };
    let response: Response = http.send(request).await?;
    let status = response.status();
    let body = zeroize::Zeroizing::new(response.read(super::ANSWER_BYTES).await?);
    if status != 200 {
        return Err(no_identity(format!("status {status}")));
    }
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    let token = answer[key].as_str().unwrap_or_default();
    Secret::from_text(token).map_err(|_| no_identity(format!("its answer has no `{key}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_the_identity_that_its_variables_say() {
        let here = |pairs: &[(&str, &str)]| {
            let environment = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            PROVIDERS
                .iter()
                .filter(|provider| (provider.is_here)(&environment))
                .map(|provider| provider.name)
                .collect::<Vec<_>>()
        };
        assert!(here(&[("CI", "true"), ("PYPI_ID_TOKEN", " ")]).is_empty());
        let request = ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://ci.example/?a=b");
        let bearer = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t");
        assert_eq!(here(&[request]), ["GitHub Actions"]);
        assert_eq!(here(&[request, bearer]), ["GitHub Actions"]);
        assert_eq!(here(&[("TESTPYPI_ID_TOKEN", "a.b.c")]), ["GitLab CI"]);
    }
}
