//! Options of directives: the table of each, and how a field list is read as options.

use super::convert::{self, Value};
use crate::rst::chars::words;
use crate::rst::field::field_name;
use crate::rst::line::{Indent, Lines};
use crate::rst::mark::Mark;

/// An option's name and what reads its value.
pub(super) type Spec = (&'static str, fn(Option<&str>) -> Result<Value, String>);

const CLASS: Spec = ("class", convert::classes);
const NAME: Spec = ("name", convert::unchanged);

pub(super) static SPEC_BLOCK: &[Spec] = &[CLASS, NAME];
pub(super) static SPEC_CLASS: &[Spec] = &[CLASS];
pub(super) static SPEC_NAME: &[Spec] = &[NAME];
pub(super) static SPEC_SIDEBAR: &[Spec] = &[CLASS, NAME, ("subtitle", convert::required)];
pub(super) static SPEC_CODE: &[Spec] = &[CLASS, NAME, ("number-lines", convert::integer_or_none)];
pub(super) static SPEC_TABLE: &[Spec] = &[
    CLASS,
    NAME,
    ("align", convert::align_horizontal),
    ("width", convert::length_or_percentage),
    ("widths", convert::widths_or_grid),
];
pub(super) static SPEC_CSV: &[Spec] = &[
    CLASS,
    NAME,
    ("align", convert::align_horizontal),
    ("width", convert::length_or_percentage),
    ("widths", convert::widths),
    ("header-rows", convert::nonnegative),
    ("stub-columns", convert::nonnegative),
    ("header", convert::unchanged),
    ("file", convert::path),
    ("url", convert::uri),
    ("encoding", convert::encoding),
    ("delim", convert::delimiter),
    ("keepspace", convert::flag),
    ("quote", convert::single_char),
    ("escape", convert::single_char),
];
pub(super) static SPEC_LIST_TABLE: &[Spec] = &[
    CLASS,
    NAME,
    ("align", convert::align_horizontal),
    ("width", convert::length_or_percentage),
    ("widths", convert::widths),
    ("header-rows", convert::nonnegative),
    ("stub-columns", convert::nonnegative),
];
pub(super) static SPEC_IMAGE: &[Spec] = &[
    CLASS,
    NAME,
    ("alt", convert::unchanged),
    ("height", convert::length),
    ("width", convert::length_or_percentage),
    ("scale", convert::percentage),
    ("align", convert::align),
    ("target", convert::required),
    ("loading", convert::loading),
];
pub(super) static SPEC_FIGURE: &[Spec] = &[
    CLASS,
    NAME,
    ("alt", convert::unchanged),
    ("height", convert::length),
    ("width", convert::length_or_percentage),
    ("scale", convert::percentage),
    ("align", convert::align_horizontal),
    ("target", convert::required),
    ("loading", convert::loading),
    ("figwidth", convert::figure_width),
    ("figclass", convert::classes),
    ("figname", convert::unchanged),
];
pub(super) static SPEC_CONTENTS: &[Spec] = &[
    CLASS,
    ("depth", convert::nonnegative),
    ("local", convert::flag),
    ("backlinks", convert::backlinks),
];
pub(super) static SPEC_SECTNUM: &[Spec] = &[
    ("depth", convert::integer),
    ("start", convert::integer),
    ("prefix", convert::required),
    ("suffix", convert::required),
];
pub(super) static SPEC_RAW: &[Spec] = &[
    CLASS,
    ("file", convert::path),
    ("url", convert::uri),
    ("encoding", convert::encoding),
];
pub(super) static SPEC_INCLUDE: &[Spec] = &[
    CLASS,
    NAME,
    ("literal", convert::flag),
    ("code", convert::unchanged),
    ("encoding", convert::encoding),
    ("parser", convert::parser),
    ("tab-width", convert::integer),
    ("start-line", convert::integer),
    ("end-line", convert::integer),
    ("start-after", convert::required),
    ("end-before", convert::required),
    ("number-lines", convert::unchanged),
];
pub(super) static SPEC_UNICODE: &[Spec] = &[
    ("trim", convert::flag),
    ("ltrim", convert::flag),
    ("rtrim", convert::flag),
];
pub(super) static SPEC_TEST: &[Spec] = &[("option", convert::required)];
pub(super) static SPEC_ROLE: &[Spec] = &[CLASS];
pub(super) static SPEC_CODE_ROLE: &[Spec] = &[CLASS, ("language", convert::unchanged)];
pub(super) static SPEC_RAW_ROLE: &[Spec] = &[CLASS, ("format", convert::unchanged)];

/// Options that were given.
#[derive(Debug, Default)]
pub(super) struct Options {
    values: Vec<(&'static str, Value)>,
}

impl Options {
    /// The value of an option.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let found = self.values.iter().find(|(key, _)| *key == name)?;
        Some(&found.1)
    }

    /// The value of an option that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of an option that is a number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The value of an option that is a list of texts; empty where it was not given.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Value::List(list)) => list.clone(),
            _ => Vec::new(),
        }
    }

    /// Sets the text that stands for an image in a substitution.
    pub(super) fn preset(&mut self, alt: &str) {
        self.values.push(("alt", Value::Text(alt.to_owned())));
    }

    /// Reads a field list.
    pub(super) fn read(&mut self, lines: &Lines, specs: &[Spec]) -> Result<(), String> {
        let fields = fields(lines)?;
        let mut given: Vec<(&'static str, Value)> = Vec::new();
        for (name, data) in fields {
            let Some((name, convert)) = specs.iter().find(|(key, _)| *key == name) else {
                return Err(format!("unknown option: \"{name}\""));
            };
            if given.iter().any(|(key, _)| key == name) {
                return Err(format!("invalid option data: duplicate option \"{name}\""));
            }
            let value = convert(data.as_deref()).map_err(|problem| {
                let shown = data.as_deref().map_or("None".to_owned(), convert::repr);
                let shown = format!("(option: \"{name}\"; value: {shown})\n{problem}");
                format!("invalid option value: {shown}")
            })?;
            given.push((*name, value));
        }
        self.values
            .retain(|(key, _)| !given.iter().any(|(name, _)| name == key));
        self.values.extend(given);
        Ok(())
    }
}

/// Names and texts of the fields; the whole block must be one field list.
fn fields(lines: &Lines) -> Result<Vec<(String, Option<String>)>, String> {
    let mut fields = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Mark::Field(end) = Mark::of(&lines[at]) else {
            return Err("invalid option block".to_owned());
        };
        let name = field_name(&lines[at], end);
        let wanted = Indent {
            first: Some(end),
            ..Indent::default()
        };
        let (block, _) = lines.indented(at, wanted);
        at += block.len().max(1);
        let mut names = words(name);
        let (Some(first), None) = (names.next(), names.next()) else {
            let problem = "extension option field name may not contain multiple words";
            return Err(format!("invalid option data: {problem}"));
        };
        let n_blank = block.iter().take_while(|line| line.is_blank()).count();
        let text = block.from(n_blank).trim_end();
        let data = (!text.is_empty()).then(|| text.joined());
        fields.push((first.to_lowercase(), data));
    }
    Ok(fields)
}
