//! The grammar of specifiers.
//!
//! The reference implementation folds letters over all of Unicode behind `~=` (`~=1.0poſt1`), takes
//! the clause, and fails when it is asked about a version. Such clauses are refused here.

use std::fmt;

use super::clause::{Operator, SpecifierClause};
use crate::syntax::{Expectation, Scanner, SyntaxError, is_python_space};
use crate::version::{Version, VersionExpected, scan_local, scan_release, scan_suffixes};

/// Why a text is no version specifier.
pub type SpecifierError = SyntaxError<SpecifierExpected>;

/// What a specifier was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecifierExpected {
    /// One of the operators.
    Operator,
    /// The version after an operator.
    Version(VersionExpected),
    /// A second release number after `~=`.
    SecondReleaseNumber,
    /// Another operator before `.*`, or a version without suffixes.
    WildcardPlace,
    /// `==` or `!=` before a version with a local label.
    LocalPlace,
    /// A comma or the end.
    End,
}

impl fmt::Display for SpecifierExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operator => "one of `~=`, `==`, `!=`, `<=`, `>=`, `<`, `>`, `===`",
            Self::Version(expected) => return expected.fmt(f),
            Self::SecondReleaseNumber => "a second release number after `~=`",
            Self::WildcardPlace => "`.*` only after a plain release with `==` or `!=`",
            Self::LocalPlace => "a local label only with `==` or `!=`",
            Self::End => "a comma or the end",
        })
    }
}

impl Expectation for SpecifierExpected {
    const SUBJECT: &'static str = "a version specifier";
}

/// Where the text of a `===` clause ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArbitraryText {
    /// At a comma too: clauses are separated before they are read.
    EndsAtComma,
    /// Not at a comma: a requirement reads its clauses from the left.
    TakesCommas,
}

/// All clauses of a text.
pub(super) fn parse(text: &str) -> Result<Vec<SpecifierClause>, SpecifierError> {
    let mut scanner = Scanner::new(text);
    let mut clauses = Vec::new();
    loop {
        scanner.take_while(|c| c == ',' || is_python_space(c));
        if scanner.at_end() {
            return Ok(clauses);
        }
        let clause = scan_clause(&mut scanner, ArbitraryText::EndsAtComma);
        clauses.push(clause.map_err(|expected| scanner.error(expected))?);
        let end = scanner;
        scanner.skip_python_space();
        if !scanner.at_end() && scanner.peek() != Some(',') {
            return Err(end.error(what_ends(end)));
        }
    }
}

/// Why a clause cannot go on where it ended.
pub(crate) fn what_ends(scanner: Scanner<'_>) -> SpecifierExpected {
    if scanner.rest().starts_with(".*") {
        SpecifierExpected::WildcardPlace
    } else if scanner.rest().starts_with('+') {
        SpecifierExpected::LocalPlace
    } else {
        SpecifierExpected::End
    }
}

/// One clause, as long as it goes. After an error the scanner stands where it is.
pub(crate) fn scan_clause(
    scanner: &mut Scanner<'_>,
    arbitrary: ArbitraryText,
) -> Result<SpecifierClause, SpecifierExpected> {
    let operator = Operator::ALL
        .into_iter()
        .find(|operator| scanner.eat(operator.as_str()))
        .ok_or(SpecifierExpected::Operator)?;
    scanner.skip_python_space();
    if operator == Operator::Arbitrary {
        return Ok(scan_arbitrary(scanner, arbitrary));
    }
    let start = *scanner;
    let mut parts = scan_release(scanner).map_err(SpecifierExpected::Version)?;
    if operator == Operator::Compatible && parts.release.len() < 2 {
        return Err(SpecifierExpected::SecondReleaseNumber);
    }
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let bare = scanner.since(start);
    let wildcard = equality && scanner.eat(".*");
    if !wildcard {
        scan_suffixes(scanner, &mut parts);
        if equality {
            scan_local(scanner, &mut parts);
        }
    }
    let text = scanner.since(start);
    Ok(SpecifierClause {
        operator,
        text: text.into(),
        version: Some(Version::from_parts(
            if wildcard { bare } else { text },
            parts,
        )),
        wildcard,
    })
}

/// The text after `===`, which may be anything without white space, `;` and `)`, even nothing.
fn scan_arbitrary(scanner: &mut Scanner<'_>, commas: ArbitraryText) -> SpecifierClause {
    let text = scanner.take_while(|c| {
        !(is_python_space(c)
            || matches!(c, ';' | ')')
            || (c == ',' && commas == ArbitraryText::EndsAtComma))
    });
    SpecifierClause {
        operator: Operator::Arbitrary,
        text: text.into(),
        version: Version::parse(text).ok(),
        wildcard: false,
    }
}
