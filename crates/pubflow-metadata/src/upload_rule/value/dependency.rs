//! Requirements, required Pythons, extras (R044 to R046, R052).

use pubflow_spec::{
    MarkerExpected, ProjectName, Requirement, RequirementError, RequirementExpected, SpecifierSet,
};

use super::Collector;
use crate::quoted::quoted;

pub(super) fn requires_python(values: &[&str], found: &mut Collector) {
    if let Some(value) = values.first()
        && SpecifierSet::parse(value).is_err()
    {
        let message = format!("{} is invalid for 'requires-python'", quoted(value));
        found.specification("R046", 0, message);
    }
}

pub(super) fn requires_dist(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        match Requirement::parse(value) {
            Err(_) => {
                let message = format!("{} is invalid for 'requires-dist'", quoted(value));
                found.specification("R044", at, message);
            }
            Ok(requirement) if requirement.url().is_some() => {
                let message = format!("Can't have direct dependency: {requirement}");
                found.index("R045", at, message);
            }
            Ok(_) => {}
        }
    }
}

/// `Provides-Dist` and `Obsoletes-Dist`, which the index judges itself and in other words.
pub(super) fn other_dist(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        let shown = quoted(value);
        match Requirement::parse(value) {
            Err(error) => {
                let words = parser_words(value, &error);
                found.index("R044", at, format!("{shown} is invalid: {words}"));
            }
            Ok(requirement) if requirement.url().is_some() => {
                found.index("R045", at, format!("Can't have direct dependency: {shown}"));
            }
            Ok(_) => {}
        }
    }
}

/// What the index's parser says of a text that is no requirement: a sentence, the text, and a mark under the place.
fn parser_words(text: &str, error: &RequirementError) -> String {
    let first = |marks: &[char]| {
        text.chars()
            .position(|character| marks.contains(&character))
    };
    let versions = ['<', '>', '=', '!', '~', '('];
    let (what, start) = match error.expected() {
        RequirementExpected::Name => ("package name at the start of dependency specifier", None),
        RequirementExpected::Extra => ("extra name after comma", None),
        RequirementExpected::ClosingBracket => (
            "matching RIGHT_BRACKET for LEFT_BRACKET, after extras",
            first(&['[']),
        ),
        RequirementExpected::Url => ("URL after @", None),
        RequirementExpected::AfterUrl => {
            ("semicolon (after URL and whitespace) or end", first(&['@']))
        }
        RequirementExpected::ClosingParenthesis => (
            "matching RIGHT_PARENTHESIS for LEFT_PARENTHESIS, after version specifier",
            first(&['(']),
        ),
        RequirementExpected::AfterName => (
            "semicolon (after name with no version specifier) or end",
            None,
        ),
        RequirementExpected::AfterSpecifier | RequirementExpected::Specifier(_) => (
            "semicolon (after version specifier) or end",
            first(&versions),
        ),
        RequirementExpected::Marker(MarkerExpected::Operator | MarkerExpected::InAfterNot) => (
            "marker operator, one of <=, <, !=, ==, >=, >, ~=, ===, not, not in",
            None,
        ),
        RequirementExpected::Marker(_) => ("a marker variable or quoted string", None),
    };
    let at = error.position();
    let start = start.filter(|start| *start < at).unwrap_or(at);
    let (blanks, waves) = (" ".repeat(start), "~".repeat(at - start));
    format!("Expected {what}\n    {text}\n    {blanks}{waves}^")
}

pub(super) fn extras(values: &[&str], found: &mut Collector) {
    for (at, value) in values.iter().enumerate() {
        if ProjectName::parse(value).is_err() {
            let message = format!("{} is invalid for 'provides-extra'", quoted(value));
            found.specification("R052", at, message);
        }
    }
}
