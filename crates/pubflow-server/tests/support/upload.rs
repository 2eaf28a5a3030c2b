//! Uploads as twine makes them: the form fields come from the file's own metadata.

use std::io;
use std::path::Path;

use base64::Engine as _;
use pubflow_dist::{Distribution, Limits};
use pubflow_metadata::upload_form;
use pubflow_server::RealmAddress;
use pubflow_spec::{DistributionKind, Sha256};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use super::http::{self, Answer};

const BOUNDARY: &str = "----boundary-of-the-test";

/// A request to upload one file.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) filename: String,
    pub(crate) content: Vec<u8>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Upload {
    pub(crate) fn wheel(builder: &WheelBuilder) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::of(&builder.build_in(directory.path()))
    }

    pub(crate) fn sdist(builder: &SdistBuilder) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::of(&builder.build_in(directory.path()))
    }

    /// A small wheel.
    pub(crate) fn demo(version: &str) -> Self {
        let builder = WheelBuilder::new("demo", version)
            .file("demo/__init__.py", b"")
            .metadata_line("Summary: a demo")
            .metadata_line("Requires-Python: >=3.8");
        Self::wheel(&builder)
    }

    fn of(path: &Path) -> Self {
        let content = std::fs::read(path).unwrap();
        let distribution = Distribution::open(path, &Limits::default()).unwrap();
        let (file_type, python, metadata) = match &distribution {
            Distribution::Wheel(wheel) => ("bdist_wheel", "py3", wheel.metadata()),
            Distribution::Sdist(sdist) => ("sdist", "source", sdist.metadata()),
            Distribution::Unknown(_) => panic!("{} is no distribution", path.display()),
        };
        assert!(matches!(
            distribution.kind(),
            Some(DistributionKind::Wheel | DistributionKind::Sdist)
        ));
        let mut fields = vec![
            (":action".to_owned(), "file_upload".to_owned()),
            ("protocol_version".to_owned(), "1".to_owned()),
            ("filetype".to_owned(), file_type.to_owned()),
            ("pyversion".to_owned(), python.to_owned()),
            ("sha256_digest".to_owned(), Sha256::of(&content).to_string()),
        ];
        if let Some(metadata) = metadata {
            let metadata = upload_form::fields(metadata).into_iter();
            fields.extend(metadata.map(|(name, value)| (name.to_owned(), value)));
        }
        Self {
            filename: path.file_name().unwrap().to_str().unwrap().to_owned(),
            content,
            content_type: Some("application/octet-stream"),
            fields,
            headers: vec![("Accept".to_owned(), "*/*".to_owned())],
        }
    }

    /// Replaces a field; `None` leaves it out.
    pub(crate) fn with(mut self, field: &str, value: Option<&str>) -> Self {
        self.fields.retain(|(name, _)| name != field);
        if let Some(value) = value {
            self.fields.push((field.to_owned(), value.to_owned()));
        }
        self
    }

    /// Other bytes, with a digest that fits them.
    pub(crate) fn containing(mut self, content: &[u8]) -> Self {
        self.content = content.to_vec();
        let digest = Sha256::of(content).to_string();
        self.with("sha256_digest", Some(&digest))
    }

    pub(crate) fn named(mut self, filename: &str) -> Self {
        self.filename = filename.to_owned();
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(given, _)| given != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn content_type_header() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let head =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend(head.bytes().chain(value.bytes()).chain(*b"\r\n"));
        }
        let filename = self.filename.replace('\\', "\\\\");
        let mut head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n"
        );
        if let Some(content_type) = self.content_type {
            head.push_str(&format!("Content-Type: {content_type}\r\n"));
        }
        head.push_str("\r\n");
        body.extend(head.bytes());
        body.extend(&self.content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        body
    }

    /// Sends it with the realm's token, unless an Authorization header was set.
    pub(crate) fn send(&self, realm: &RealmAddress) -> io::Result<Answer> {
        let content_type = Self::content_type_header();
        let authorization = basic("__token__", &realm.token);
        let mut headers = vec![("Content-Type", content_type.as_str())];
        if !self.headers.iter().any(|(name, _)| name == "Authorization") {
            headers.push(("Authorization", &authorization));
        }
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        http::send(&realm.base, "POST", "/legacy/", &headers, &self.body())
    }
}

/// A Basic header.
pub(crate) fn basic(user: &str, password: &str) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {encoded}")
}
