//! Reads the form of an upload: text fields into memory within a limit, the file to disk.
//!
//! Spec: RFC 7578. Text is cleaned as PyPI does it: a value `UNKNOWN` is dropped (R011) and a NUL is written out
//! (R012).

use bytes::Bytes;
use http_body_util::{BodyDataStream, BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header;
use hyper::{Request, StatusCode};
use multer::{Field, Multipart};
use pubflow_spec::ProjectName;

use super::receive::{Received, Receiver};
use super::words::quoted;
use crate::Limits;
use crate::answer::{Notice, header_text};
use crate::index::{Index, disk_refused};
use crate::route::pairs;
use crate::store::Blobs;

/// The largest form without a file, in bytes.
const URL_ENCODED_LIMIT: usize = 1 << 20;

/// Fields that may be sent as a file.
const FILE_FIELDS: [&str; 2] = ["content", "gpg_signature"];

/// Fields that describe the request or the file rather than the project.
const REQUEST_FIELDS: [&str; 10] = [
    ":action",
    "protocol_version",
    "filetype",
    "pyversion",
    "md5_digest",
    "sha256_digest",
    "blake2_256_digest",
    "comment",
    "attestations",
    "content",
];

/// A form that was read to its end.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    content: Option<Content>,
    /// A text field that was sent as a file.
    misplaced: Option<String>,
}

/// The `content` part.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) filename: String,
    content_type: Option<String>,
    body: ContentBody,
}

#[derive(Debug)]
enum ContentBody {
    Received(Box<Received>),
    TooLarge,
    /// Read and thrown away, because the client may not upload.
    Discarded,
}

impl Form {
    /// Reads the whole body. Without a place for files the file is read and thrown away.
    ///
    /// # Errors
    /// R003 for what is no form, 413 for texts beyond the limit, 507 when the disk refuses.
    pub(super) async fn read(
        request: Request<Incoming>,
        blobs: Option<&Blobs>,
        limits: &Limits,
    ) -> Result<Self, Notice> {
        let content_type = header_text(request.headers(), header::CONTENT_TYPE)
            .unwrap_or_default()
            .to_owned();
        if let Ok(boundary) = multer::parse_boundary(&content_type) {
            let parts = Multipart::new(BodyDataStream::new(request.into_body()), boundary);
            return Self::read_parts(parts, blobs, limits).await;
        }
        let body = Limited::new(request.into_body(), URL_ENCODED_LIMIT)
            .collect()
            .await
            .map_err(|_| Notice::plain(StatusCode::PAYLOAD_TOO_LARGE))?
            .to_bytes();
        let mut form = Self::default();
        if content_type
            .to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
        {
            let text = std::str::from_utf8(&body).map_err(|_| no_form())?;
            for (name, value) in pairs(text) {
                form.add(name, &value);
            }
        }
        Ok(form)
    }

    async fn read_parts(
        mut parts: Multipart<'_>,
        blobs: Option<&Blobs>,
        limits: &Limits,
    ) -> Result<Self, Notice> {
        let mut form = Self::default();
        let mut text_left = limits.form_bytes;
        while let Some(part) = parts.next_field().await.map_err(|_| no_form())? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            if is_file && name == "content" {
                form.content = Some(Content::read(part, blobs, limits).await?);
                continue;
            }
            let text = read_text(part, &mut text_left).await?;
            if !is_file {
                form.add(name, &text);
            } else if !FILE_FIELDS.contains(&name.as_str()) {
                form.misplaced.get_or_insert(name);
            }
        }
        Ok(form)
    }

    /// Cleans a value and keeps it.
    fn add(&mut self, name: String, value: &str) {
        if value.trim() != "UNKNOWN" {
            self.fields.push((name, value.replace('\0', "\\x00")));
        }
    }

    /// The first value of a field.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The fields that describe the project, in order.
    pub(super) fn metadata_fields(&self) -> Vec<(String, String)> {
        self.fields
            .iter()
            .filter(|(name, value)| !REQUEST_FIELDS.contains(&name.as_str()) && !value.is_empty())
            .cloned()
            .collect()
    }

    /// R013.
    pub(super) fn check_parts(&self) -> Result<(), Notice> {
        match &self.misplaced {
            Some(name) => Err(Notice::refusal(
                StatusCode::BAD_REQUEST,
                format!("{name}: Should not be a tuple."),
            )),
            None => Ok(()),
        }
    }

    /// R054.
    pub(super) fn take_content(&mut self) -> Result<Content, Notice> {
        self.content.take().ok_or_else(|| {
            Notice::refusal(
                StatusCode::BAD_REQUEST,
                "Upload payload does not have a file.",
            )
        })
    }
}

impl Content {
    async fn read(
        mut part: Field<'_>,
        blobs: Option<&Blobs>,
        limits: &Limits,
    ) -> Result<Self, Notice> {
        let filename = part.file_name().unwrap_or_default().to_owned();
        let content_type = part.content_type().map(ToString::to_string);
        let mut receiver = blobs.map(Receiver::new).transpose().map_err(disk_refused)?;
        let mut size: u64 = 0;
        let mut too_large = false;
        while let Some(chunk) = part.chunk().await.map_err(|_| no_form())? {
            size += chunk.len() as u64;
            if size > limits.file_bytes {
                // The bytes written so far go away with the receiver.
                receiver = None;
                too_large = true;
            }
            if size > limits.file_bytes.saturating_add(limits.drain_bytes) {
                return Err(Notice::plain(StatusCode::PAYLOAD_TOO_LARGE));
            }
            if let Some(receiver) = &mut receiver {
                receiver.push(&chunk).await.map_err(disk_refused)?;
            }
        }
        let body = match receiver {
            Some(receiver) => {
                ContentBody::Received(Box::new(receiver.finish().await.map_err(disk_refused)?))
            }
            None if too_large => ContentBody::TooLarge,
            None => ContentBody::Discarded,
        };
        Ok(Self {
            filename,
            content_type,
            body,
        })
    }

    /// R083.
    pub(super) fn check_type(&self) -> Result<(), Notice> {
        match &self.content_type {
            Some(kind) if kind.starts_with("image/") => Err(Notice::refusal(
                StatusCode::BAD_REQUEST,
                "Invalid distribution file.",
            )),
            _ => Ok(()),
        }
    }

    /// R084, else the file.
    pub(super) fn received(self, index: &Index, project: &ProjectName) -> Result<Received, Notice> {
        match self.body {
            ContentBody::Received(received) => Ok(*received),
            ContentBody::TooLarge => Err(Notice::refusal(
                StatusCode::BAD_REQUEST,
                format!(
                    "File too large. Limit for project {} is {} MB. See {} for more information.",
                    quoted(project.as_str()),
                    index.limits.file_bytes >> 20,
                    index.help("file-size-limit"),
                ),
            )),
            // Only requests without a credential are discarded, and those end before this.
            ContentBody::Discarded => Err(crate::credential::invalid(&index.origin)),
        }
    }
}

/// R003.
fn no_form() -> Notice {
    Notice::refusal(StatusCode::BAD_REQUEST, "Invalid Form Data.")
}

/// One text part, within what is left of the limit for all of them.
async fn read_text(mut part: Field<'_>, left: &mut u64) -> Result<String, Notice> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&mut part).await? {
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| Notice::plain(StatusCode::PAYLOAD_TOO_LARGE))?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| no_form())
}

async fn next_chunk(part: &mut Field<'_>) -> Result<Option<Bytes>, Notice> {
    part.chunk().await.map_err(|_| no_form())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cleaned() {
        let mut form = Form::default();
        form.add("summary".into(), " UNKNOWN ");
        form.add("author".into(), "a\0b");
        form.add("keywords".into(), "UNKNOWN,x");
        assert_eq!(form.first("summary"), None);
        assert_eq!(form.first("author"), Some("a\\x00b"));
        assert_eq!(form.first("keywords"), Some("UNKNOWN,x"));
    }

    #[test]
    fn only_metadata_is_kept_for_the_release() {
        let mut form = Form::default();
        for (name, value) in [
            (":action", "file_upload"),
            ("name", "demo"),
            ("md5_digest", "x"),
            ("summary", ""),
        ] {
            form.add(name.into(), value);
        }
        assert_eq!(
            form.metadata_fields(),
            [("name".to_owned(), "demo".to_owned())]
        );
    }
}
