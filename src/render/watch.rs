//! What `watch` prints.

use pubflow_spec::ProjectName;
use serde::Serialize;

/// What `pubflow watch --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct WatchDocument {
    schema: u32,
    project: String,
    index: String,
    news: Vec<News>,
}

/// One thing that is otherwise than it was published.
#[derive(Debug, Serialize)]
pub(crate) struct News {
    kind: &'static str,
    subject: String,
    message: String,
}

impl News {
    /// About a file or a version; about the whole project where `subject` is empty. Words of the
    /// index are cleaned.
    pub(crate) fn new(kind: &'static str, subject: &str, message: &str) -> Self {
        let clean = |text: &str| pubflow_http::Redactor::new().clean(text);
        Self {
            kind,
            subject: clean(subject),
            message: clean(message),
        }
    }
}

impl WatchDocument {
    /// The document for one project on one index.
    pub(crate) fn new(project: &ProjectName, index: &str, news: Vec<News>) -> Self {
        Self {
            schema: super::SCHEMA,
            project: project.normalized().to_owned(),
            index: index.to_owned(),
            news,
        }
    }

    /// Whether everything is as it was published.
    pub(crate) fn is_quiet(&self) -> bool {
        self.news.is_empty()
    }

    /// The same for people.
    pub(crate) fn text(&self) -> String {
        if self.is_quiet() {
            return format!("{} on {}: as it was published\n", self.project, self.index);
        }
        let lines = self.news.iter().map(|news| match news.subject.as_str() {
            "" => format!("{}: {}\n", news.kind, news.message),
            subject => format!("{}: {subject}: {}\n", news.kind, news.message),
        });
        lines.collect()
    }
}
