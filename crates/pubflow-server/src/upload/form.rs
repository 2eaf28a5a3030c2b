//! Reads the form of an upload: text fields into memory within a limit, the file to disk.
//!
//! Spec: RFC 7578.

use crate::connection::RequestBody;
use bytes::Bytes;
use http_body_util::{BodyDataStream, BodyExt as _, Limited};
use hyper::header;
use hyper::{Request, StatusCode};
use multer::{Field, Multipart};
use pubflow_metadata::upload_rule;

use super::receive::{Received, Receiver};
use crate::Limits;
use crate::answer::{Notice, header_text};
use crate::index::disk_refused;
use crate::route::pairs;
use crate::store::Blobs;

/// The largest form without a file, in bytes.
const URL_ENCODED_LIMIT: usize = 1 << 20;

/// More parts than any release has: each classifier, dependency and address is one.
const MOST_FIELDS: usize = 5_000;

/// A form that was read to its end.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    content: Option<Content>,
    /// The names of the parts that came as files.
    file_parts: Vec<String>,
}

/// The `content` part.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) filename: String,
    pub(super) content_type: Option<String>,
    /// In bytes.
    pub(super) size: u64,
    /// The file, unless it is too large or nobody may upload it.
    pub(super) received: Option<Received>,
}

impl Form {
    /// Reads the whole body. Without a place for files the file is read and thrown away.
    ///
    /// # Errors
    /// R003 for what is no form, 413 for texts beyond the limit, 507 when the disk refuses.
    pub(super) async fn read(
        request: Request<RequestBody>,
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
            form.fields.extend(pairs(text));
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
            if is_file {
                form.file_parts.push(name.clone());
            }
            if is_file && name == "content" {
                form.content = Some(Content::read(part, blobs, limits).await?);
                continue;
            }
            if form.fields.len() + form.file_parts.len() > MOST_FIELDS {
                return Err(Notice::plain(StatusCode::PAYLOAD_TOO_LARGE));
            }
            let text = read_text(part, &mut text_left).await?;
            if !is_file {
                let text = String::from_utf8(text).map_err(|_| no_form())?;
                form.fields.push((name, text));
            }
        }
        Ok(form)
    }

    /// The text fields as PyPI's rules see them.
    pub(super) fn cleaned(&self) -> upload_rule::Form<'_> {
        upload_rule::Form::clean(&self.fields)
    }

    /// The names of the parts that came as files.
    pub(super) fn file_parts(&self) -> Vec<&str> {
        self.file_parts.iter().map(String::as_str).collect()
    }

    /// The first value of a field.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The file, once.
    pub(super) fn take_content(&mut self) -> Option<Content> {
        self.content.take()
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
        while let Some(chunk) = next_chunk(&mut part).await? {
            size += chunk.len() as u64;
            if size > limits.file_bytes {
                // The bytes written so far go away with the receiver.
                receiver = None;
            }
            if size > limits.file_bytes.saturating_add(limits.drain_bytes) {
                return Err(Notice::plain(StatusCode::PAYLOAD_TOO_LARGE));
            }
            if let Some(receiver) = &mut receiver {
                receiver.push(&chunk).await.map_err(disk_refused)?;
            }
        }
        let received = match receiver {
            Some(receiver) => Some(receiver.finish().await.map_err(disk_refused)?),
            None => None,
        };
        Ok(Self {
            filename,
            content_type,
            size,
            received,
        })
    }
}

/// R003.
fn no_form() -> Notice {
    Notice::refusal(StatusCode::BAD_REQUEST, "Invalid Form Data.")
}

/// One text part, within what is left of the limit for all of them.
async fn read_text(mut part: Field<'_>, left: &mut u64) -> Result<Vec<u8>, Notice> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&mut part).await? {
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| Notice::plain(StatusCode::PAYLOAD_TOO_LARGE))?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn next_chunk(part: &mut Field<'_>) -> Result<Option<Bytes>, Notice> {
    part.chunk().await.map_err(|_| no_form())
}
