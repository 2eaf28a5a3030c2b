//! Uploads: what is accepted, and what is refused in which words.

use pubflow_server::{Limits, ServerOptions};
use pubflow_spec::{Blake2b256, Sha256};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use super::support::http;
use super::support::upload::{Upload, basic};
use super::{JSON, TestIndex};

const NO_CREDENTIAL: &str = "Invalid or non-existent authentication information.";

#[test]
fn an_accepted_wheel_is_listed_and_served_with_its_metadata() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    let listing = index.listing("demo");
    assert_eq!(listing["versions"], serde_json::json!(["1.0"]));
    let file = &listing["files"][0];
    assert_eq!(file["filename"], "demo-1.0-py3-none-any.whl");
    assert_eq!(file["size"], upload.content.len());
    assert_eq!(
        file["hashes"]["sha256"],
        Sha256::of(&upload.content).to_string()
    );
    assert_eq!(file["requires-python"], ">=3.8");
    assert_eq!(file["yanked"], false);
    let url = file["url"].as_str().unwrap();
    let path = url
        .strip_prefix(index.realm().base.trim_end_matches('/'))
        .unwrap();
    assert_eq!(index.get(path, None).body, upload.content);
    let metadata = index.get(&format!("{path}.metadata"), None);
    assert!(
        metadata.text().starts_with("Metadata-Version: "),
        "{}",
        metadata.text()
    );
    assert_eq!(
        file["core-metadata"]["sha256"],
        Sha256::of(&metadata.body).to_string()
    );
    assert_eq!(file["data-dist-info-metadata"], file["core-metadata"]);
    index.stop();
}

#[test]
fn an_sdist_joins_the_release_without_a_metadata_file() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let sdist = Upload::sdist(&SdistBuilder::new("demo", "1.0").metadata_line("Summary: other"));
    index.accept(&sdist);
    let listing = index.listing("demo");
    assert_eq!(listing["files"][1]["filename"], "demo-1.0.tar.gz");
    assert_eq!(listing["files"][1]["core-metadata"], false);
    let info = index.get("/pypi/demo/1.0/json", None).json();
    assert_eq!(
        info["info"]["summary"], "a demo",
        "the first file's metadata are shown"
    );
    index.refuse(
        &Upload::sdist(&SdistBuilder::new("demo", "1.0").file("more", b"x"))
            .named("demo-1.0.0.tar.gz"),
        400,
        "Only one sdist may be uploaded per release.",
    );
    index.stop();
}

#[test]
fn the_same_bytes_are_accepted_again_and_stored_once() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    let before = index.everything();
    index.accept(&upload);
    for scheme in ["Bearer", "token"] {
        let header = format!("{scheme} {}", index.realm().token);
        index.accept(&upload.clone().header("Authorization", &header));
    }
    let json = upload
        .clone()
        .header("Accept", "application/json")
        .send(index.realm())
        .unwrap();
    assert_eq!(
        json.text(),
        r#"{"message":"\n\n\n\n\n","code":"200 OK","title":"OK"}"#
    );
    assert_eq!(index.everything(), before);
    index.stop();
}

#[test]
fn other_bytes_under_a_known_name_are_refused_in_pypis_words() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    index.accept(&upload);
    let other = Upload::wheel(&WheelBuilder::new("demo", "1.0").file("demo/other.py", b""));
    let words = format!(
        "File already exists ('demo-1.0-py3-none-any.whl', with blake2_256 hash '{}').",
        Blake2b256::of(&other.content)
    );
    index.refuse(&other, 400, &words);
    let renamed = upload.named("demo-1.0-1-py3-none-any.whl");
    let words = format!(
        "File already exists ('demo-1.0-1-py3-none-any.whl', with blake2_256 hash '{}').",
        Blake2b256::of(&renamed.content)
    );
    index.refuse(&renamed, 400, &words);
    index.stop();
}

#[test]
fn only_the_realms_token_opens_it() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0");
    let realm = index.realm().clone();
    for value in [
        basic("__token__", "pypi-AgEIcHlwaQ"),
        basic("__token__", &index.production().token),
        basic("__token__", &realm.admin_token),
        format!("Bearer  {}", realm.token),
        "Digest x=y".to_owned(),
        "Basic !!!".to_owned(),
    ] {
        index.refuse(
            &upload.clone().header("Authorization", &value),
            403,
            NO_CREDENTIAL,
        );
    }
    let password = upload
        .clone()
        .header("Authorization", &basic("alice", &realm.token));
    index.refuse(
        &password,
        403,
        "Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead.",
    );
    // Who may not upload learns nothing about the form, and even identical bytes are refused.
    let bad = upload.clone().header("Authorization", "Basic !!!");
    index.refuse(
        &bad.clone().with("metadata_version", Some("9.9")),
        403,
        NO_CREDENTIAL,
    );
    index.accept(&upload);
    index.refuse(&bad, 403, NO_CREDENTIAL);
    index.stop();
}

#[test]
fn the_form_is_judged_before_the_metadata_and_both_before_the_file() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0").named("wrong.txt");
    let metadata = upload.clone().with("metadata_version", Some("9.9"));
    let form = metadata.clone().with("sha256_digest", Some("abc"));
    let invalid =
        "Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest.";
    index.refuse(&form, 400, invalid);
    index.refuse(&metadata, 400, "'9.9' is not a valid metadata version.");
    index.refuse(
        &upload,
        400,
        "Invalid file extension: Use .tar.gz, .whl or .zip extension.",
    );
    index.stop();
}

#[test]
fn refusals_of_form_name_and_file() {
    let index = TestIndex::start();
    let demo = || Upload::demo("1.0");
    let cases: Vec<(Upload, &str)> = vec![
        (
            demo().with("protocol_version", Some("2")),
            "Unknown protocol version.",
        ),
        (
            demo().with("name", None),
            "'' is an invalid value for Name. Error: This field is required.",
        ),
        (
            demo().with("filetype", Some("bdist_egg")),
            "Invalid value for filetype. Error: Use a known file type.",
        ),
        (
            demo().with("sha256_digest", None),
            "Error: Include at least one message digest.",
        ),
        (
            demo().with("version", Some("one")),
            "'one' is invalid for 'version'.",
        ),
        (
            demo().with("version", Some("1.0+local")),
            "The use of local versions in '1.0+local' is not allowed.",
        ),
        (
            demo().with("sha256_digest", Some(&"0".repeat(64))),
            "The digest supplied does not match a digest calculated from the uploaded file.",
        ),
        (
            demo().with("version", Some("1.1")),
            "Version in filename should be '1.1' not '1.0'.",
        ),
        (
            demo().with("name", Some("other")),
            "Start filename for 'other' with 'other'.",
        ),
        (
            demo().named("a\\b.whl"),
            "Cannot upload a file with '/' or '\\' in the name.",
        ),
        (
            Upload {
                content_type: Some("image/png"),
                ..demo()
            },
            "Invalid distribution file.",
        ),
    ];
    for (upload, words) in cases {
        index.refuse(&upload, 400, words);
    }
    index.accept(&Upload {
        content_type: None,
        ..demo()
    });
    index.stop();
}

#[test]
fn refusals_of_archives() {
    let index = TestIndex::start();
    let wheel = || WheelBuilder::new("demo", "1.0").file("demo/__init__.py", b"");
    let sdist = || SdistBuilder::new("demo", "1.0");
    let info = "demo-1.0.dist-info";
    let cases = [
        (
            Upload::demo("1.0").containing(b"no archive"),
            "Invalid distribution file. File is not a zipfile".to_owned(),
        ),
        (
            Upload::wheel(&wheel().without(&format!("{info}/WHEEL"))),
            format!("Invalid distribution file. WHEEL not found at {info}/WHEEL"),
        ),
        (
            Upload::wheel(&wheel().without(&format!("{info}/RECORD"))),
            format!(
                "Wheel 'demo-1.0-py3-none-any.whl' does not contain the required RECORD file: {info}/RECORD"
            ),
        ),
        (
            Upload::wheel(&wheel().entry_points("[console_scripts]\na b = demo:main\n")),
            "Wheel 'demo-1.0-py3-none-any.whl' has invalid entry points defined in the entry_points.txt file"
                .to_owned(),
        ),
        (
            Upload::wheel(&wheel().metadata_line("License-File: LICENSE")),
            format!(
                "License-File LICENSE does not exist in distribution file demo-1.0-py3-none-any.whl at \
                 {info}/licenses/LICENSE"
            ),
        ),
        (
            Upload::sdist(&sdist()).containing(b"no archive"),
            "Invalid distribution file. File is not a tarfile".to_owned(),
        ),
    ];
    for (upload, words) in cases {
        index.refuse(&upload, 400, &words);
    }
    index.stop();
}

#[test]
fn names_that_look_alike_are_refused_for_new_projects() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let lookalike = Upload::wheel(&WheelBuilder::new("dem0", "1.0"));
    index.refuse(
        &lookalike,
        400,
        "The name 'dem0' is too similar to an existing project.",
    );
    index.stop();
}

#[test]
fn files_over_the_limit_are_read_to_their_end_and_refused() {
    let index = TestIndex::with(ServerOptions {
        limits: Limits {
            file_bytes: 1 << 20,
            project_bytes: 1 << 20,
            ..Limits::pypi()
        },
        ..ServerOptions::on_free_ports(None)
    })
    .unwrap();
    let large = Upload::demo("1.0").containing(&vec![7; 5 << 20]);
    index.refuse(
        &large,
        400,
        "File too large. Limit for project 'demo' is 1 MB.",
    );
    let noise: Vec<u8> = (0..600_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let builder =
        |version| WheelBuilder::new("demo", version).file("demo/noise", &noise[..700_000]);
    index.accept(&Upload::wheel(&builder("1.0")));
    index.refuse(
        &Upload::wheel(&builder("1.1").file("demo/more", b"x")),
        400,
        "Project size too large. Limit for project 'demo' total size is 0 GB.",
    );
    index.stop();
}

#[test]
fn the_body_of_a_refusal_follows_the_accept_header() {
    let index = TestIndex::start();
    let upload = Upload::demo("1.0").with("sha256_digest", None);
    let words = "Error: Include at least one message digest.";
    let answer = upload
        .clone()
        .header("Accept", "application/json")
        .send(index.realm())
        .unwrap();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json()["code"], format!("400 {words}"));
    assert_eq!(answer.json()["title"], "Bad Request");
    let answer = upload
        .clone()
        .header("Accept", "text/html")
        .send(index.realm())
        .unwrap();
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=UTF-8")
    );
    assert!(answer.text().contains(&format!("<h1>400 {words}</h1>")));
    let plain = Upload {
        headers: Vec::new(),
        ..upload
    };
    let answer = plain.send(index.realm()).unwrap();
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=UTF-8")
    );
    assert!(
        answer.text().starts_with(&format!("400 {words}\n")),
        "{}",
        answer.text()
    );
    index.stop();
}

#[test]
fn wrong_addresses_and_actions() {
    let index = TestIndex::start();
    let realm = index.realm().clone();
    let upload = Upload::demo("1.0");
    let content_type = Upload::content_type_header();
    let post = |path: &str, upload: &Upload| {
        let headers = [("Content-Type", content_type.as_str()), ("Accept", "*/*")];
        http::send(&realm.base, "POST", path, &headers, &upload.body()).unwrap()
    };
    let slashless = post("/legacy", &upload);
    assert_eq!(slashless.status, 308);
    assert_eq!(slashless.header("location"), Some(realm.upload.as_str()));
    assert_eq!(post("/pypi", &upload).status, 410);
    assert_eq!(
        post("/legacy/", &upload.clone().with(":action", None)).status,
        404
    );
    assert_eq!(
        post("/legacy/", &upload.clone().with(":action", Some("submit"))).status,
        410
    );
    assert_eq!(post("/simple/demo/", &upload).status, 405);
    assert_eq!(index.get("/legacy/", None).status, 404);
    assert_eq!(index.get("/legacy/?:action=file_upload", None).status, 405);
    // The action may stand in the address; a form may be missing altogether.
    let authorization = basic("__token__", &realm.token);
    let headers = [("Authorization", authorization.as_str())];
    let empty = http::send(
        &realm.base,
        "POST",
        "/legacy/?:action=file_upload",
        &headers,
        b"",
    )
    .unwrap();
    assert_eq!(empty.status, 400);
    assert!(
        empty.reason.starts_with("'' is an invalid value for Name."),
        "{}",
        empty.reason
    );
    assert_eq!(index.get("/simple/demo/", Some(JSON)).status, 404);
    index.stop();
}

#[test]
fn a_text_field_that_comes_as_a_file_is_refused() {
    let index = TestIndex::start();
    let mut upload = Upload::demo("1.0");
    // The name of the field ends here and a filename follows it in the same header.
    upload
        .fields
        .push(("summary\"; filename=\"x".to_owned(), "text".to_owned()));
    index.refuse(&upload, 400, "summary: Should not be a tuple.");
    index.stop();
}

#[test]
fn the_realms_share_nothing() {
    let index = TestIndex::start();
    index.accept(&Upload::demo("1.0"));
    let other = Upload::wheel(&WheelBuilder::new("demo", "1.0"));
    assert_eq!(other.send(index.production()).unwrap().status, 200);
    let files = index.listing("demo")["files"].clone();
    let production = http::send(
        &index.production().base,
        "GET",
        "/simple/demo/",
        &[("Accept", JSON)],
        b"",
    );
    assert_ne!(production.unwrap().json()["files"], files);
    index.stop();
}
