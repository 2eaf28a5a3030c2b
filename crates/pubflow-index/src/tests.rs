//! The client against the embedded index, directly and through a fault proxy.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pubflow_http::Secret;
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_metadata::upload_form;
use pubflow_server::{Realm, Server, ServerOptions};
use pubflow_spec::{Blake2b256, DistributionFilename, Md5, ProjectName, Sha256, Version};
use pubflow_testkit::WheelBuilder;
use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Gate, Nth};
use url::Url;

use crate::test_server::{Answer, TestServer, client};
use crate::*;

async fn server() -> Server {
    Server::start(ServerOptions::on_free_ports(None))
        .await
        .unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::from_text(text).unwrap()
}

fn token(server: &Server) -> Credential {
    Credential::token(secret(&server.realm(Realm::Test).token), "a test")
}

/// The test realm; through a proxy it cannot prove its identity, which is what the proof is for.
fn index(server: &Server, proxy: Option<&FaultProxy>) -> Index {
    let realm = server.realm(Realm::Test);
    let (base, kind) = match proxy {
        None => (realm.base.clone(), IndexKind::Embedded),
        Some(proxy) => (proxy.base(), IndexKind::Pypi),
    };
    let at = |path: &str| Url::parse(&format!("{base}{path}")).unwrap();
    let name = IndexName::parse("testpypi").unwrap();
    let address = IndexAddress::new(name, kind, at("legacy/"), at("simple/"))
        .with_web(at(""))
        .with_nonce(secret(server.nonce()));
    Index::new(address, client()).unwrap()
}

fn wheel(directory: &Path, note: &str) -> UploadFile {
    let builder = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", note)
        .metadata_line("Summary: a demonstration");
    let content = builder.to_bytes();
    let filename = builder.filename_text();
    let path = directory.join(format!("{}{filename}", Sha256::of(&content)));
    std::fs::write(&path, &content).unwrap();
    let metadata = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nSummary: a demonstration\n";
    UploadFile {
        path,
        filename: DistributionFilename::parse(&filename).unwrap(),
        size: content.len() as u64,
        sha256: Sha256::of(&content),
        md5: Some(Md5::of(&content)),
        blake2b_256: Some(Blake2b256::of(&content)),
        attestations: None,
        fields: upload_form::fields(&CoreMetadata::parse(metadata)),
    }
}

fn demo() -> (ProjectName, Version) {
    (
        ProjectName::parse("demo").unwrap(),
        Version::parse("1.0").unwrap(),
    )
}

fn expected(file: &UploadFile, yanked: Option<bool>) -> Expected {
    Expected {
        filename: file.filename.as_str().to_owned(),
        sha256: Some(file.sha256),
        yanked,
    }
}

async fn wait(
    index: &Index,
    file: &UploadFile,
    yanked: Option<bool>,
    within: Duration,
) -> Result<Seen, WaitError> {
    let (project, version) = demo();
    let patience = Patience {
        within,
        ..Patience::for_loopback()
    };
    index
        .wait_until_visible(
            (&project, &version),
            &[expected(file, yanked)],
            patience,
            &|_| {},
        )
        .await
}

async fn observed(index: &Index, file: &UploadFile) -> FileState {
    index.observe(&demo().0, file.filename.as_str()).await
}

const SHORT: Duration = Duration::from_millis(250);
const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_file_goes_up_is_seen_fetched_yanked_and_unyanked() {
    let server = server().await;
    let index = index(&server, None);
    let token = token(&server);
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "x = 1\n");
    assert!(matches!(observed(&index, &file).await, FileState::Absent));

    let accepted = index
        .upload(&file, &token, &Progress::silent())
        .await
        .unwrap();
    assert_eq!(accepted.status, 200);
    wait(&index, &file, Some(false), LONG).await.unwrap();
    let FileState::Present {
        sha256,
        size,
        yanked,
    } = observed(&index, &file).await
    else {
        panic!("the file is listed");
    };
    assert_eq!((sha256, size, yanked), (file.sha256, Some(file.size), None));

    let (project, version) = demo();
    let page = index.project(&project).await.unwrap().unwrap();
    assert_eq!(page.status, ProjectStatus::Active);
    assert_eq!(page.versions, ["1.0"]);
    let listed = page.find(file.filename.as_str()).unwrap();
    assert!(matches!(
        listed.core_metadata,
        CoreMetadataOffer::Served { sha256: Some(_) }
    ));
    let dest = directory.path().join("fetched.whl");
    let fetched = index.download(listed, &dest).await.unwrap();
    assert_eq!((fetched.size, fetched.sha256), (file.size, file.sha256));
    assert_eq!(fetched.digests.blake2b_256, file.blake2b_256);
    assert_eq!(
        std::fs::read(&dest).unwrap(),
        std::fs::read(&file.path).unwrap()
    );

    let release = (&project, &version);
    let done = index
        .yank(release, "does not start", Some(&token))
        .await
        .unwrap();
    assert_eq!(done, Yanking::Done);
    wait(&index, &file, Some(true), LONG).await.unwrap();
    let page = index.project(&project).await.unwrap().unwrap();
    let reason = Some("does not start".to_owned());
    assert_eq!(page.files[0].yanked, Some(Yank { reason }));
    let done = index.unyank(release, Some(&token)).await.unwrap();
    assert_eq!(done, Yanking::Done);
    wait(&index, &file, Some(false), LONG).await.unwrap();
    server.shutdown().await;
}

#[tokio::test]
async fn an_identical_file_is_accepted_again_and_another_is_a_conflict() {
    let server = server().await;
    let index = index(&server, None);
    let token = token(&server);
    let directory = tempfile::tempdir().unwrap();
    let first = wheel(directory.path(), "x = 1\n");
    let second = wheel(directory.path(), "x = 2\n");
    for _ in 0..2 {
        index
            .upload(&first, &token, &Progress::silent())
            .await
            .unwrap();
    }
    let error = index
        .upload(&second, &token, &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Ambiguous);
    assert_eq!(error.rule().map(|rule| rule.number), Some("R088"));
    let FileState::Present { sha256, .. } = observed(&index, &second).await else {
        panic!("a file of that name is listed");
    };
    assert_eq!(sha256, first.sha256);
    let error = wait(&index, &second, None, LONG).await.unwrap_err();
    assert!(matches!(error, WaitError::Different { found, .. } if found == first.sha256));
}

#[tokio::test]
async fn a_token_that_is_not_the_realms_is_unauthorised() {
    let server = server().await;
    let index = index(&server, None);
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    let other = Credential::token(
        secret(&server.realm(Realm::Production).token),
        "PUBFLOW_TOKEN",
    );
    let error = index
        .upload(&file, &other, &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Unauthorised);
    assert_eq!(
        (error.status(), error.credential.as_str()),
        (Some(403), "PUBFLOW_TOKEN")
    );
    let words = error.server_words().unwrap().as_str();
    assert!(
        words.starts_with("Invalid or non-existent authentication information"),
        "{words}"
    );
    assert!(!format!("{error} {error:?}").contains(other.secret.expose()));
    let (project, version) = demo();
    let error = index
        .yank((&project, &version), "r", Some(&other))
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Unauthorised, "{error}");
    assert!(matches!(observed(&index, &file).await, FileState::Absent));
}

#[tokio::test]
async fn no_token_is_sent_before_the_embedded_index_has_proved_itself() {
    let server = server().await;
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    let token = token(&server);
    let attempt = |index: Index| {
        let (file, token) = (file.clone(), token.clone());
        async move {
            index
                .upload(&file, &token, &Progress::silent())
                .await
                .unwrap_err()
        }
    };
    let cause = |error: UploadError| match error.failure {
        UploadFailure::Identity(identity) => identity,
        other => panic!("{other:?}"),
    };

    let mut unknown = index(&server, None);
    unknown.address.nonce = None;
    let error = attempt(unknown).await;
    assert!(
        error.to_string().contains("PUBFLOW_INDEX_TESTPYPI_NONCE"),
        "{error}"
    );
    assert!(matches!(cause(error), IdentityError::NoNonce { .. }));

    let mut other = index(&server, None);
    other.address.nonce = Some(secret("another nonce"));
    let error = attempt(other).await;
    assert_eq!(error.retry(), Retry::Permanent);
    assert!(matches!(cause(error), IdentityError::WrongProof { .. }));

    // A program in between passes the challenge on and still cannot give the proof for its own address.
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let mut between = index(&server, Some(&proxy));
    between.address.kind = IndexKind::Embedded;
    assert!(matches!(
        cause(attempt(between).await),
        IdentityError::WrongProof { .. }
    ));
    proxy.on(
        "GET",
        "/_/identity",
        Nth::Every,
        Fault::Answer(Canned::new(200, "hello")),
    );
    let mut foreign = index(&server, Some(&proxy));
    foreign.address.kind = IndexKind::Embedded;
    assert!(matches!(
        cause(attempt(foreign).await),
        IdentityError::NoEmbeddedIndex { .. }
    ));

    assert!(
        proxy
            .log()
            .iter()
            .all(|request| request.authorization.is_none())
    );
    let posts = server.requests(Realm::Test);
    assert!(
        posts.iter().all(|request| request.method == "GET"),
        "{posts:?}"
    );
}

#[tokio::test]
async fn a_program_that_takes_over_the_port_gets_no_token() {
    let server = server().await;
    let index = index(&server, None);
    let token = token(&server);
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    index.prove_identity().await.unwrap();
    let port = server
        .realm(Realm::Test)
        .base
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    server.shutdown().await;
    let error = index
        .upload(&file, &token, &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Transient { after: None });

    let other = TestServer::start_on(port.parse().unwrap(), |_| {
        Answer::new(200, "text/plain", "")
    })
    .await;
    let error = index
        .upload(&file, &token, &Progress::silent())
        .await
        .unwrap_err();
    assert!(
        matches!(error.failure, UploadFailure::Identity(_)),
        "{error:?}"
    );
    let received = other.received();
    assert_eq!(received.len(), 1);
    assert!(
        received
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

/// What a fault on the first upload comes to: the advice, whether the file is there, and that one
/// more attempt, where the advice allows it, ends with the file stored.
#[track_caller]
fn check(fault: Fault, advice: Option<Retry>, is_there: bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let server = server().await;
        let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
        let index = index(&server, Some(&proxy));
        let directory = tempfile::tempdir().unwrap();
        let file = wheel(directory.path(), "x = 1\n");
        proxy.on("POST", "/legacy/", Nth::Only(1), fault);
        let outcome = index
            .upload(&file, &token(&server), &Progress::silent())
            .await;
        assert_eq!(
            outcome.as_ref().err().map(UploadError::retry),
            advice,
            "{caller}: {outcome:?}"
        );
        let state = observed(&index, &file).await;
        assert_eq!(
            matches!(state, FileState::Present { .. }),
            is_there,
            "{caller}: {state:?}"
        );
        if !is_there {
            index
                .upload(&file, &token(&server), &Progress::silent())
                .await
                .unwrap();
        }
        wait(&index, &file, None, LONG).await.unwrap();
        let reads = proxy.log();
        let leaked = reads
            .iter()
            .find(|read| read.method == "GET" && read.authorization.is_some());
        assert_eq!(leaked, None, "{caller}");
    }
}

#[tokio::test]
async fn every_fault_ends_in_its_class_and_the_listing_tells_the_truth() {
    let answer = |status, words: &str| Canned::new(status, words);
    let transient = |seconds| Retry::Transient {
        after: Some(Duration::from_secs(seconds)),
    };
    let busy = answer(429, "slow down").header("retry-after", "1");
    check(Fault::Delay(SHORT), None, true).await;
    check(Fault::CutBeforeBody, Some(Retry::Ambiguous), false).await;
    check(Fault::CutMidBody(100), Some(Retry::Ambiguous), false).await;
    check(Fault::CutAfterCommit, Some(Retry::Ambiguous), true).await;
    check(
        Fault::Answer(answer(500, "x")),
        Some(Retry::Ambiguous),
        false,
    )
    .await;
    check(
        Fault::AnswerAfterCommit(answer(502, "x")),
        Some(Retry::Ambiguous),
        true,
    )
    .await;
    check(Fault::Answer(busy), Some(transient(1)), false).await;
    check(
        Fault::Answer(answer(401, "x")),
        Some(Retry::Unauthorised),
        false,
    )
    .await;
    check(
        Fault::Answer(answer(403, "x")),
        Some(Retry::Unauthorised),
        false,
    )
    .await;
    check(Fault::Stall, Some(Retry::Ambiguous), false).await;
    check(Fault::StallAfterCommit, Some(Retry::Ambiguous), true).await;
    let worse: Fault = Fault::Rewrite(Arc::new(|mut canned: Canned| {
        canned.status = 504;
        canned
    }));
    check(worse, Some(Retry::Ambiguous), true).await;
}

#[tokio::test]
async fn a_redirect_to_another_host_takes_no_token_there() {
    let server = server().await;
    let elsewhere = FaultProxy::start(&server.realm(Realm::Production).base);
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let target = format!("{}legacy/", elsewhere.base());
    let canned = Canned::new(307, "").header("location", &target);
    proxy.on("POST", "/legacy/", Nth::Every, Fault::Answer(canned));
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    let index = index(&server, Some(&proxy));
    let error = index
        .upload(&file, &token(&server), &Progress::silent())
        .await
        .unwrap_err();
    assert_eq!(error.retry(), Retry::Permanent);
    assert_eq!(elsewhere.log(), []);
}

#[tokio::test]
async fn an_answer_that_is_held_back_finds_the_file_stored() {
    let server = server().await;
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let gate = Gate::closed();
    proxy.on(
        "POST",
        "/legacy/",
        Nth::Only(1),
        Fault::HoldAfterCommit(gate.clone()),
    );
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    let index = index(&server, Some(&proxy));
    let token = token(&server);
    let upload = async { index.upload(&file, &token, &Progress::silent()).await };
    let watch = async {
        gate.reached().await;
        let state = observed(&index, &file).await;
        gate.open();
        state
    };
    let (outcome, state) = tokio::join!(upload, watch);
    assert_eq!(outcome.unwrap().status, 200);
    assert!(matches!(state, FileState::Present { .. }), "{state:?}");
}

#[tokio::test]
async fn not_uploaded_is_told_apart_from_not_visible_yet() {
    let server = server().await;
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let index = index(&server, Some(&proxy));
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    let standing = |error: WaitError| match error {
        WaitError::NotVisible { standing, .. } => standing,
        other => panic!("{other:?}"),
    };
    let error = wait(&index, &file, None, SHORT).await.unwrap_err();
    assert!(error.to_string().starts_with("not uploaded"), "{error}");
    assert_eq!(standing(error), Standing::NotUploaded);

    index
        .upload(&file, &token(&server), &Progress::silent())
        .await
        .unwrap();
    let stale = Canned::new(404, "");
    proxy.on("GET", "/simple/demo/", Nth::First(3), Fault::Answer(stale));
    let error = wait(&index, &file, None, SHORT).await.unwrap_err();
    assert!(
        error.to_string().starts_with("uploaded, but not visible"),
        "{error}"
    );
    assert_eq!(standing(error), Standing::Uploaded);
    proxy.clear();

    let held = r#"{"files": [], "project-status": {"status": "quarantined"}}"#;
    let held = Canned::new(200, held).header("content-type", "application/json");
    proxy.on("GET", "/simple/demo/", Nth::Only(1), Fault::Answer(held));
    let error = wait(&index, &file, None, LONG).await.unwrap_err();
    assert!(matches!(error, WaitError::Quarantined { .. }), "{error:?}");
    proxy.clear();
    let closed = Canned::new(401, "");
    proxy.on("GET", "/simple/demo/", Nth::Only(1), Fault::Answer(closed));
    let error = wait(&index, &file, None, LONG).await.unwrap_err();
    assert!(matches!(error, WaitError::Unreachable { .. }), "{error:?}");
    proxy.clear();

    let down = Canned::new(503, "");
    proxy.on(
        "GET",
        "/simple/demo/",
        Nth::First(2),
        Fault::Answer(down.clone()),
    );
    wait(&index, &file, None, LONG).await.unwrap();
    proxy.on("GET", "/simple/demo/", Nth::Every, Fault::Answer(down));
    let error = wait(&index, &file, None, SHORT).await.unwrap_err();
    assert!(matches!(error, WaitError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_listing_that_falls_back_is_not_taken_for_visible() {
    let server = server().await;
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let index = index(&server, Some(&proxy));
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    index
        .upload(&file, &token(&server), &Progress::silent())
        .await
        .unwrap();
    for n in [1, 3] {
        let stale = Canned::new(404, "");
        proxy.on("GET", "/simple/demo/", Nth::Only(n), Fault::Answer(stale));
    }
    let patience = Patience {
        within: LONG,
        every: Duration::from_millis(5),
        hits: 3,
    };
    let (project, version) = demo();
    let polls = std::sync::Mutex::new(Vec::new());
    let tell = |poll: &Poll<'_>| polls.lock().unwrap().push(poll.missing.len());
    let seen = index
        .wait_until_visible(
            (&project, &version),
            &[expected(&file, None)],
            patience,
            &tell,
        )
        .await
        .unwrap();
    assert_eq!(seen.polls, 6);
    assert_eq!(*polls.lock().unwrap(), [1, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_download_is_whole_and_agreed_or_leaves_nothing() {
    let server = server().await;
    let proxy = FaultProxy::start(&server.realm(Realm::Test).base);
    let index = index(&server, Some(&proxy));
    let directory = tempfile::tempdir().unwrap();
    let file = wheel(directory.path(), "");
    index
        .upload(&file, &token(&server), &Progress::silent())
        .await
        .unwrap();
    let page = index.project(&demo().0).await.unwrap().unwrap();
    let mut listed = page.files[0].clone();
    listed
        .url
        .set_port(Url::parse(&proxy.base()).unwrap().port())
        .unwrap();
    let into = tempfile::tempdir().unwrap();
    let dest = into.path().join("demo.whl");

    proxy.on("GET", "/files/", Nth::Only(1), Fault::CutAnswer(50));
    let damage: Fault = Fault::Rewrite(Arc::new(|mut canned: Canned| {
        canned.body[30] ^= 1;
        canned
    }));
    proxy.on("GET", "/files/", Nth::Only(2), damage);
    let longer: Fault = Fault::Rewrite(Arc::new(|mut canned: Canned| {
        canned.body.push(0);
        canned
    }));
    proxy.on("GET", "/files/", Nth::Only(3), longer);
    proxy.on(
        "GET",
        "/files/",
        Nth::Only(4),
        Fault::Answer(Canned::new(404, "gone")),
    );
    let mut kinds = Vec::new();
    for _ in 0..4 {
        let error = index.download(&listed, &dest).await.unwrap_err();
        kinds.push(match error {
            DownloadError::Http(_) => "http",
            DownloadError::Digest { .. } => "digest",
            DownloadError::Size { .. } => "size",
            DownloadError::Status { status: 404, .. } => "status",
            other => panic!("{other:?}"),
        });
        assert_eq!(std::fs::read_dir(into.path()).unwrap().count(), 0);
    }
    assert_eq!(kinds, ["http", "digest", "size", "status"]);
    index.download(&listed, &dest).await.unwrap();
    assert_eq!(Sha256::of(&std::fs::read(&dest).unwrap()), file.sha256);
    assert_eq!(std::fs::read_dir(into.path()).unwrap().count(), 1);

    listed.sha256 = None;
    let error = index.download(&listed, &dest).await.unwrap_err();
    assert!(matches!(error, DownloadError::NoDigest { .. }), "{error:?}");
    let other = Sha256::of(b"other");
    let error = index.download_expecting(&listed, other, &dest).await;
    assert!(
        matches!(error, Err(DownloadError::Digest { found, expected, .. }) if (found, expected) == (file.sha256, other)),
        "{error:?}"
    );
    let known = index.download_expecting(&listed, file.sha256, &dest).await;
    assert_eq!(known.unwrap().sha256, file.sha256);
}
