//! What is really there: the listing that installers read, never an answer to an upload.

use std::sync::Arc;
use std::time::Duration;

use pubflow_http::{AddressError, HttpError, Origin, Redactor, Request, Response};
use pubflow_spec::{ProjectName, Sha256};
use url::Url;

use crate::index::CachedPage;
use crate::simple::{ACCEPT, PageError};
use crate::words::ServerWords;
use crate::{DownloadError, Index, ProjectPage, Retry, Yank};

/// A listing longer than this is not read. The longest of PyPI is a tenth of it.
const PAGE_BYTES: u64 = 128 * 1024 * 1024;
const REDIRECTS: u8 = 5;

/// What the index lists under a file's name.
#[derive(Debug)]
pub enum FileState {
    /// No such file.
    Absent,
    /// A file of this name.
    Present {
        /// Of its content; worked out from the file itself where the index lists none.
        sha256: Sha256,
        /// In bytes, where it is listed.
        size: Option<u64>,
        /// Whether installers pass it over.
        yanked: Option<Yank>,
    },
    /// The index could not be asked.
    Unknown(ObserveError),
}

/// Why a listing could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// An answer that is no listing.
    #[error("the listing at `{origin}` answered status {status}{}", quoted(words))]
    Status {
        /// Who answered.
        origin: Origin,
        /// Of the answer.
        status: u16,
        /// The server's own words.
        words: ServerWords,
        /// How long the server asked to wait.
        after: Option<Duration>,
    },
    /// A listing that cannot be read.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The index lists no digest, and the file itself could not be read either.
    #[error("the listing holds no SHA-256, and the file could not be read instead")]
    NoDigest(#[source] Box<DownloadError>),
    /// The address redirects in a circle.
    #[error("the listing at `{origin}` redirects too often")]
    Redirects {
        /// Who answered.
        origin: Origin,
    },
}

impl ObserveError {
    /// What may be done next. Reading changes nothing, so nothing is ambiguous.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Http(error) if error.moment().is_none() => Retry::Permanent,
            Self::Http(_) | Self::NoDigest(_) => Retry::Transient { after: None },
            Self::Status { status, after, .. } => match status {
                401 | 403 | 407 => Retry::Unauthorised,
                408 | 425 | 429 | 500.. => Retry::Transient { after: *after },
                _ => Retry::Permanent,
            },
            Self::Page(_) | Self::Redirects { .. } => Retry::Permanent,
        }
    }
}

impl From<AddressError> for ObserveError {
    fn from(error: AddressError) -> Self {
        Self::Http(error.into())
    }
}

impl Index {
    /// The project as the index lists it for installers; none where it does not know the project.
    ///
    /// A redirect to another origin means that the index does not know it: some servers send
    /// clients on to a public index then, and what is listed there is somebody else's.
    ///
    /// # Errors
    /// [`ObserveError`]; nothing follows from it about what is there.
    pub async fn project(
        &self,
        project: &ProjectName,
    ) -> Result<Option<Arc<ProjectPage>>, ObserveError> {
        let cached = self.pages().get(project.normalized()).cloned();
        let mut url = self.address.project_page(project);
        for _ in 0..=REDIRECTS {
            let mut request = Request::get(url.clone())
                .header("accept", ACCEPT)
                .header("cache-control", "max-age=0");
            if let Some(cached) = &cached {
                request = request.header("if-none-match", cached.etag.clone());
            }
            let response = self.http.send(request).await?;
            match (response.status(), &cached) {
                (200, _) => return self.read_page(response, &url, project).await.map(Some),
                (304, Some(cached)) => return Ok(Some(Arc::clone(&cached.page))),
                (404 | 410, _) => {
                    self.pages().remove(project.normalized());
                    return Ok(None);
                }
                (301 | 302 | 303 | 307 | 308, _) => match redirected(&url, &response) {
                    Some(target) => url = target,
                    None => return Ok(None),
                },
                _ => return Err(refusal(response).await),
            }
        }
        Err(ObserveError::Redirects {
            origin: Origin::of(&url)?,
        })
    }

    /// What the index lists under a file's name.
    pub async fn observe(&self, project: &ProjectName, filename: &str) -> FileState {
        self.observe_file(project, filename)
            .await
            .unwrap_or_else(FileState::Unknown)
    }

    async fn observe_file(
        &self,
        project: &ProjectName,
        filename: &str,
    ) -> Result<FileState, ObserveError> {
        let page = self.project(project).await?;
        self.file_in(page.as_deref(), filename).await
    }

    /// What a listing that was read says of a file; the file itself is read where no digest is listed.
    ///
    /// # Errors
    /// [`ObserveError::NoDigest`].
    pub async fn file_in(
        &self,
        page: Option<&ProjectPage>,
        filename: &str,
    ) -> Result<FileState, ObserveError> {
        let Some(file) = page.and_then(|page| page.find(filename)) else {
            return Ok(FileState::Absent);
        };
        let sha256 = match file.sha256 {
            Some(sha256) => sha256,
            None => self
                .hash_remote(file)
                .await
                .map_err(|error| ObserveError::NoDigest(Box::new(error)))?,
        };
        Ok(FileState::Present {
            sha256,
            size: file.size,
            yanked: file.yanked.clone(),
        })
    }

    async fn read_page(
        &self,
        response: Response,
        url: &Url,
        project: &ProjectName,
    ) -> Result<Arc<ProjectPage>, ObserveError> {
        let content_type = response
            .header("content-type")
            .unwrap_or_default()
            .to_owned();
        let etag = response.header("etag").map(str::to_owned);
        let body = response.read(PAGE_BYTES).await?;
        let page = Arc::new(ProjectPage::parse(&content_type, &body, url)?);
        let mut pages = self.pages();
        match etag {
            Some(etag) => {
                let page = Arc::clone(&page);
                pages.insert(project.normalized().to_owned(), CachedPage { etag, page });
            }
            None => {
                pages.remove(project.normalized());
            }
        }
        drop(pages);
        Ok(page)
    }
}

/// Where a redirect leads; none when it leaves the origin or leads nowhere.
fn redirected(from: &Url, response: &Response) -> Option<Url> {
    let url = from.join(response.header("location")?).ok()?;
    let to = Origin::of(&url).ok()?;
    (to == *response.origin()).then_some(url)
}

async fn refusal(response: Response) -> ObserveError {
    let origin = response.origin().clone();
    let status = response.status();
    let after = crate::retry_after::asked_to_wait(&response);
    ObserveError::Status {
        origin,
        status,
        after,
        words: ServerWords::of(response, &Redactor::new()).await,
    }
}

fn quoted(words: &ServerWords) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}

#[cfg(test)]
mod tests;
