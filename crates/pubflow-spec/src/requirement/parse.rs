//! The grammar of requirements.

use std::fmt;

use super::{Requirement, RequirementSource};
use crate::marker::{Marker, MarkerExpected, scan_marker};
use crate::project_name::ProjectName;
use crate::specifier::{ArbitraryText, SpecifierExpected, SpecifierSet, scan_clause, what_ends};
use crate::syntax::{Expectation, Scanner, SyntaxError, is_word};

/// Why a text is no requirement.
pub type RequirementError = SyntaxError<RequirementExpected>;

/// What a requirement was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequirementExpected {
    /// A project name to begin with.
    Name,
    /// The name of an extra after a comma.
    Extra,
    /// A comma between extras, or `]`.
    ClosingBracket,
    /// An address after `@`.
    Url,
    /// A blank and `;`, or the end, after an address.
    AfterUrl,
    /// A version clause.
    Specifier(SpecifierExpected),
    /// `)` after version clauses.
    ClosingParenthesis,
    /// `;` or the end after a name without version clauses, or something before them.
    AfterName,
    /// A comma, `;` or the end after version clauses.
    AfterSpecifier,
    /// A part of the marker.
    Marker(MarkerExpected),
}

impl fmt::Display for RequirementExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "a project name",
            Self::Extra => "the name of an extra",
            Self::ClosingBracket => "a comma or `]` after the extra",
            Self::Url => "an address after `@`",
            Self::AfterUrl => "`;` or the end after the address",
            Self::Specifier(expected) => return expected.fmt(f),
            Self::ClosingParenthesis => "a comma or `)` after the version specifier",
            Self::AfterName => "a version specifier, `@`, `;` or the end after the name",
            Self::AfterSpecifier => "a comma, `;` or the end after the version specifier",
            Self::Marker(expected) => return expected.fmt(f),
        })
    }
}

impl Expectation for RequirementExpected {
    const SUBJECT: &'static str = "a requirement";
}

pub(super) fn parse(text: &str) -> Result<Requirement, RequirementError> {
    let mut scanner = Scanner::new(text);
    scan(&mut scanner).map_err(|expected| scanner.error(expected))
}

fn scan(scanner: &mut Scanner<'_>) -> Result<Requirement, RequirementExpected> {
    scanner.skip_blanks();
    let name = scan_identifier(scanner).ok_or(RequirementExpected::Name)?;
    let name = ProjectName::unchecked(name);
    scanner.skip_blanks();
    let extras = scan_extras(scanner)?;
    scanner.skip_blanks();
    let (source, at_end) = if scanner.eat("@") {
        scan_url(scanner)?
    } else {
        scan_specifiers(scanner)?
    };
    let marker = scan_end(scanner, at_end)?;
    Ok(Requirement {
        name,
        extras,
        source,
        marker,
    })
}

/// A name as requirements have it: it may end in `_`, but not in `.` or `-`, and no letter of
/// another script may touch it.
fn scan_identifier<'a>(scanner: &mut Scanner<'a>) -> Option<&'a str> {
    let before = *scanner;
    let longest = scanner.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let next_is_word = scanner.peek().is_some_and(is_word);
    scanner.set(before);
    if !longest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    // The name ends where a word ends or, before a foreign letter, where one would begin.
    let is_end = |n: usize| {
        let ends_in_word = longest[..n].ends_with(is_word);
        let goes_on = match longest[n..].chars().next() {
            Some(next) => is_word(next),
            None => next_is_word,
        };
        ends_in_word != goes_on
    };
    let n_bytes = (1..=longest.len()).rev().find(|n| is_end(*n))?;
    scanner.eat(&longest[..n_bytes]);
    Some(&longest[..n_bytes])
}

fn scan_extras(scanner: &mut Scanner<'_>) -> Result<Vec<String>, RequirementExpected> {
    let mut extras = Vec::new();
    if !scanner.eat("[") {
        return Ok(extras);
    }
    scanner.skip_blanks();
    if let Some(extra) = scan_identifier(scanner) {
        extras.push(extra.to_owned());
        scanner.skip_blanks();
        while scanner.eat(",") {
            scanner.skip_blanks();
            let extra = scan_identifier(scanner).ok_or(RequirementExpected::Extra)?;
            extras.push(extra.to_owned());
            scanner.skip_blanks();
        }
    }
    if !scanner.eat("]") {
        return Err(RequirementExpected::ClosingBracket);
    }
    extras.sort();
    extras.dedup();
    Ok(extras)
}

/// The source, and what has to follow it if no marker does.
type Scanned = Result<(RequirementSource, RequirementExpected), RequirementExpected>;

fn scan_url(scanner: &mut Scanner<'_>) -> Scanned {
    scanner.skip_blanks();
    let url = scanner.take_while(|c| c != ' ' && c != '\t');
    if url.is_empty() {
        return Err(RequirementExpected::Url);
    }
    let url = url.to_owned();
    scanner.skip_blanks();
    Ok((RequirementSource::Url(url), RequirementExpected::AfterUrl))
}

fn scan_specifiers(scanner: &mut Scanner<'_>) -> Scanned {
    let in_parentheses = scanner.eat("(");
    if in_parentheses {
        scanner.skip_blanks();
    }
    let start = *scanner;
    let text = scan_clauses(scanner)?;
    if in_parentheses && !scanner.eat(")") {
        return Err(RequirementExpected::ClosingParenthesis);
    }
    let end = *scanner;
    // The text of a `===` may hold commas here, which separate clauses after all.
    let set = SpecifierSet::parse(&text).map_err(|error| {
        scanner.set(start);
        RequirementExpected::Specifier(*error.expected())
    })?;
    scanner.set(end);
    scanner.skip_blanks();
    Ok(if set.is_empty() {
        (RequirementSource::Any, RequirementExpected::AfterName)
    } else {
        let source = RequirementSource::Specifiers(set);
        (source, RequirementExpected::AfterSpecifier)
    })
}

/// Clauses separated by commas, possibly none; gives their text without blanks.
fn scan_clauses(scanner: &mut Scanner<'_>) -> Result<String, RequirementExpected> {
    let mut text = String::new();
    while scanner.peek().is_some_and(|c| "=!~<>".contains(c)) {
        let start = *scanner;
        scan_clause(scanner, ArbitraryText::TakesCommas).map_err(RequirementExpected::Specifier)?;
        text.push_str(scanner.since(start));
        let wrong = what_ends(*scanner);
        if wrong != SpecifierExpected::End {
            return Err(RequirementExpected::Specifier(wrong));
        }
        scanner.skip_blanks();
        if !scanner.eat(",") {
            break;
        }
        text.push(',');
        scanner.skip_blanks();
    }
    Ok(text)
}

fn scan_end(
    scanner: &mut Scanner<'_>,
    expected: RequirementExpected,
) -> Result<Option<Marker>, RequirementExpected> {
    if scanner.at_end() {
        return Ok(None);
    }
    if !scanner.eat(";") {
        return Err(expected);
    }
    let marker = scan_marker(scanner).map_err(RequirementExpected::Marker)?;
    if !scanner.at_end() {
        return Err(RequirementExpected::Marker(MarkerExpected::End));
    }
    Ok(Some(marker))
}
