//! Yanks and un-yanks a release by the best means the index offers.
//!
//! An answer is not the end: the caller watches the listing until every file shows it.

use pubflow_http::{AddressError, Body, HttpError, Redactor, Request};
use pubflow_spec::{ProjectName, Version};
use url::Url;

use crate::address::below;
use crate::kind::YankMeans;
use crate::words::ServerWords;
use crate::{Credential, IdentityError, Index, Retry};

mod wire;

/// What was done, or who has to do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Yanking {
    /// The index said that it is done.
    Done,
    /// A person has to do it on this page.
    HandOff {
        /// The release's page for its owners.
        page: Url,
    },
    /// The index has no such thing.
    NotOffered {
        /// Why, in words for the user.
        why: &'static str,
    },
}

/// Why a release was not yanked.
#[derive(Debug, thiserror::Error)]
pub enum YankError {
    /// The index is not the one that was meant; no token was sent.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The index said no.
    #[error("the index refused (status {status}): {words}")]
    Refused {
        /// Of the answer.
        status: u16,
        /// The server's own words.
        words: ServerWords,
    },
    /// The index needs a token for it.
    #[error("yanking on this index needs a token")]
    NoCredential,
    /// The pages of the index are not known, so its owners' page cannot be named.
    #[error("the address of the index's pages is not configured")]
    NoPages,
}

impl YankError {
    /// What may be done next. Yanking twice changes nothing, so a lost answer may be asked again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Identity(error) => error.retry(),
            Self::Http(error) if error.moment().is_none() => Retry::Permanent,
            Self::Http(_) => Retry::Transient { after: None },
            Self::Refused { status, .. } => match status {
                401 | 403 => Retry::Unauthorised,
                408 | 429 | 500.. => Retry::Transient { after: None },
                _ => Retry::Permanent,
            },
            Self::NoCredential => Retry::Unauthorised,
            Self::NoPages => Retry::Permanent,
        }
    }
}

impl From<AddressError> for YankError {
    fn from(error: AddressError) -> Self {
        Self::Http(error.into())
    }
}

impl Index {
    /// Marks every file of a release so that installers pass it over.
    ///
    /// # Errors
    /// [`YankError`].
    pub async fn yank(
        &self,
        release: (&ProjectName, &Version),
        reason: &str,
        credential: Option<&Credential>,
    ) -> Result<Yanking, YankError> {
        let reason = Some(reason);
        self.change(release, wire::Operation::Yank { reason }, credential)
            .await
    }

    /// Takes a yank back.
    ///
    /// # Errors
    /// [`YankError`].
    pub async fn unyank(
        &self,
        release: (&ProjectName, &Version),
        credential: Option<&Credential>,
    ) -> Result<Yanking, YankError> {
        self.change(release, wire::Operation::Unyank, credential)
            .await
    }

    /// The page on which an owner yanks or un-yanks a release; none where there is no such page.
    #[must_use]
    pub fn yank_page(&self, project: &ProjectName, version: &Version) -> Option<Url> {
        match self.address.kind.row().yank {
            YankMeans::ManagementPage => {
                let web = self.address.web.as_ref()?;
                let path = format!("manage/project/{}/release/{version}/", project.normalized());
                Some(below(web, &path))
            }
            YankMeans::AdminApi | YankMeans::NotOffered { .. } => None,
        }
    }

    async fn change(
        &self,
        (project, version): (&ProjectName, &Version),
        operation: wire::Operation<'_>,
        credential: Option<&Credential>,
    ) -> Result<Yanking, YankError> {
        match self.address.kind.row().yank {
            YankMeans::NotOffered { why } => Ok(Yanking::NotOffered { why }),
            YankMeans::ManagementPage => match self.yank_page(project, version) {
                Some(page) => Ok(Yanking::HandOff { page }),
                None => Err(YankError::NoPages),
            },
            YankMeans::AdminApi => {
                let credential = credential.ok_or(YankError::NoCredential)?;
                self.prove_identity().await?;
                let url = match &self.address.admin {
                    Some(admin) => admin.clone(),
                    None => self.address.beside_upload("_/admin"),
                };
                let body = wire::request(operation, project, version);
                let request = Request::post(url)
                    .bearer(&credential.secret)
                    .header("accept", "application/json")
                    .header("content-type", "application/json")
                    .body(Body::Bytes(body.into()));
                let response = match self.http.send(request).await {
                    Ok(response) => response,
                    Err(error) => {
                        self.forget_identity().await;
                        return Err(error.into());
                    }
                };
                let status = response.status();
                if (200..300).contains(&status) {
                    return Ok(Yanking::Done);
                }
                let redactor = Redactor::new().with(&credential.user, &credential.secret);
                Err(YankError::Refused {
                    status,
                    words: ServerWords::of(response, &redactor).await,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::{Answer, CANARY, TestServer, canary};
    use crate::{IndexKind, known};
    use pubflow_http::{HttpClient, HttpPolicy};

    fn release() -> (ProjectName, Version) {
        (
            ProjectName::parse("My_Demo").unwrap(),
            Version::parse("1.0").unwrap(),
        )
    }

    #[tokio::test]
    async fn where_people_yank_the_page_is_handed_over_and_nothing_is_sent() {
        let (project, version) = release();
        let http = HttpClient::new(&HttpPolicy::new("t")).unwrap();
        let index = Index::new(known::testpypi(), http).unwrap();
        let handed = index
            .yank((&project, &version), "broken", None)
            .await
            .unwrap();
        let Yanking::HandOff { page } = handed else {
            panic!("{handed:?}");
        };
        assert_eq!(page.path(), "/manage/project/my-demo/release/1.0/");
        assert_eq!(page.host_str(), known::testpypi().web.unwrap().host_str());
        assert_eq!(
            index.unyank((&project, &version), None).await.unwrap(),
            Yanking::HandOff { page }
        );
    }

    #[tokio::test]
    async fn where_there_is_no_yank_nothing_else_is_done_in_its_place() {
        let server = TestServer::start(|_| Answer::new(200, "text/plain", "")).await;
        let index = server.index(IndexKind::Generic);
        let (project, version) = release();
        let outcome = index
            .yank((&project, &version), "r", Some(&canary()))
            .await
            .unwrap();
        assert!(matches!(outcome, Yanking::NotOffered { why } if why.contains("deleting")));
        assert_eq!(index.yank_page(&project, &version), None);
        assert_eq!(server.received().len(), 0);
    }

    #[tokio::test]
    async fn a_refused_yank_quotes_the_server_without_the_token() {
        let server = TestServer::start(|request| {
            let sent = request.header("authorization").unwrap();
            let body = format!(r#"{{"ok": false, "message": "no such release; {sent}"}}"#);
            Answer::new(404, "application/json", body)
        })
        .await;
        let index = server.index(IndexKind::Embedded);
        // Proved a moment ago.
        *index.proven.lock().await = Some(tokio::time::Instant::now());
        let (project, version) = release();
        let error = index
            .yank((&project, &version), "r \"q\"", Some(&canary()))
            .await
            .unwrap_err();
        assert_eq!(error.retry(), Retry::Permanent);
        assert!(error.to_string().contains("no such release"), "{error}");
        assert!(!format!("{error} {error:?}").contains(CANARY), "{error}");
        let request = &server.received()[0];
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/_/admin")
        );
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let expected = serde_json::json!({"op": "yank", "project": "my-demo", "version": "1.0", "reason": "r \"q\""});
        assert_eq!(body, expected);
        let error = index
            .yank((&project, &version), "r", None)
            .await
            .unwrap_err();
        assert_eq!(error.retry(), Retry::Unauthorised);
    }
}
