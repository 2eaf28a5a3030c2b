//! The answers of the preflight, in text and in JSON.

use serde::Serialize;

use super::style::Style;
use crate::preflight::{Answer, Verdict};

/// What `pubflow doctor --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AnswersDocument {
    schema: u32,
    ready: bool,
    answers: Vec<AnswerJson>,
}

#[derive(Debug, Serialize)]
struct AnswerJson {
    item: &'static str,
    verdict: &'static str,
    message: String,
    next: Option<String>,
}

impl AnswersDocument {
    /// The document for `answers`.
    pub(crate) fn new(answers: &[Answer]) -> Self {
        let rows = answers.iter().map(|answer| AnswerJson {
            item: answer.item,
            verdict: answer.verdict.as_str(),
            message: answer.says.clone(),
            next: answer.next.clone(),
        });
        Self {
            schema: super::SCHEMA,
            ready: answers
                .iter()
                .all(|answer| answer.verdict.exit_code().is_none()),
            answers: rows.collect(),
        }
    }
}

/// One line for each answer, and what to do below it.
pub(crate) fn answers_text(answers: &[&Answer], style: Style) -> String {
    let mut text = String::new();
    for answer in answers {
        let word = format!("{:<11}", answer.verdict.as_str());
        let word = match answer.verdict {
            Verdict::Fine => word,
            Verdict::Warning => style.yellow(&word),
            _ => style.red(&word),
        };
        text.push_str(&format!("{word}  {:<9}  {}\n", answer.item, answer.says));
        if let Some(next) = &answer.next {
            text.push_str(&format!("{:<24}next: {next}\n", ""));
        }
    }
    text
}
