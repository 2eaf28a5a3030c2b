//! The legacy upload form as a stream of known length.
//!
//! A body of our own, because it must announce its length (some servers read no chunked body), hold
//! no more than one piece of the file in memory, and never be complete when the file is not the one
//! that was checked: the end of the form is sent only after the SHA-256 of what went out agreed.
//!
//! Spec: RFC 7578; the fields as the index software reads them.

use std::io;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use pubflow_http::Body;
use pubflow_spec::{DistributionFilename, Sha256};
use sha2::Digest as _;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, Take};

use super::{Changed, Progress, UploadFailure, UploadFile};

/// Read from the file at once: large enough to be cheap, small enough not to matter.
const PIECE_BYTES: usize = 128 * 1024;

/// Set when the file turned out to be another one while it was sent.
pub(super) type ChangedCell = Arc<OnceLock<Changed>>;

/// The parts of the form around the file.
pub(super) struct Form<'a> {
    file: &'a UploadFile,
    boundary: String,
    head: Bytes,
    tail: Bytes,
}

impl<'a> Form<'a> {
    pub(super) fn of(file: &'a UploadFile) -> Self {
        // No file can hold a text that is made from its own digest, nor can its metadata.
        let digest = Sha256::of(format!("boundary {}", file.sha256).as_bytes());
        let boundary = format!("pubflow-{:.32}", digest.to_string());
        let mut head = String::new();
        for (name, value) in fields(file) {
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            quoted(file.filename.as_str())
        ));
        Self {
            file,
            head: head.into(),
            tail: format!("\r\n--{boundary}--\r\n").into(),
            boundary,
        }
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// A body that can be sent once.
    pub(super) async fn body(
        &self,
        progress: &Progress,
    ) -> Result<(Body, ChangedCell), UploadFailure> {
        let unreadable = |source| UploadFailure::File {
            path: self.file.path.clone(),
            source,
        };
        let expected = self.file.size;
        let file = File::open(&self.file.path).await.map_err(unreadable)?;
        let found = file.metadata().await.map_err(unreadable)?.len();
        if found != expected {
            return Err(UploadFailure::Changed {
                path: self.file.path.clone(),
                changed: Changed::Size { found, expected },
            });
        }
        let changed = ChangedCell::default();
        let content = Content {
            file: file.take(expected),
            hasher: sha2::Sha256::new(),
            sent: 0,
            size: expected,
            sha256: self.file.sha256,
            progress: progress.clone(),
            changed: Arc::clone(&changed),
        };
        let whole = stream::once(std::future::ready(Ok(self.head.clone())))
            .chain(content.pieces())
            .chain(stream::once(std::future::ready(Ok(self.tail.clone()))));
        let length = self.head.len() as u64 + expected + self.tail.len() as u64;
        let chunks = Box::pin(whole);
        Ok((Body::Stream { length, chunks }, changed))
    }
}

/// The file on its way.
struct Content {
    file: Take<File>,
    hasher: sha2::Sha256,
    sent: u64,
    size: u64,
    sha256: Sha256,
    progress: Progress,
    changed: ChangedCell,
}

impl Content {
    fn pieces(self) -> BoxStream<'static, io::Result<Bytes>> {
        stream::try_unfold(self, |mut content| async move {
            let piece = content.next().await?;
            Ok(piece.map(|piece| (piece, content)))
        })
        .boxed()
    }

    /// The next piece; none after the last, and an error instead when the whole was another file.
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        if self.file.read_buf(&mut piece).await? == 0 {
            return self.finish().map(|()| None);
        }
        self.hasher.update(&piece);
        self.sent += piece.len() as u64;
        self.progress.tell(self.sent, self.size);
        Ok(Some(piece.freeze()))
    }

    fn finish(&mut self) -> io::Result<()> {
        let found = Sha256::from_bytes(std::mem::take(&mut self.hasher).finalize().into());
        let changed = if self.sent != self.size {
            Changed::Size {
                found: self.sent,
                expected: self.size,
            }
        } else if found != self.sha256 {
            Changed::Content {
                found,
                expected: self.sha256,
            }
        } else {
            return Ok(());
        };
        // Set once: there is one stream for each cell.
        let _ = self.changed.set(changed);
        Err(io::Error::other(changed))
    }
}

/// Every text field, in the order in which the index reports problems with them.
fn fields(file: &UploadFile) -> Vec<(&str, String)> {
    let (filetype, pyversion) = match &file.filename {
        DistributionFilename::Wheel(_) => ("bdist_wheel", python_tags(file.filename.as_str())),
        DistributionFilename::Sdist(_) => ("sdist", "source".to_owned()),
    };
    let mut fields = vec![
        (":action", "file_upload".to_owned()),
        ("protocol_version", "1".to_owned()),
        ("filetype", filetype.to_owned()),
        ("pyversion", pyversion),
        ("sha256_digest", file.sha256.to_string()),
    ];
    if let Some(md5) = &file.md5 {
        fields.push(("md5_digest", md5.to_string()));
    }
    if let Some(blake2b_256) = &file.blake2b_256 {
        fields.push(("blake2_256_digest", blake2b_256.to_string()));
    }
    if let Some(attestations) = &file.attestations {
        fields.push(("attestations", attestations.clone()));
    }
    fields.extend(
        file.fields
            .iter()
            .map(|(name, value)| (*name, value.clone())),
    );
    fields
}

/// The compressed set of Python tags as it stands in the file name.
fn python_tags(filename: &str) -> String {
    let stem = filename.strip_suffix(".whl").unwrap_or(filename);
    stem.rsplit('-').nth(2).unwrap_or_default().to_owned()
}

/// A file name inside quotation marks, as browsers write it.
fn quoted(filename: &str) -> String {
    filename
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
