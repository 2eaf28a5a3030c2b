//! Fixes of a pyproject.toml: replacements at the places of its values, comments and order kept.

use std::ops::Range;

use pubflow_finding::{Edit, Fix};
use toml_edit::Value;

use super::PyprojectSubject;
use crate::pyproject::{Segment, TomlPath};

impl PyprojectSubject {
    /// Writes another string in the place of the value at a path.
    pub(super) fn replace_value(&self, path: &TomlPath, text: &str) -> Option<Fix> {
        let (_, span) = self.pyproject.spans_of(path);
        self.replace(span?, quoted(text))
    }

    /// Writes another bare key in the place of the one at a path.
    pub(super) fn replace_key(&self, path: &TomlPath, key: &str) -> Option<Fix> {
        let (span, _) = self.pyproject.spans_of(path);
        self.replace(span?, key.to_owned())
    }

    /// Writes several strings in the place of one element of an array.
    pub(super) fn replace_element(&self, path: &TomlPath, texts: &[&str]) -> Option<Fix> {
        let (_, span) = self.pyproject.spans_of(path);
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        self.replace(span?, texts.join(", "))
    }

    /// Takes an element out of its array: with its line where it has one of its own, else with the
    /// comma that belongs to it.
    pub(super) fn remove_element(&self, path: &TomlPath) -> Option<Fix> {
        let (array, index) = parent_of(path)?;
        let span_at = |index| self.pyproject.spans_of(&array.index(index)).1;
        let span = span_at(index)?;
        let text = self.pyproject.text();
        let range = if let Some(line) = own_line(text, &span) {
            line
        } else if let Some(next) = span_at(index + 1) {
            span.start..next.start
        } else if let Some(previous) = index.checked_sub(1).and_then(span_at) {
            previous.end..span.end
        } else {
            let rest = text.get(span.end..)?;
            let comma = rest.trim_start().starts_with(',');
            let end = span.end + if comma { rest.find(',')? + 1 } else { 0 };
            span.start..end
        };
        self.replace(range, String::new())
    }

    /// Puts a string behind the last element of an array, on a line of its own where that has one.
    pub(super) fn append_element(&self, array: &TomlPath, new: &str) -> Option<Fix> {
        let span_at = |index| self.pyproject.spans_of(&array.index(index)).1;
        let last = (0..).map_while(span_at).last();
        let Some(last) = last else {
            let (_, span) = self.pyproject.spans_of(array);
            return self.replace(span?, format!("[{}]", quoted(new)));
        };
        let text = self.pyproject.text();
        let before = text.get(..last.start)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = before.get(line..)?;
        let glue = match line > 0 && indent.trim().is_empty() {
            true => format!(",\n{indent}"),
            false => ", ".to_owned(),
        };
        self.replace(last.end..last.end, format!("{glue}{}", quoted(new)))
    }

    /// One replacement, safe to apply.
    pub(super) fn replace(&self, range: Range<usize>, text: String) -> Option<Fix> {
        // Behind a byte order mark the offsets of text and file differ.
        let is_plain = self.pyproject.problems().is_empty();
        let path = String::new();
        is_plain.then(|| Fix {
            safe: true,
            edits: vec![Edit { path, range, text }],
        })
    }
}

/// A string as TOML.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The array of an element, and its number there.
fn parent_of(path: &TomlPath) -> Option<(TomlPath, usize)> {
    let (last, parents) = path.segments().split_last()?;
    let Segment::Index(index) = last else {
        return None;
    };
    let parent = parents
        .iter()
        .fold(TomlPath::default(), |path, segment| match segment {
            Segment::Key(key) => path.key(key),
            Segment::Index(index) => path.index(*index),
        });
    Some((parent, *index))
}

/// The line of an element that shares it with nothing but its comma and a comment.
fn own_line(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let start = text.get(..span.start)?.rfind('\n')? + 1;
    let rest = text.get(span.end..)?;
    let end = rest.find('\n')?;
    let behind = rest.get(..end)?.trim();
    let behind = behind.strip_prefix(',').unwrap_or(behind).trim_start();
    let is_alone = text.get(start..span.start)?.trim().is_empty()
        && (behind.is_empty() || behind.starts_with('#'));
    is_alone.then_some(start..span.end + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pyproject::Pyproject;

    #[track_caller]
    fn edited(text: &str, fix: impl Fn(&PyprojectSubject) -> Option<Fix>) -> String {
        let fix = fix(&PyprojectSubject::bare(Pyproject::parse(text))).unwrap();
        let mut text = text.to_owned();
        let edit = &fix.edits[0];
        text.replace_range(edit.range.clone(), &edit.text);
        assert!(Pyproject::parse(&text).is_toml(), "{text}");
        text
    }

    #[test]
    fn an_element_goes_with_its_comma_or_its_line() {
        let removed = |text: &str, index| {
            edited(text, |subject| {
                subject.remove_element(&TomlPath::of(&["a"]).index(index))
            })
        };
        assert_eq!(removed("a = [1, 2, 3]\n", 0), "a = [2, 3]\n");
        assert_eq!(removed("a = [1, 2, 3,]\n", 2), "a = [1, 2,]\n");
        assert_eq!(removed("a = [1]\n", 0), "a = []\n");
        assert_eq!(removed("a = [ 1 , ]\n", 0), "a = [  ]\n");
        let lines = "a = [\n  1, # one\n  2, # two\n  3 # three\n]\n";
        assert_eq!(removed(lines, 1), "a = [\n  1, # one\n  3 # three\n]\n");
        assert_eq!(removed(lines, 2), "a = [\n  1, # one\n  2, # two\n]\n");
    }

    #[test]
    fn an_element_is_put_behind_the_last() {
        let appended = |text: &str| {
            edited(text, |subject| {
                subject.append_element(&TomlPath::of(&["a"]), "x")
            })
        };
        assert_eq!(appended("a = [ ]\n"), "a = [\"x\"]\n");
        assert_eq!(appended("a = [1, 2]\n"), "a = [1, 2, \"x\"]\n");
        assert_eq!(
            appended("a = [\n  1, # one\n]\n"),
            "a = [\n  1,\n  \"x\", # one\n]\n"
        );
    }
}
