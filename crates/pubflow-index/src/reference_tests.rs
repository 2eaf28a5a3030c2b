//! The reference cases of answers and listings, where they are at hand. The names of the classes are
//! the reference's.

use serde_json::{Value, json};
use url::Url;

use crate::kind::IndexKind;
use crate::test_server::{Answer, TestServer, canary};
use crate::vectors::{self, Case};
use crate::{AnswerClass, FileState, IndexFile, ProjectPage, Retry, UploadError, UploadFailure};
use pubflow_spec::{ProjectName, Version};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What an upload of a real file to a server with this answer ends in.
async fn upload_answered(response: &Value) -> Result<(), UploadError> {
    let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
    let reason = response["reason"].as_str().map(str::to_owned);
    let mut answer = Answer::new(
        status,
        text(&response["content_type"]),
        text(&response["body"]),
    );
    for (key, header) in [("location", "location"), ("retry_after", "retry-after")] {
        if let Some(value) = response[key].as_str() {
            answer = answer.header(header, value);
        }
    }
    answer.reason = reason;
    let server = TestServer::start_answering(answer).await;
    let folder = tempfile::tempdir().unwrap();
    let file = crate::upload::tests::wheel(folder.path());
    let index = server.index(IndexKind::Generic);
    let silent = crate::Progress::silent();
    index.upload(&file, &canary(), &silent).await.map(drop)
}

fn class(error: &UploadError) -> &'static str {
    let (class, rule) = match &error.failure {
        UploadFailure::Redirected { .. } => return "redirect-other-host",
        UploadFailure::Answer { class, rule, .. } => (*class, *rule),
        other => panic!("{other}"),
    };
    match (class, rule.map(|rule| rule.number)) {
        (AnswerClass::AlreadyThere, _) => "already-exists",
        (AnswerClass::Damaged, _) => "corrupted-in-transit",
        (AnswerClass::Busy, _) => "rate-limited",
        (AnswerClass::ServerFailed, _) => "server-error",
        (AnswerClass::WrongAddress, _) => "wrong-url",
        (_, Some("R014" | "R015" | "R060")) => "service-paused",
        (_, Some("R016")) => "password-auth-removed",
        (_, Some("R056")) => "pending-publisher-name-mismatch",
        (_, Some("R057" | "R070")) => "account-email",
        (_, Some("R058")) => "account-2fa",
        (_, Some("R062")) => "name-stdlib",
        (_, Some("R064")) => "name-prohibited",
        (_, Some("R065")) => "name-too-similar",
        (_, Some("R066" | "R068" | "R069")) => match error.server_words() {
            Some(words) if words.as_str().contains("Invalid API Token") => "token-scope",
            _ => "not-permitted",
        },
        (_, Some("R067")) => "token-expired",
        (_, Some("R071")) => "org-inactive",
        (_, Some("R084")) => "file-too-large",
        (_, Some("R085")) => "project-quota",
        (_, Some("R090")) => "filename-burned",
        (_, Some("R091")) => "release-closed",
        (_, Some("R092")) => "second-sdist",
        (AnswerClass::Unauthorised, _) => "credentials-invalid",
        (AnswerClass::Refused, _) => "other-client-error",
    }
}

#[tokio::test]
async fn the_reference_answers_to_uploads_are_told_apart() {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        vectors::check("response_classes", |case: &Case| {
            match runtime.block_on(upload_answered(&case.input()["response"])) {
                Ok(()) => json!({"class": "accepted", "retry": false}),
                Err(error) => {
                    let class = class(&error);
                    // "Already there" is ambiguous for us: it is looked at, and not sent again.
                    let again = class != "already-exists"
                        && matches!(error.retry(), Retry::Transient { .. } | Retry::Ambiguous);
                    json!({"class": class, "retry": again})
                }
            }
        });
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_reference_listings_decide_what_is_sent() {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        vectors::check("existence_check", |case: &Case| {
            let input = case.input();
            let status = u16::try_from(input["index_status"].as_u64().unwrap()).unwrap();
            let body = input["index_json"].to_string();
            let filename = text(&input["local"]["filename"]).to_owned();
            // The reference's digests are shortened; ours have 64 digits.
            let digest = |value: &str| pubflow_spec::Sha256::of(value.as_bytes()).to_string();
            let local = digest(text(&input["local"]["sha256"]));
            let mut listing: Value = serde_json::from_str(&body).unwrap();
            for file in listing["files"].as_array_mut().into_iter().flatten() {
                if let Some(value) = file["hashes"].get("sha256").and_then(Value::as_str) {
                    file["hashes"]["sha256"] = digest(value).into();
                }
            }
            let body = listing.to_string();
            let decision = runtime.block_on(async move {
                let server = TestServer::start(move |request| {
                    if request.path.starts_with("/simple/") && !request.path.ends_with("/y") {
                        Answer::new(status, "application/vnd.pypi.simple.v1+json", body.clone())
                    } else {
                        Answer::new(404, "text/plain", "")
                    }
                })
                .await;
                let index = server.index(IndexKind::Pypi);
                let name = pubflow_spec::DistributionFilename::parse(&filename).unwrap();
                match index.observe(name.name(), &filename).await {
                    FileState::Absent => "upload",
                    FileState::Present { sha256, .. } if sha256.to_string() == local => {
                        "skip-identical"
                    }
                    FileState::Present { .. } => "conflict",
                    FileState::Unknown(crate::ObserveError::NoDigest(_)) => {
                        "exists-unverifiable-with-sha256"
                    }
                    FileState::Unknown(_) => "unknown",
                }
            });
            json!({"decision": decision})
        });
    })
    .await
    .unwrap();
}

#[test]
fn the_reference_rate_limits_say_how_long_to_wait() {
    vectors::check("rate_limit_headers", |case: &Case| {
        let limit = case.input()["RateLimit"].as_str();
        let wait = limit.and_then(crate::retry_after::read_rate_limit);
        json!({"wait_seconds": wait.map(|wait| wait.as_secs())})
    });
}

/// A listing with these files, as JSON or as an HTML page of these anchors.
fn listing(content_type: &str, body: &str) -> ProjectPage {
    let address = Url::parse("https://packages.example.com/simple/foo/").unwrap();
    ProjectPage::parse(content_type, body.as_bytes(), &address).unwrap()
}

fn json_listing(files: &[Value]) -> ProjectPage {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            let mut file = file.clone();
            file["url"] = "u".into();
            file["hashes"] = json!({});
            file
        })
        .collect();
    listing(
        "application/vnd.pypi.simple.v1+json",
        &json!({"files": files}).to_string(),
    )
}

#[test]
fn the_reference_yanks_are_read_file_by_file_and_as_a_release() {
    let answer = |file: &IndexFile| match &file.yanked {
        None => json!({"yanked": false}),
        Some(yank) => json!({"yanked": true, "reason": yank.reason}),
    };
    vectors::check("yank_state", |case: &Case| {
        let input = case.input();
        if let Some(file) = input.get("json_file") {
            return answer(&json_listing(std::slice::from_ref(file)).files[0]);
        }
        if let Some(anchor) = input["html_anchor"].as_str() {
            return answer(&listing("text/html", anchor).files[0]);
        }
        let page = json_listing(input["files"].as_array().unwrap());
        let version = Version::parse(text(&input["version"])).unwrap();
        json!({"state": page.release_state(&version).as_str()})
    });
}

#[test]
fn names_of_the_reference_are_compared_as_the_index_compares_them() {
    vectors::check("name_similarity", |case: &Case| {
        let name = |key: &str| ProjectName::parse(text(&case.input()[key])).unwrap();
        let (new, existing) = (name("new"), name("existing"));
        let verdict = if new.normalized() == existing.normalized() {
            "same-project"
        } else if new.ultranormalized() == existing.ultranormalized() {
            "too-similar"
        } else {
            "distinct"
        };
        json!({"verdict": verdict})
    });
}
