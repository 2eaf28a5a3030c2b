//! Sends one file by the legacy upload form, and says what the answer means.
//!
//! One call is one attempt: whether to try again is the caller's decision, and [`UploadError::retry`]
//! is the advice.

mod answer;
mod error;
mod form;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use pubflow_http::{AddressError, HttpError, Origin, Redactor, Request, Response};
use pubflow_metadata::upload_rule;
use pubflow_spec::{Blake2b256, DistributionFilename, Md5, Sha256};
use url::Url;

use crate::words::ServerWords;
use crate::{Credential, Index};
use form::Form;

pub use answer::AnswerClass;
pub use error::{Changed, Retry, UploadError, UploadFailure};

/// Redirects that are followed, within the same origin.
const REDIRECTS: u8 = 3;
/// Read of an accepting answer, so that its connection can be used again.
const ACCEPTED_BYTES: usize = 16 * 1024;

/// One file to be sent.
#[derive(Debug, Clone)]
pub struct UploadFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name.
    pub filename: DistributionFilename,
    /// In bytes.
    pub size: u64,
    /// Of its content; compared with what is sent while it is sent.
    pub sha256: Sha256,
    /// Sent along where it is known, for servers that look at nothing else.
    pub md5: Option<Md5>,
    /// Sent along where it is known.
    pub blake2b_256: Option<Blake2b256>,
    /// The form field of its attestations (`Attestation::field`).
    pub attestations: Option<String>,
    /// The form fields made from its metadata, in order (`pubflow_metadata::upload_form::fields`).
    pub fields: Vec<(&'static str, String)>,
}

/// The index said that it took the file. Whether installers see it is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Of the answer: 200, or 201 from some servers.
    pub status: u16,
}

/// Told how many bytes of a file have been handed over, and of how many.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(u64, u64) + Send + Sync>);

impl Progress {
    /// Calls a function for every piece. It is called often and must not block.
    pub fn new(tell: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Tells nobody.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(|_, _| {})
    }

    pub(crate) fn tell(&self, done: u64, total: u64) {
        (self.0)(done, total);
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress(..)")
    }
}

impl Index {
    /// Sends one file, once.
    ///
    /// # Errors
    /// [`UploadError`]; its [`UploadError::retry`] says what may be done next.
    pub async fn upload(
        &self,
        file: &UploadFile,
        credential: &Credential,
        progress: &Progress,
    ) -> Result<Accepted, UploadError> {
        self.attempt(file, credential, progress)
            .await
            .map_err(|failure| UploadError {
                index: self.address.name.clone(),
                filename: file.filename.as_str().to_owned(),
                credential: credential.source.clone(),
                failure,
            })
    }

    async fn attempt(
        &self,
        file: &UploadFile,
        credential: &Credential,
        progress: &Progress,
    ) -> Result<Accepted, UploadFailure> {
        self.prove_identity().await?;
        let form = Form::of(file);
        let redactor = Redactor::new().with(&credential.user, &credential.secret);
        let mut url = self.address.upload.clone();
        for _ in 0..=REDIRECTS {
            let (body, changed) = form.body(progress).await?;
            let request = Request::post(url.clone())
                .basic(&credential.user, &credential.secret)
                .header("accept", "application/json")
                .header("content-type", form.content_type())
                .body(body);
            let response = match self.http.send(request).await {
                Ok(response) => response,
                Err(error) => {
                    self.forget_identity().await;
                    return Err(match changed.get() {
                        Some(changed) => UploadFailure::Changed {
                            path: file.path.clone(),
                            changed: *changed,
                        },
                        None => UploadFailure::Http(error),
                    });
                }
            };
            match response.status() {
                307 | 308 => url = same_origin_target(&url, &response)?,
                _ => return self.judge(response, &redactor).await,
            }
        }
        Err(UploadFailure::Redirected {
            status: 308,
            to: None,
        })
    }

    async fn judge(
        &self,
        response: Response,
        redactor: &Redactor,
    ) -> Result<Accepted, UploadFailure> {
        let status = response.status();
        if (200..300).contains(&status) {
            response.read_prefix(ACCEPTED_BYTES).await;
            return Ok(Accepted { status });
        }
        if (300..400).contains(&status) {
            let to = target(&self.address.upload, &response).and_then(|url| Origin::of(&url).ok());
            return Err(UploadFailure::Redirected { status, to });
        }
        let after = crate::retry_after::asked_to_wait(&response);
        let words = ServerWords::of(response, redactor).await;
        let rule = upload_rule::from_answer(status, words.as_str());
        let class = answer::classify(self.address.kind.row(), status, &words, rule);
        Err(UploadFailure::Answer {
            status,
            class,
            rule,
            words,
            after,
        })
    }
}

fn target(from: &Url, response: &Response) -> Option<Url> {
    from.join(response.header("location")?).ok()
}

/// Where to send the file again. A token goes to the origin it was given for and nowhere else.
fn same_origin_target(from: &Url, response: &Response) -> Result<Url, UploadFailure> {
    let status = response.status();
    let Some(url) = target(from, response) else {
        return Err(UploadFailure::Redirected { status, to: None });
    };
    let to = Origin::of(&url).map_err(refused_address)?;
    if to == *response.origin() {
        Ok(url)
    } else {
        Err(UploadFailure::Redirected {
            status,
            to: Some(to),
        })
    }
}

fn refused_address(error: AddressError) -> UploadFailure {
    UploadFailure::Http(HttpError::from(error))
}

#[cfg(test)]
pub(crate) mod tests;
