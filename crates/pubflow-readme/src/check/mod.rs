//! Checks of a description: what PyPI refuses, and what its readers will miss.
//!
//! A check is one file and one row of [`CHECKS`]. The subject is a text that was rendered once;
//! `page` reads what came out, `Description::spans` what raw HTML and links went into Markdown.

mod badge;
mod dead_link;
mod dropped_html;
mod image;
mod install_command;
mod leftover;
mod looks_like;
mod mojibake;
mod page;
mod refused;
mod repository;
mod short;
#[cfg(test)]
mod testing;
mod twine;
mod unknown_directive;

use pubflow_finding::{Check, Finding, Findings, Rule};

use crate::content_type::{ContentType, Format};
use crate::judge::{Judgement, judge};
use crate::markdown::{self, Span};
use crate::profile::Profile;

use repository::Repository;

/// Every check of a description, in the order of their codes.
pub static CHECKS: &[Check<Description>] = &[
    row(&refused::RULE, refused::check),
    row(&looks_like::RULE, looks_like::check),
    row(&short::RULE, short::check),
    row(&dead_link::RULE, dead_link::check),
    row(&dropped_html::RULE, dropped_html::check),
    row(&unknown_directive::RULE, unknown_directive::check),
    row(&image::RULE, image::check),
    row(&install_command::RULE, install_command::check),
    row(&leftover::RULE, leftover::check),
    row(&mojibake::RULE, mojibake::check),
    row(&twine::RULE, twine::check),
];

const fn row(rule: &'static Rule, run: fn(&Description, &mut Findings)) -> Check<Description> {
    Check { rule, run }
}

/// The rules of all checks.
pub fn rules() -> Vec<&'static Rule> {
    CHECKS.iter().map(|check| check.rule).collect()
}

/// A long description, rendered.
#[derive(Debug)]
pub struct Description {
    text: String,
    format: Option<Format>,
    /// The content type as it was given.
    given_type: Option<String>,
    judgement: Judgement,
    /// Name of the project that it describes, where that is known.
    project: Option<String>,
    version: Option<String>,
    repository: Option<Repository>,
    /// Whether the text is a file of its own, in which edits can be made.
    is_file: bool,
    spans: Vec<Span>,
}

impl Description {
    /// Renders a text; `content_type` is `None` where the field is missing.
    pub fn new(text: &str, content_type: Option<&str>, profile: Profile) -> Self {
        let format = match content_type {
            None => Some(Format::Rst),
            Some(given) => ContentType::parse(given).for_pypi().ok(),
        };
        let spans = match format {
            Some(Format::Markdown) => markdown::spans(text, profile),
            _ => Vec::new(),
        };
        Self {
            text: text.to_owned(),
            format,
            given_type: content_type.map(str::to_owned),
            judgement: judge(text, content_type, profile),
            project: None,
            version: None,
            repository: None,
            is_file: false,
            spans,
        }
    }

    /// Says which project is described.
    #[must_use]
    pub fn of_project(mut self, name: Option<&str>) -> Self {
        self.project = name.map(str::to_owned);
        self
    }

    /// Says which release is described, and at which addresses its project is found.
    #[must_use]
    pub fn of_release<'a>(
        mut self,
        version: Option<&str>,
        addresses: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.version = version.map(str::to_owned);
        self.repository = addresses.into_iter().find_map(Repository::parse);
        self
    }

    /// Says that the text is a README file and not a field of metadata.
    #[must_use]
    pub fn in_file(mut self) -> Self {
        self.is_file = true;
        self
    }

    /// What PyPI decides.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// Gives up everything but what PyPI decides.
    pub fn into_judgement(self) -> Judgement {
        self.judgement
    }

    /// Runs every check.
    pub fn check(&self, findings: &mut Findings) {
        for check in CHECKS {
            (check.run)(self, findings);
        }
    }

    /// A finding, placed in the field where the text is one.
    fn finding(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        let finding = Finding::new(rule, message);
        match self.is_file {
            true => finding,
            false => finding.field("Description"),
        }
    }

    /// The same at a line of the text, where one is known.
    fn finding_at(
        &self,
        rule: &'static Rule,
        line: Option<usize>,
        message: impl Into<String>,
    ) -> Finding {
        let finding = self.finding(rule, message);
        match line {
            Some(line) => finding.line(line),
            None => finding,
        }
    }

    /// The first line that contains `part`, from 1.
    fn line_with(&self, part: &str) -> Option<usize> {
        let at = self.text.find(part)?;
        Some(self.text[..at].matches('\n').count() + 1)
    }

    /// Start of a line in bytes, and its text.
    fn line(&self, number: usize) -> Option<(usize, &str)> {
        let mut start = 0;
        for (n, line) in self.text.split('\n').enumerate() {
            if n + 1 == number {
                return Some((start, line));
            }
            start += line.len() + 1;
        }
        None
    }

    /// The HTML that PyPI shows; empty where it shows none.
    fn html(&self) -> &str {
        self.judgement.html.as_deref().unwrap_or_default()
    }
}
