//! The files themselves: whole or in part, and the METADATA beside each wheel.
//!
//! Spec: RFC 9110 section 14 (one byte range a request, which is what installers send) and PEP 658. Content never
//! changes under an address, so answers may be cached for ever.

use std::io::{self, Seek as _};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, StatusCode};
use jiff::Timestamp;
use pubflow_spec::{Blake2b256, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::task;

use crate::answer::{Answer, Body, Notice, full, header_text, set, set_text};
use crate::caching::names_tag;
use crate::index::{Index, disk_refused};
use crate::simple::AsOf;

/// How much of a file is in memory at a time, in bytes.
const CHUNK: u64 = 256 << 10;

/// Answers `/files/ab/cd/ef…/NAME` and the same with `.metadata` at its end.
///
/// # Errors
/// 404 for everything that is not listed now, 507 when the disk does not give the file.
pub(crate) async fn answer(
    index: &Arc<Index>,
    segments: &[&str],
    request: &Request<()>,
) -> Result<Answer, Notice> {
    let as_of = request.extensions().get::<AsOf>().map(|as_of| as_of.0);
    let sha256 =
        find(index, segments, as_of)?.ok_or_else(|| Notice::plain(StatusCode::NOT_FOUND))?;
    let tag = format!("\"{sha256}\"");
    if names_tag(request.headers(), &tag) {
        let mut answer = Answer::new(full(""));
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        set_text(&mut answer, header::ETAG, &tag);
        return Ok(answer);
    }
    let blobs = index.blobs.clone();
    let (file, size) = task::spawn_blocking(move || blobs.open_blob(&sha256))
        .await
        .expect("opening a file does not panic and is not cancelled")
        .map_err(disk_refused)?;
    let part = Part::asked(request.headers(), &tag, size);
    let mut answer = Answer::new(full(""));
    set(
        &mut answer,
        header::CONTENT_TYPE,
        "application/octet-stream",
    );
    set(&mut answer, header::ACCEPT_RANGES, "bytes");
    set(
        &mut answer,
        header::CACHE_CONTROL,
        "max-age=31536000, immutable, public",
    );
    set_text(&mut answer, header::ETAG, &tag);
    let (start, length) = match part {
        Part::Whole => (0, size),
        Part::Range { start, length } => {
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = format!("bytes {start}-{}/{size}", start + length - 1);
            set_text(&mut answer, header::CONTENT_RANGE, &range);
            (start, length)
        }
        Part::Outside => {
            *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set_text(
                &mut answer,
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
            return Ok(answer);
        }
    };
    set_text(&mut answer, header::CONTENT_LENGTH, &length.to_string());
    if request.method() != Method::HEAD {
        *answer.body_mut() = stream_part(file, start, length).map_err(disk_refused)?;
    }
    Ok(answer)
}

/// The digest of the bytes at an address that is listed now.
fn find(index: &Index, segments: &[&str], as_of: Option<Timestamp>) -> io::Result<Option<Sha256>> {
    let [first, second, rest, name] = segments else {
        return Ok(None);
    };
    let Ok(blake2b_256) = Blake2b256::parse(&format!("{first}{second}{rest}")) else {
        return Ok(None);
    };
    let file = index.catalog().file_with_bytes(&blake2b_256)?;
    Ok(file
        .filter(|file| as_of.is_none_or(|as_of| file.uploaded <= as_of))
        .and_then(|file| {
            if file.filename == *name {
                return Some(file.sha256);
            }
            let wheel = name.strip_suffix(".metadata")?;
            file.metadata_sha256.filter(|_| file.filename == wheel)
        }))
}

/// Which bytes a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Range { start: u64, length: u64 },
    Outside,
}

impl Part {
    fn asked(headers: &HeaderMap, tag: &str, size: u64) -> Self {
        // A range of an older representation would be glued to bytes that do not fit.
        if header_text(headers, header::IF_RANGE).is_some_and(|given| given.trim() != tag) {
            return Self::Whole;
        }
        header_text(headers, header::RANGE).map_or(Self::Whole, |range| Self::parse(range, size))
    }

    /// What cannot be read, and several ranges at once, is answered with the whole file, as the specification allows.
    fn parse(range: &str, size: u64) -> Self {
        let Some((first, last)) = range
            .trim()
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
        else {
            return Self::Whole;
        };
        match (first.trim().parse::<u64>(), last.trim()) {
            (Ok(first), _) if first >= size => Self::Outside,
            (Ok(first), "") => Self::Range {
                start: first,
                length: size - first,
            },
            (Ok(first), last) => match last.parse::<u64>() {
                Ok(last) if last >= first => Self::Range {
                    start: first,
                    length: last.min(size - 1) - first + 1,
                },
                _ => Self::Whole,
            },
            (Err(_), last) if first.trim().is_empty() => match last.parse::<u64>() {
                Ok(0) => Self::Outside,
                Ok(_) if size == 0 => Self::Outside,
                Ok(n_bytes) => Self::Range {
                    start: size - n_bytes.min(size),
                    length: n_bytes.min(size),
                },
                Err(_) => Self::Whole,
            },
            (Err(_), _) => Self::Whole,
        }
    }
}

/// Reads the part as the client takes it, one chunk in memory at a time.
fn stream_part(mut file: std::fs::File, start: u64, length: u64) -> io::Result<Body> {
    file.seek(io::SeekFrom::Start(start))?;
    let chunks = stream::try_unfold((tokio::fs::File::from_std(file), length), next_chunk);
    Ok(StreamBody::new(chunks).boxed_unsync())
}

async fn next_chunk(
    (mut file, left): (tokio::fs::File, u64),
) -> io::Result<Option<(Frame<Bytes>, (tokio::fs::File, u64))>> {
    let wanted = usize::try_from(left.min(CHUNK)).unwrap_or(usize::MAX);
    if wanted == 0 {
        return Ok(None);
    }
    let mut chunk = vec![0; wanted];
    file.read_exact(&mut chunk).await?;
    let left = left - wanted as u64;
    Ok(Some((Frame::data(chunk.into()), (file, left))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, expected: Part) {
        assert_eq!(Part::parse(range, 100), expected, "{range}");
    }

    #[test]
    fn one_range_is_cut_to_the_file() {
        check(
            "bytes=0-99",
            Part::Range {
                start: 0,
                length: 100,
            },
        );
        check(
            "bytes=10-19",
            Part::Range {
                start: 10,
                length: 10,
            },
        );
        check(
            "bytes=90-",
            Part::Range {
                start: 90,
                length: 10,
            },
        );
        check(
            "bytes=90-500",
            Part::Range {
                start: 90,
                length: 10,
            },
        );
        check(
            "bytes=-64",
            Part::Range {
                start: 36,
                length: 64,
            },
        );
        check(
            "bytes=-500",
            Part::Range {
                start: 0,
                length: 100,
            },
        );
    }

    #[test]
    fn ranges_outside_and_ranges_that_are_none() {
        check("bytes=100-", Part::Outside);
        check("bytes=-0", Part::Outside);
        assert_eq!(Part::parse("bytes=-5", 0), Part::Outside);
        for range in [
            "bytes=5-4",
            "bytes=a-b",
            "bytes=-",
            "lines=0-1",
            "bytes=0-1,5-6",
            "bytes=--5",
            "",
        ] {
            check(range, Part::Whole);
        }
    }

    #[test]
    fn a_range_of_another_representation_gets_the_whole_file() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-9".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"old\"".parse().unwrap());
        assert_eq!(Part::asked(&headers, "\"new\"", 100), Part::Whole);
        assert_eq!(
            Part::asked(&headers, "\"old\"", 100),
            Part::Range {
                start: 0,
                length: 10
            }
        );
    }
}
