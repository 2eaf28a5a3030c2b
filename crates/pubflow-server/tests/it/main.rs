//! The embedded index as its clients see it: real requests over loopback, real archives.

#![expect(clippy::unwrap_used, reason = "everything here is a test, helpers too")]

mod admin;
mod faults;
mod hostile;
mod persistence;
mod reading;
mod seeds;
mod trusted;
mod uploading;
mod web;

#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use pubflow_server::{LoggedRequest, Realm, RealmAddress, Server, ServerError, ServerOptions};
use tokio::runtime::Runtime;

use support::http::{self, Answer};
use support::upload::Upload;

/// A server and the threads that it runs on.
struct TestIndex {
    runtime: Runtime,
    server: Server,
}

impl TestIndex {
    fn start() -> Self {
        Self::with(ServerOptions::on_free_ports(None)).unwrap()
    }

    fn in_directory(data: PathBuf) -> Result<Self, ServerError> {
        Self::with(ServerOptions::on_free_ports(Some(data)))
    }

    fn with(options: ServerOptions) -> Result<Self, ServerError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let server = runtime.block_on(Server::start(options))?;
        Ok(Self { runtime, server })
    }

    fn realm(&self) -> &RealmAddress {
        self.server.realm(Realm::Test)
    }

    fn production(&self) -> &RealmAddress {
        self.server.realm(Realm::Production)
    }

    fn requests(&self) -> Vec<LoggedRequest> {
        self.server.requests(Realm::Test)
    }

    /// Uploads and expects it to be accepted.
    #[track_caller]
    fn accept(&self, upload: &Upload) {
        let answer = upload.send(self.realm()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.reason);
    }

    /// Uploads and expects it to be refused, with these words before the pointer to help, leaving nothing behind.
    #[track_caller]
    fn refuse(&self, upload: &Upload, status: u16, words: &str) {
        let before = self.everything();
        let answer = upload.send(self.realm()).unwrap();
        let without_help = answer.reason.split(" See http://").next().unwrap();
        assert_eq!(
            (answer.status, without_help),
            (status, words),
            "{}",
            answer.reason
        );
        assert_eq!(
            self.everything(),
            before,
            "a refused upload left something behind"
        );
    }

    fn get(&self, path: &str, accept: Option<&str>) -> Answer {
        let headers: Vec<(&str, &str)> = accept
            .map(|accept| ("Accept", accept))
            .into_iter()
            .collect();
        http::send(&self.realm().base, "GET", path, &headers, b"").unwrap()
    }

    /// The listing of a project, or null.
    fn listing(&self, project: &str) -> serde_json::Value {
        let answer = self.get(&format!("/simple/{project}/"), Some(JSON));
        if answer.status == 200 {
            answer.json()
        } else {
            serde_json::Value::Null
        }
    }

    /// The root with the listings of all projects.
    fn everything(&self) -> Vec<serde_json::Value> {
        let root = self.get("/simple/", Some(JSON)).json();
        let names: Vec<String> = root["projects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|project| {
                project["name"]
                    .as_str()
                    .unwrap()
                    .replace(['_', '.'], "-")
                    .to_lowercase()
            })
            .collect();
        names
            .iter()
            .map(|name| self.listing(name))
            .chain([root])
            .collect()
    }

    fn admin(&self, operation: &str) -> Answer {
        let bearer = format!("Bearer {}", self.realm().admin_token);
        http::send(
            &self.realm().base,
            "POST",
            "/_/admin",
            &[
                ("Authorization", &bearer),
                ("Content-Type", "application/json"),
            ],
            operation.as_bytes(),
        )
        .unwrap()
    }

    #[track_caller]
    fn operate(&self, operation: &str) {
        let answer = self.admin(operation);
        assert_eq!(
            (answer.status, answer.text()),
            (200, "{\"ok\":true}"),
            "{operation}"
        );
    }

    fn stop(self) {
        self.runtime.block_on(self.server.shutdown());
    }
}

const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "application/vnd.pypi.simple.v1+html";
