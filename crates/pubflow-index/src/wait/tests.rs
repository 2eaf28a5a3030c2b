//! Waiting on listings that hold no digest.

use super::*;
use crate::IndexKind;
use crate::test_server::{Answer, TestServer};

fn listing() -> Answer {
    Answer::new(200, "text/html", "<a href=\"/files/demo-1.0.tar.gz\">x</a>")
}

async fn wait(server: &TestServer, content: &[u8]) -> Result<Seen, WaitError> {
    let project = ProjectName::parse("demo").unwrap();
    let version = Version::parse("1.0").unwrap();
    let expected = Expected {
        filename: "demo-1.0.tar.gz".to_owned(),
        sha256: Some(Sha256::of(content)),
        yanked: Some(false),
    };
    let patience = Patience {
        within: Duration::from_secs(5),
        every: Duration::from_millis(5),
        hits: 3,
    };
    server
        .index(IndexKind::Generic)
        .wait_until_visible((&project, &version), &[expected], patience, &|_| {})
        .await
}

#[tokio::test]
async fn a_file_without_listed_digest_is_read_once_and_compared() {
    let server = TestServer::start(|request| match request.path.as_str() {
        "/files/demo-1.0.tar.gz" => Answer::new(200, "application/gzip", "ours"),
        _ => listing(),
    })
    .await;
    assert_eq!(wait(&server, b"ours").await.unwrap().polls, 3);
    let n_reads = |part: &str| {
        let received = server.received();
        received
            .iter()
            .filter(|request| request.path.contains(part))
            .count()
    };
    assert_eq!((n_reads("/simple/"), n_reads("/files/")), (3, 1));
    let error = wait(&server, b"theirs").await.unwrap_err();
    assert!(matches!(error, WaitError::Different { .. }), "{error:?}");
}

#[tokio::test]
async fn a_listed_file_that_is_not_served_yet_is_not_visible() {
    let n_asked = std::sync::atomic::AtomicU32::new(0);
    let server = TestServer::start(move |request| match request.path.as_str() {
        "/files/demo-1.0.tar.gz" => {
            match n_asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
                0 => Answer::new(404, "text/plain", "not yet"),
                _ => Answer::new(200, "application/gzip", "ours"),
            }
        }
        _ => listing(),
    })
    .await;
    assert_eq!(wait(&server, b"ours").await.unwrap().polls, 4);
}

#[tokio::test]
async fn a_look_at_the_end_of_the_time_that_shows_everything_is_still_confirmed() {
    let server = TestServer::start(|_| listing()).await;
    let index = server.index(IndexKind::Generic);
    let project = ProjectName::parse("demo").unwrap();
    let version = Version::parse("1.0").unwrap();
    let expected = |filename: &str| Expected {
        filename: filename.to_owned(),
        sha256: None,
        yanked: None,
    };
    let patience = Patience {
        within: Duration::ZERO,
        every: Duration::from_millis(5),
        hits: 3,
    };
    let wait = async |filename| {
        let files = [expected(filename)];
        index
            .wait_until_visible((&project, &version), &files, patience, &|_| {})
            .await
    };
    assert_eq!(wait("demo-1.0.tar.gz").await.unwrap().polls, 3);
    match wait("demo-1.0-py3-none-any.whl").await {
        Err(WaitError::NotVisible { missing, .. }) => {
            assert_eq!(missing, ["demo-1.0-py3-none-any.whl"]);
        }
        other => panic!("{other:?}"),
    }
}
