//! The grammar of licence expressions, read word by word.

use std::collections::HashMap;
use std::fmt;

use super::LicenseExpression;
use super::table::{EXCEPTIONS, LICENSES, Row, Standing, find};
use crate::syntax::{Expectation, Scanner, SyntaxError, is_python_space};

/// Deepest nesting of parentheses, as in the reference implementation.
const DEEPEST: usize = 200;

/// Licences outside of the list, in lower case.
const REFERENCE: &str = "licenseref-";

/// Why a text is no licence expression.
pub type LicenseError = SyntaxError<LicenseExpected>;

/// What a licence expression was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseExpected {
    /// A licence or `(`.
    License,
    /// A licence that is on the list.
    KnownLicense,
    /// `LicenseRef-` and letters, digits, `.`, `-`, without `+`.
    Reference,
    /// An exception after `WITH`.
    Exception,
    /// An exception that is on the list.
    KnownException,
    /// `AND`, `OR`, `)` or the end.
    Operator,
    /// A licence directly before `WITH`.
    LicenseBeforeWith,
    /// A `)` for each `(`, no more and no fewer.
    MatchingParenthesis,
    /// Fewer parentheses in each other.
    LessNesting,
}

impl fmt::Display for LicenseExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::License => "a licence identifier or `(`",
            Self::KnownLicense => "an identifier of the SPDX licence list",
            Self::Reference => "letters, digits, `.` and `-`, without `+`, after `LicenseRef-`",
            Self::Exception => "a licence exception after `WITH`",
            Self::KnownException => "an exception of the SPDX licence list",
            Self::Operator => "`AND`, `OR`, `WITH`, `)` or the end",
            Self::LicenseBeforeWith => "`WITH` only directly after a licence",
            Self::MatchingParenthesis => "a `)` for each `(`",
            Self::LessNesting => return write!(f, "at most {DEEPEST} nested parentheses"),
        })
    }
}

impl Expectation for LicenseExpected {
    const SUBJECT: &'static str = "a licence expression";
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    License,
    Exception,
    /// After a licence, which may have an exception.
    OperatorOrWith,
    Operator,
}

/// An expression as far as it has been read.
struct Reading {
    next: Next,
    depth: usize,
    /// The spelling of each reference, by its lower case: the last one in the text holds for all.
    references: HashMap<String, String>,
    read: LicenseExpression,
}

/// The words of the text, each with the place where it stands.
fn words<'a>(text: &'a str) -> impl Iterator<Item = (Scanner<'a>, &'a str)> {
    let mut scanner = Scanner::new(text);
    std::iter::from_fn(move || {
        scanner.skip_python_space();
        let start = scanner;
        if !scanner.eat_one_of(&['(', ')']) {
            scanner.take_while(|c| !is_python_space(c) && c != '(' && c != ')');
        }
        let word = scanner.since(start);
        (!word.is_empty()).then_some((start, word))
    })
}

pub(super) fn parse(text: &str) -> Result<LicenseExpression, LicenseError> {
    let references = words(text).filter_map(|(_, word)| {
        let name = word.get(REFERENCE.len()..)?;
        let lower = word.to_lowercase();
        let spelled = format!("LicenseRef-{name}");
        lower.starts_with(REFERENCE).then_some((lower, spelled))
    });
    let mut reading = Reading {
        next: Next::License,
        depth: 0,
        references: references.collect(),
        read: LicenseExpression {
            normalized: String::with_capacity(text.len()),
            licenses: Vec::new(),
            exceptions: Vec::new(),
            deprecated: Vec::new(),
        },
    };
    for (place, word) in words(text) {
        let result = reading.take(word);
        result.map_err(|expected| place.error(expected))?;
    }
    let at_end = |expected| Err(SyntaxError::at(text, text.len(), expected));
    match reading.next {
        Next::License => at_end(LicenseExpected::License),
        Next::Exception => at_end(LicenseExpected::Exception),
        _ if reading.depth > 0 => at_end(LicenseExpected::MatchingParenthesis),
        Next::OperatorOrWith | Next::Operator => Ok(reading.read),
    }
}

impl Reading {
    fn take(&mut self, word: &str) -> Result<(), LicenseExpected> {
        let lower = word.to_lowercase();
        match (self.next, lower.as_str()) {
            (Next::License, "(") => self.open(),
            (Next::Exception, "(" | ")" | "and" | "or" | "with") => Err(LicenseExpected::Exception),
            (Next::License, ")" | "and" | "or" | "with") => Err(LicenseExpected::License),
            (Next::License, _) => self.take_license(&lower),
            (Next::Exception, _) => self.take_exception(&lower),
            (_, ")") => self.close(),
            (_, "and") => self.go_on(" AND ", Next::License),
            (_, "or") => self.go_on(" OR ", Next::License),
            (Next::OperatorOrWith, "with") => self.go_on(" WITH ", Next::Exception),
            (Next::Operator, "with") => Err(LicenseExpected::LicenseBeforeWith),
            (Next::Operator | Next::OperatorOrWith, _) => Err(LicenseExpected::Operator),
        }
    }

    fn go_on(&mut self, text: &str, next: Next) -> Result<(), LicenseExpected> {
        self.read.normalized.push_str(text);
        self.next = next;
        Ok(())
    }

    fn open(&mut self) -> Result<(), LicenseExpected> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(LicenseExpected::LessNesting);
        }
        self.go_on("(", Next::License)
    }

    fn close(&mut self) -> Result<(), LicenseExpected> {
        let outside = self.depth.checked_sub(1);
        self.depth = outside.ok_or(LicenseExpected::MatchingParenthesis)?;
        self.go_on(")", Next::Operator)
    }

    fn take_license(&mut self, lower: &str) -> Result<(), LicenseExpected> {
        let license = if let Some(name) = lower.strip_prefix(REFERENCE) {
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            let spelled = self.references.get(lower);
            match spelled {
                Some(spelled) if !name.is_empty() && name.chars().all(legal) => spelled.clone(),
                _ => return Err(LicenseExpected::Reference),
            }
        } else {
            let (name, plus) = match lower.strip_suffix('+') {
                Some(name) => (name, "+"),
                None => (lower, ""),
            };
            let row = find(LICENSES, name).ok_or(LicenseExpected::KnownLicense)?;
            format!("{}{plus}", self.proper(row))
        };
        self.read.normalized.push_str(&license);
        self.read.licenses.push(license);
        self.next = Next::OperatorOrWith;
        Ok(())
    }

    fn take_exception(&mut self, lower: &str) -> Result<(), LicenseExpected> {
        let row = find(EXCEPTIONS, lower).ok_or(LicenseExpected::KnownException)?;
        let exception = self.proper(row);
        self.read.normalized.push_str(exception);
        self.read.exceptions.push(exception.to_owned());
        self.next = Next::Operator;
        Ok(())
    }

    /// The proper spelling of a row, which is remembered if it is deprecated.
    fn proper(&mut self, (id, standing): Row) -> &'static str {
        if standing == Standing::Deprecated {
            self.read.deprecated.push(id);
        }
        id
    }
}
