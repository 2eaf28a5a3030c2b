//! The simple API in JSON.
//!
//! Spec: PEP 691 and its successors up to API version 1.4.

use std::collections::BTreeMap;

use pubflow_spec::Sha256;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    CoreMetadataOffer, IndexFile, PageError, ProjectPage, ProjectStatus, Yank, require_version_1,
    without_fragment,
};

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    meta: Meta,
    #[serde(default)]
    files: Vec<File>,
    #[serde(default)]
    versions: Vec<Value>,
    #[serde(default, rename = "project-status")]
    project_status: Value,
}

#[derive(Deserialize, Default)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: Option<String>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, Value>,
    #[serde(default)]
    size: Value,
    #[serde(default)]
    yanked: Value,
    #[serde(default, rename = "core-metadata")]
    core_metadata: Value,
    #[serde(default, rename = "data-dist-info-metadata")]
    data_dist_info_metadata: Value,
    #[serde(default, rename = "dist-info-metadata")]
    dist_info_metadata: Value,
    #[serde(default, rename = "requires-python")]
    requires_python: Value,
    #[serde(default, rename = "upload-time")]
    upload_time: Value,
    #[serde(default)]
    provenance: Value,
}

pub(super) fn read(body: &[u8], address: &Url) -> Result<ProjectPage, PageError> {
    let page: Page = serde_json::from_slice(body).map_err(|error| PageError::Json {
        line: error.line(),
        column: error.column(),
    })?;
    require_version_1(page.meta.api_version.as_deref().unwrap_or("1.0"))?;
    let status = match &page.project_status {
        Value::String(status) => ProjectStatus::parse(status),
        other => other
            .get("status")
            .and_then(Value::as_str)
            .map_or(ProjectStatus::Active, ProjectStatus::parse),
    };
    Ok(ProjectPage {
        files: page
            .files
            .into_iter()
            .filter_map(|file| file.read(address))
            .collect(),
        status,
        versions: page.versions.iter().filter_map(text).collect(),
    })
}

impl File {
    fn read(self, address: &Url) -> Option<IndexFile> {
        let (url, in_fragment) = without_fragment(address.join(&self.url).ok()?);
        let listed = self.hashes.get("sha256").and_then(digest);
        let offers = [
            &self.core_metadata,
            &self.data_dist_info_metadata,
            &self.dist_info_metadata,
        ];
        Some(IndexFile {
            filename: self.filename,
            url,
            sha256: listed.or(in_fragment),
            size: self.size.as_u64(),
            yanked: yank(&self.yanked),
            core_metadata: offers
                .into_iter()
                .map(offer)
                .find(is_served)
                .unwrap_or_default(),
            requires_python: text(&self.requires_python),
            upload_time: text(&self.upload_time),
            provenance: text(&self.provenance).and_then(|link| address.join(&link).ok()),
        })
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn digest(value: &Value) -> Option<Sha256> {
    Sha256::parse(value.as_str()?).ok()
}

/// The specification says "true or a non-empty reason"; an empty text is false.
fn yank(value: &Value) -> Option<Yank> {
    match value {
        Value::Bool(true) => Some(Yank { reason: None }),
        Value::String(reason) if !reason.is_empty() => Some(Yank {
            reason: Some(reason.clone()),
        }),
        _ => None,
    }
}

fn offer(value: &Value) -> CoreMetadataOffer {
    match value {
        Value::Bool(true) => CoreMetadataOffer::Served { sha256: None },
        Value::Object(hashes) => CoreMetadataOffer::Served {
            sha256: hashes.get("sha256").and_then(digest),
        },
        _ => CoreMetadataOffer::None,
    }
}

fn is_served(offer: &CoreMetadataOffer) -> bool {
    matches!(offer, CoreMetadataOffer::Served { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> Result<ProjectPage, PageError> {
        let address = Url::parse("https://example.org/simple/demo/").unwrap();
        read(json.as_bytes(), &address)
    }

    #[test]
    fn a_full_listing_is_read() {
        let digest = "a".repeat(64);
        let json = format!(
            r#"{{"meta": {{"api-version": "1.4", "_last-serial": 7}}, "name": "demo", "versions": ["1.0"],
            "project-status": {{"status": "archived"}}, "future": [1],
            "files": [{{"filename": "demo-1.0-py3-none-any.whl", "url": "../../files/demo-1.0-py3-none-any.whl#sha256=bad",
            "hashes": {{"sha256": "{digest}", "md5": 5}}, "size": 12, "yanked": "broken", "core-metadata": {{"sha256": "{digest}"}},
            "requires-python": ">=3.8", "upload-time": "2026-01-01T00:00:00Z", "provenance": null}}]}}"#
        );
        let page = page(&json).unwrap();
        assert_eq!(page.status, ProjectStatus::Archived);
        assert_eq!(page.versions, ["1.0"]);
        let file = page.find("demo-1.0-py3-none-any.whl").unwrap();
        let sha256 = Sha256::parse(&digest).ok();
        assert_eq!(
            file.url.as_str(),
            "https://example.org/files/demo-1.0-py3-none-any.whl"
        );
        assert_eq!(file.sha256, sha256);
        assert_eq!(file.size, Some(12));
        let reason = Some("broken".to_owned());
        assert_eq!(file.yanked, Some(Yank { reason }));
        assert_eq!(file.core_metadata, CoreMetadataOffer::Served { sha256 });
        assert_eq!(file.requires_python.as_deref(), Some(">=3.8"));
    }

    #[test]
    fn yanked_is_true_a_reason_or_nothing() {
        let yanked = |value: &str| {
            let json =
                format!(r#"{{"files": [{{"filename": "a", "url": "u", "hashes": {{}}{value}}}]}}"#);
            page(&json).unwrap().files.remove(0).yanked
        };
        assert_eq!(yanked(""), None);
        assert_eq!(yanked(r#", "yanked": null"#), None);
        assert_eq!(yanked(r#", "yanked": false"#), None);
        assert_eq!(yanked(r#", "yanked": """#), None);
        assert_eq!(yanked(r#", "yanked": true"#), Some(Yank { reason: None }));
        assert_eq!(
            yanked(r#", "yanked": "r""#).unwrap().reason.as_deref(),
            Some("r")
        );
    }

    #[test]
    fn minor_versions_pass_and_major_versions_stop() {
        assert!(page(r#"{"meta": {"api-version": "1.99"}}"#).is_ok());
        assert_eq!(
            page(r#"{"meta": {"api-version": "2.0"}}"#),
            Err(PageError::Version {
                version: "2.0".to_owned()
            })
        );
        assert!(matches!(
            page("<html>"),
            Err(PageError::Json { line: 1, .. })
        ));
    }
}
