//! Known vulnerabilities of a release, as the project's page behind the simple API lists them.

use pubflow_http::{Redactor, Request};
use pubflow_spec::{ProjectName, Version};
use serde_json::Value;

use crate::address::below;
use crate::words::ServerWords;
use crate::{Index, ObserveError};

/// A release object longer than this is not read.
const RELEASE_BYTES: u64 = 16 * 1024 * 1024;

/// One advisory about a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advisory {
    /// Its identifier, such as `PYSEC-2026-1`.
    pub id: String,
    /// What it is about, on one line.
    pub summary: String,
    /// The versions that cure it.
    pub fixed_in: Vec<String>,
}

impl Index {
    /// The advisories about a release that were not withdrawn; none where the index has no such page.
    ///
    /// # Errors
    /// [`ObserveError`].
    pub async fn advisories(
        &self,
        project: &ProjectName,
        version: &Version,
    ) -> Result<Vec<Advisory>, ObserveError> {
        let Some(web) = &self.address.web else {
            return Ok(Vec::new());
        };
        let path = format!("pypi/{}/{version}/json", project.normalized());
        let request = Request::get(below(web, &path)).header("cache-control", "max-age=0");
        let response = self.http.send(request).await?;
        match response.status() {
            200 => {
                let body = response.read(RELEASE_BYTES).await?;
                Ok(read(&body))
            }
            404 | 410 => Ok(Vec::new()),
            status => Err(ObserveError::Status {
                origin: response.origin().clone(),
                status,
                after: crate::retry_after::asked_to_wait(&response),
                words: ServerWords::of(response, &Redactor::new()).await,
            }),
        }
    }
}

fn read(body: &[u8]) -> Vec<Advisory> {
    let release: Value = serde_json::from_slice(body).unwrap_or_default();
    let listed = release["vulnerabilities"].as_array();
    let mut advisories: Vec<Advisory> = listed
        .into_iter()
        .flatten()
        .filter(|advisory| advisory["withdrawn"].is_null())
        .filter_map(|advisory| {
            let text = |key: &str| {
                let text = advisory[key]
                    .as_str()
                    .filter(|text| !text.trim().is_empty())?;
                Some(Redactor::new().clean(text))
            };
            let fixed_in = advisory["fixed_in"].as_array();
            Some(Advisory {
                id: text("id")?,
                summary: text("summary")
                    .or_else(|| text("details"))
                    .unwrap_or_default(),
                fixed_in: fixed_in
                    .into_iter()
                    .flatten()
                    .filter_map(|version| Some(Redactor::new().clean(version.as_str()?)))
                    .collect(),
            })
        })
        .collect();
    advisories.sort();
    advisories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advisories_are_read_and_withdrawn_ones_are_not() {
        let body = br#"{"info": {}, "vulnerabilities": [
            {"id": "PYSEC-2", "summary": null, "details": "two\nlines", "fixed_in": ["1.1"], "withdrawn": null},
            {"id": "PYSEC-1", "summary": "one", "fixed_in": [], "withdrawn": "2026-01-01T00:00:00Z"}]}"#;
        let found = read(body);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].id.as_str(), found[0].summary.as_str()),
            ("PYSEC-2", "two lines")
        );
        assert_eq!(found[0].fixed_in, ["1.1"]);
        assert!(read(b"<html>").is_empty());
    }
}
