//! File names of distributions in JSON.

use pubflow_spec::{BuildTag, SdistFilename, WheelFilename, pypi_takes_platform};
use serde::Serialize;

use super::number::NumberJson;

/// A wheel's file name in its parts.
#[derive(Debug, Serialize)]
pub(crate) struct WheelJson {
    normalized: String,
    name: String,
    version: String,
    build: BuildJson,
    tags: Vec<String>,
    tag_order_ok: bool,
    pypi_platform_ok: bool,
}

/// A build tag: number and suffix, or an empty array.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum BuildJson {
    Absent([(); 0]),
    Tag(NumberJson, String),
}

impl From<&WheelFilename> for WheelJson {
    fn from(filename: &WheelFilename) -> Self {
        let tags = &filename.tags;
        Self {
            normalized: filename.normalized(),
            name: filename.name.normalized().to_owned(),
            version: filename.version.to_string(),
            build: filename.build.as_ref().into(),
            tags: tags.iter().map(ToString::to_string).collect(),
            tag_order_ok: filename.tag_set.is_sorted(),
            pypi_platform_ok: tags.iter().all(|tag| pypi_takes_platform(&tag.platform)),
        }
    }
}

impl From<Option<&BuildTag>> for BuildJson {
    fn from(tag: Option<&BuildTag>) -> Self {
        tag.map_or(Self::Absent([]), |tag| {
            Self::Tag((&tag.number).into(), tag.suffix.clone())
        })
    }
}

/// An sdist's file name in its parts.
#[derive(Debug, Serialize)]
pub(crate) struct SdistJson {
    normalized: String,
    name: String,
    version: String,
}

impl From<&SdistFilename> for SdistJson {
    fn from(filename: &SdistFilename) -> Self {
        Self {
            normalized: filename.normalized(),
            name: filename.name.normalized().to_owned(),
            version: filename.version.to_string(),
        }
    }
}
