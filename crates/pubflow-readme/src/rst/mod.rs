//! reStructuredText as docutils 0.23 reads it under PyPI's settings.
//!
//! Lines are parsed into a tree by grammar family, transforms resolve what needs the whole
//! document, and a writer makes HTML of it. The first message of level WARNING or above ends all
//! of it, as PyPI's settings demand. Specification: the reStructuredText Markup Specification and
//! the directives and roles documents; where they leave room, docutils decides.
//!
//! - `mark` tells blocks by their first line, `body` hands them to `list`, `enumerated`, `field`,
//!   `quote`, `literal`, `section`, `table`, `explicit` and `directive`.
//! - `inline` and `role`: markup within text.
//! - `names`: names, identifiers and what refers to them; `transform`: links, notes, contents.

mod body;
mod chars;
mod directive;
mod enumerated;
mod explicit;
mod field;
mod html;
mod inline;
mod line;
mod list;
mod literal;
mod mark;
mod names;
mod parser;
mod punctuation;
mod quote;
mod role;
mod schemes;
mod section;
mod table;
mod transform;
mod tree;

use self::parser::{Parser, halt};
use crate::judge::{FirstMessage, Level};
use crate::profile::Profile;
use crate::sanitize;

/// Characters that a line may have.
const MAX_LINE: usize = 10_000;

/// Sanitised HTML of a text; `None` if nothing is left to show.
///
/// # Errors
/// The first message of level WARNING or above.
pub(crate) fn render(text: &str, profile: Profile) -> Result<Option<String>, Box<FirstMessage>> {
    let lines = line::split(text);
    if let Some(line) = lines
        .iter()
        .find(|line| line.len() > MAX_LINE && line.chars().count() > MAX_LINE)
    {
        let message = format!("Line {} exceeds the line-length-limit.", line.number);
        return halt(Level::Error, None, message);
    }
    let mut parser = Parser::new(lines.into(), profile);
    parser.run()?;
    parser.transform()?;
    let html = parser.html(profile);
    Ok((!html.is_empty()).then(|| sanitize::rendered(&html, profile)))
}

/// Columns that a line under a title needs.
pub(crate) fn title_width(title: &str) -> usize {
    chars::column_width(chars::rstrip(title))
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
