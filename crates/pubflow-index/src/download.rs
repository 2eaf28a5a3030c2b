//! Fetches a listed file and compares it with the listed size, and with the SHA-256 that is listed or
//! known from elsewhere.
//!
//! Files may be served by another host than the listing, and be redirected: no credential goes with
//! the request, and the digest decides what was received.

use std::io;
use std::path::{Path, PathBuf};

use pubflow_http::{HttpError, Origin, Redactor, Request, Response, is_loopback};
use pubflow_spec::{DigestHasher, DigestSet, Digests, Sha256};
use sha2::Digest as _;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use crate::words::ServerWords;
use crate::{Index, IndexFile};

/// Where no size is listed; twice the largest file that PyPI takes after raising its limit.
const UNLISTED_BYTES: u64 = 2 << 30;
const REDIRECTS: u8 = 5;

/// A file that was fetched and is what was expected.
#[derive(Debug, Clone)]
pub struct Downloaded {
    /// In bytes.
    pub size: u64,
    /// Of its content, and what was expected.
    pub sha256: Sha256,
    /// All digests of its content.
    pub digests: Digests,
}

/// Why a file was not fetched. Nothing is left at the destination then.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No answer, or a broken one.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Another answer than the file.
    #[error("`{filename}` could not be fetched from `{origin}`: status {status} {words}")]
    Status {
        /// The file.
        filename: String,
        /// Who answered.
        origin: Origin,
        /// Of the answer.
        status: u16,
        /// The server's own words.
        words: ServerWords,
    },
    /// The file's address leads round in a circle, or from outside to this machine.
    #[error("`{filename}` is redirected to where it is not followed")]
    Redirected {
        /// The file.
        filename: String,
    },
    /// Another size than listed.
    #[error("`{filename}` has {found} bytes, {listed} are listed")]
    Size {
        /// The file.
        filename: String,
        /// What was received, as far as it was read.
        found: u64,
        /// What the index lists.
        listed: u64,
    },
    /// Other content than expected.
    #[error("`{filename}` has SHA-256 {found}, {expected} was expected")]
    Digest {
        /// The file.
        filename: String,
        /// What was received.
        found: Sha256,
        /// What the index lists, or what the caller knows.
        expected: Sha256,
    },
    /// The index lists no SHA-256 to compare with.
    #[error("the index lists no SHA-256 of `{filename}`")]
    NoDigest {
        /// The file.
        filename: String,
    },
    /// The destination cannot be written.
    #[error("`{}` cannot be written", path.display())]
    Destination {
        /// The destination.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Index {
    /// Fetches a listed file to `dest`, which holds it whole and as listed, or is not touched.
    ///
    /// # Errors
    /// [`DownloadError`]; [`DownloadError::NoDigest`] where no SHA-256 is listed.
    pub async fn download(
        &self,
        file: &IndexFile,
        dest: &Path,
    ) -> Result<Downloaded, DownloadError> {
        let listed = file.sha256.ok_or_else(|| DownloadError::NoDigest {
            filename: file.filename.clone(),
        })?;
        self.download_expecting(file, listed, dest).await
    }

    /// The same for a file whose SHA-256 is known: what is listed of it is not needed then.
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn download_expecting(
        &self,
        file: &IndexFile,
        expected: Sha256,
        dest: &Path,
    ) -> Result<Downloaded, DownloadError> {
        let mut name = dest.as_os_str().to_owned();
        name.push(".part");
        let part = Part {
            path: PathBuf::from(name),
        };
        let (size, digests) = self.download_to(file, &part.path).await?;
        if let Some(found) = digests.sha256.filter(|found| *found != expected) {
            return Err(DownloadError::Digest {
                filename: file.filename.clone(),
                found,
                expected,
            });
        }
        fs::rename(&part.path, dest)
            .await
            .map_err(|source| unwritable(dest, source))?;
        Ok(Downloaded {
            size,
            sha256: expected,
            digests,
        })
    }

    async fn download_to(
        &self,
        file: &IndexFile,
        part: &Path,
    ) -> Result<(u64, Digests), DownloadError> {
        let mut response = self.open_remote(file).await?;
        let mut output = File::create(part)
            .await
            .map_err(|source| unwritable(part, source))?;
        let mut hasher = DigestHasher::new(DigestSet::ALL);
        let mut meter = Meter::of(file);
        while let Some(chunk) = response.chunk().await? {
            meter.add(chunk.len())?;
            hasher.update(&chunk);
            output
                .write_all(&chunk)
                .await
                .map_err(|source| unwritable(part, source))?;
        }
        let size = meter.finish()?;
        output
            .sync_all()
            .await
            .map_err(|source| unwritable(part, source))?;
        Ok((size, hasher.finish()))
    }

    /// The SHA-256 of a file whose listing holds none.
    pub(crate) async fn hash_remote(&self, file: &IndexFile) -> Result<Sha256, DownloadError> {
        let mut response = self.open_remote(file).await?;
        let mut hasher = sha2::Sha256::new();
        let mut meter = Meter::of(file);
        while let Some(chunk) = response.chunk().await? {
            meter.add(chunk.len())?;
            hasher.update(&chunk);
        }
        meter.finish()?;
        Ok(Sha256::from_bytes(hasher.finalize().into()))
    }

    async fn open_remote(&self, file: &IndexFile) -> Result<Response, DownloadError> {
        let mut url = file.url.clone();
        let on_this_machine = is_loopback(&self.address.simple);
        for _ in 0..=REDIRECTS {
            // A listing from outside must not make this machine call its own services.
            if is_loopback(&url) && !on_this_machine {
                break;
            }
            let response = self.http.send(Request::get(url.clone())).await?;
            match response.status() {
                200 => return Ok(response),
                301 | 302 | 303 | 307 | 308 => match target(&url, &response) {
                    Some(target) => url = target,
                    None => break,
                },
                status => {
                    return Err(DownloadError::Status {
                        filename: file.filename.clone(),
                        origin: response.origin().clone(),
                        status,
                        words: ServerWords::of(response, &Redactor::new()).await,
                    });
                }
            }
        }
        Err(DownloadError::Redirected {
            filename: file.filename.clone(),
        })
    }
}

fn target(from: &Url, response: &Response) -> Option<Url> {
    from.join(response.header("location")?).ok()
}

fn unwritable(path: &Path, source: io::Error) -> DownloadError {
    DownloadError::Destination {
        path: path.to_owned(),
        source,
    }
}

/// Counts what is received against what is listed.
struct Meter<'a> {
    file: &'a IndexFile,
    received: u64,
}

impl<'a> Meter<'a> {
    fn of(file: &'a IndexFile) -> Self {
        Self { file, received: 0 }
    }

    fn add(&mut self, n_bytes: usize) -> Result<(), DownloadError> {
        self.received += n_bytes as u64;
        let limit = self.file.size.unwrap_or(UNLISTED_BYTES);
        if self.received > limit {
            return Err(self.wrong(limit));
        }
        Ok(())
    }

    fn finish(&self) -> Result<u64, DownloadError> {
        match self.file.size {
            Some(listed) if listed != self.received => Err(self.wrong(listed)),
            _ => Ok(self.received),
        }
    }

    fn wrong(&self, listed: u64) -> DownloadError {
        DownloadError::Size {
            filename: self.file.filename.clone(),
            found: self.received,
            listed,
        }
    }
}

/// The file while it is not whole; goes away with an error.
struct Part {
    path: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the renaming there is nothing left to remove, and a leftover harms nobody.
        let _ = std::fs::remove_file(&self.path);
    }
}
