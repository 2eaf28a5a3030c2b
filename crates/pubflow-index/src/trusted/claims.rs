//! What an identity token claims, for showing: it is read, not verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pubflow_http::{Redactor, Secret};
use serde_json::{Map, Value};

/// The claims of an identity token; empty when it cannot be read.
#[derive(Debug, Clone, Default)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Reads the middle part of a signed token.
    #[must_use]
    pub fn read(token: &Secret) -> Self {
        let claims = token.expose().split('.').nth(1).and_then(|payload| {
            let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
            serde_json::from_slice(&bytes).ok()
        });
        Self(claims.unwrap_or_default())
    }

    /// A claim as text, fit to be shown.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let text = match self.0.get(name)? {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            other => other.to_string(),
        };
        Some(Redactor::new().clean(&text)).filter(|text| !text.is_empty())
    }

    /// What the form for a publisher asks for, against what this job claims to be.
    #[must_use]
    pub fn side_by_side(&self) -> String {
        let (system, rows) = if self.get("project_path").is_some() {
            ("GitLab", self.gitlab())
        } else if self.get("repository").is_some() {
            ("GitHub", self.github())
        } else {
            ("another issuer", self.other())
        };
        let width = rows.iter().map(|(field, _)| field.len()).max().unwrap_or(0);
        let mut text = format!(
            "the registered publisher must say the same as this job claims ({system}), letter by letter:"
        );
        for (field, claim) in &rows {
            let claim = claim.as_deref().unwrap_or("(none)");
            text.push_str(&format!("\n  {field:width$}  {claim}"));
        }
        for warning in self.warnings() {
            text.push_str(&format!("\n{warning}"));
        }
        text
    }

    fn github(&self) -> Vec<(&'static str, Option<String>)> {
        let reference = self
            .get("job_workflow_ref")
            .or_else(|| self.get("workflow_ref"));
        let workflow = reference.as_deref().map(workflow_file);
        let repository = self
            .get("repository")
            .map(|text| text.rsplit('/').next().unwrap_or_default().to_owned());
        vec![
            ("owner", self.get("repository_owner")),
            ("repository name", repository),
            ("workflow name", workflow),
            ("environment name", self.get("environment")),
            ("(workflow and ref)", reference),
        ]
    }

    fn gitlab(&self) -> Vec<(&'static str, Option<String>)> {
        let path = self.get("project_path").unwrap_or_default();
        let (namespace, project) = path.rsplit_once('/').unwrap_or(("", &path));
        let file = self.get("ci_config_ref_uri").map(|uri| {
            let uri = uri.split('@').next().unwrap_or_default().to_owned();
            uri.split_once("//")
                .map_or(uri.clone(), |(_, file)| file.to_owned())
        });
        vec![
            ("namespace", Some(namespace.to_owned())),
            ("project name", Some(project.to_owned())),
            ("top-level pipeline file", file),
            ("environment name", self.get("environment")),
        ]
    }

    fn other(&self) -> Vec<(&'static str, Option<String>)> {
        ["iss", "sub", "email"]
            .into_iter()
            .map(|name| (name, self.get(name)))
            .collect()
    }

    fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        let (job, top) = (self.get("job_workflow_ref"), self.get("workflow_ref"));
        if let (Some(job), Some(top)) = (&job, &top)
            && workflow_file(job) != workflow_file(top)
        {
            warnings.push("the job runs in a reusable workflow, which cannot be registered: put the publishing job into the top-level workflow");
        }
        if self.get("event_name").as_deref() == Some("pull_request_target") {
            warnings.push("runs of pull_request_target are always refused: publish from a tag, a release or a manual run");
        }
        warnings
    }
}

/// `owner/name/.github/workflows/FILE@ref`
fn workflow_file(reference: &str) -> String {
    let path = reference.split('@').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> Claims {
        let payload = URL_SAFE_NO_PAD.encode(json);
        Claims::read(&Secret::from_text(format!("aa.{payload}.bb")).unwrap())
    }

    #[test]
    fn a_github_job_is_shown_field_by_field() {
        let shown = claims(
            r#"{"repository": "octo/demo", "repository_owner": "octo", "environment": "pypi",
            "job_workflow_ref": "octo/tools/.github/workflows/upload.yml@refs/heads/main",
            "workflow_ref": "octo/demo/.github/workflows/release.yml@refs/tags/v1", "event_name": "push"}"#,
        )
        .side_by_side();
        for expected in [
            "owner               octo\n",
            "repository name     demo\n",
            "workflow name       upload.yml\n",
            "environment name    pypi\n",
            "reusable workflow",
        ] {
            assert!(shown.contains(expected), "{expected:?} in {shown}");
        }
    }

    #[test]
    fn a_gitlab_job_is_shown_field_by_field() {
        let shown = claims(
            r#"{"project_path": "group/sub/demo", "ci_config_ref_uri": "example.org/group/sub/demo//ci/release.yml@refs/tags/v1"}"#,
        )
        .side_by_side();
        for expected in ["group/sub\n", "demo\n", "ci/release.yml\n", "(none)"] {
            assert!(shown.contains(expected), "{expected:?} in {shown}");
        }
    }

    #[test]
    fn what_is_no_token_claims_nothing_and_claims_cannot_forge_lines() {
        assert!(
            Claims::read(&Secret::from_text("nonsense").unwrap())
                .side_by_side()
                .contains("another issuer")
        );
        let shown = claims(r#"{"sub": "a\nforged: b\u001b[31m"}"#).side_by_side();
        assert!(shown.contains("a forged: b[31m"), "{shown}");
    }
}
