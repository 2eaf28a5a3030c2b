//! Downloads of a project, as the public statistics service counts them.
//!
//! It is a service of its own, not part of any index: it counts what PyPI's caches log, days later,
//! mirrors and continuous integration included or left out by guess. Its numbers say how a project
//! moves, not how many people use it.

mod wire;

use std::time::Duration;

use pubflow_http::{HttpClient, HttpError, Redactor, Request};
use pubflow_spec::ProjectName;
use url::Url;

use crate::address::{below, with_slash};
use crate::words::ServerWords;

const ANSWER_BYTES: u64 = 4 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);
/// Days of the series that are kept.
const DAYS: usize = 30;

/// Downloads of one project, mirrors left out of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The last day that was counted.
    pub last_day: u64,
    /// The last seven days.
    pub last_week: u64,
    /// The last thirty days.
    pub last_month: u64,
    /// Day and downloads, the oldest first.
    pub days: Vec<(String, u64)>,
}

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The service knows no such project.
    #[error("the statistics service knows no project `{project}`")]
    Unknown {
        /// The project.
        project: String,
    },
    /// The service failed or asks to wait.
    #[error("the statistics service answered status {status}: {words}")]
    Status {
        /// Of the answer.
        status: u16,
        /// Its words.
        words: ServerWords,
    },
    /// An answer of another shape.
    #[error("what answers at the address is no statistics service")]
    Shape,
}

impl Statistics {
    /// Asks the service at `root` for one project.
    ///
    /// # Errors
    /// [`StatisticsError`].
    pub async fn fetch(
        http: &HttpClient,
        root: &Url,
        project: &ProjectName,
    ) -> Result<Self, StatisticsError> {
        let name = project.normalized();
        let recent = ask(
            http,
            root,
            project,
            &format!("packages/{name}/recent"),
            None,
        )
        .await?;
        let (last_day, last_week, last_month) =
            wire::recent(&recent).ok_or(StatisticsError::Shape)?;
        let path = format!("packages/{name}/overall");
        let overall = ask(http, root, project, &path, Some("mirrors=false")).await?;
        let mut days = wire::overall(&overall).ok_or(StatisticsError::Shape)?;
        let n_older = days.len().saturating_sub(DAYS);
        days.drain(..n_older);
        Ok(Self {
            last_day,
            last_week,
            last_month,
            days,
        })
    }
}

async fn ask(
    http: &HttpClient,
    root: &Url,
    project: &ProjectName,
    path: &str,
    query: Option<&str>,
) -> Result<Vec<u8>, StatisticsError> {
    let mut url = below(&with_slash(root.clone()), path);
    url.set_query(query);
    let request = Request::get(url)
        .header("accept", "application/json")
        .within(PATIENCE);
    let response = http.send(request).await?;
    match response.status() {
        200 => Ok(response.read(ANSWER_BYTES).await?),
        404 => Err(StatisticsError::Unknown {
            project: project.normalized().to_owned(),
        }),
        status => Err(StatisticsError::Status {
            status,
            words: ServerWords::of(response, &Redactor::new()).await,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::{Answer, TestServer, client};

    #[tokio::test]
    async fn the_numbers_of_a_project_are_read_in_their_order() {
        let server = TestServer::start(|request| match request.path.as_str() {
            "/api/packages/my-demo/recent" => Answer::new(200, "application/json", r#"{"data": {"last_day": 1, "last_month": 30, "last_week": 7}, "package": "my-demo", "type": "recent_downloads"}"#),
            "/api/packages/my-demo/overall?mirrors=false" => Answer::new(200, "application/json", r#"{"data": [{"category": "without_mirrors", "date": "2026-01-02", "downloads": 2}, {"category": "without_mirrors", "date": "2026-01-01", "downloads": 1}]}"#),
            "/api/packages/busy/recent" => Answer::new(429, "text/plain", "slow down"),
            "/api/packages/odd/recent" => Answer::new(200, "text/html", "<html>"),
            _ => Answer::new(404, "text/plain", ""),
        })
        .await;
        let fetch = async |name: &str| {
            let project = ProjectName::parse(name).unwrap();
            Statistics::fetch(&client(), &server.url("api"), &project).await
        };
        let found = fetch("My_Demo").await.unwrap();
        assert_eq!(
            (found.last_day, found.last_week, found.last_month),
            (1, 7, 30)
        );
        assert_eq!(
            found.days,
            [("2026-01-01".to_owned(), 1), ("2026-01-02".to_owned(), 2)]
        );
        assert!(matches!(
            fetch("none").await,
            Err(StatisticsError::Unknown { .. })
        ));
        assert!(matches!(
            fetch("busy").await,
            Err(StatisticsError::Status { status: 429, .. })
        ));
        assert!(matches!(fetch("odd").await, Err(StatisticsError::Shape)));
    }
}
