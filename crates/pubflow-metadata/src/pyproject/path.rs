//! Paths into a TOML document: `project.authors[0].name`, `tool."a.b".c`.

use std::fmt;
use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::Pyproject;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Key of a table.
    Key(String),
    /// Element of an array, from 0.
    Index(usize),
}

/// A path into a TOML document; written with bare keys where they can be bare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TomlPath(Vec<Segment>);

impl TomlPath {
    /// A path of keys.
    #[must_use]
    pub fn of(keys: &[&str]) -> Self {
        Self(
            keys.iter()
                .map(|&key| Segment::Key(key.to_owned()))
                .collect(),
        )
    }

    /// This path and one key more.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Key(key.to_owned()));
        path
    }

    /// This path and one element more.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Index(index));
        path
    }

    /// Its steps.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Reads a path; keys with dots or brackets stand in double quotes, without escapes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text;
        loop {
            let (key, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
            };
            segments.push(Segment::Key(key.to_owned()));
            rest = after;
            while let Some(bracket) = rest.strip_prefix('[') {
                let (index, after) = bracket.split_once(']')?;
                segments.push(Segment::Index(index.parse().ok()?));
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None => return rest.is_empty().then_some(Self(segments)),
            }
        }
    }
}

impl fmt::Display for TomlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    let bare = !key.is_empty()
                        && key
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
                    if bare {
                        f.write_str(key)?;
                    } else {
                        write!(f, "\"{key}\"")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What stands at a path.
pub(super) struct Found<'a> {
    /// The item, unless it is an element of an array.
    pub(super) item: Option<&'a Item>,
    pub(super) key_span: Option<Range<usize>>,
    pub(super) value_span: Option<Range<usize>>,
}

/// A node on the way.
#[derive(Clone, Copy)]
enum Node<'a> {
    Item(&'a Item),
    Value(&'a Value),
    Table(&'a dyn TableLike),
}

impl<'a> Node<'a> {
    fn table(self) -> Option<&'a dyn TableLike> {
        match self {
            Self::Item(item) => item.as_table_like(),
            Self::Value(value) => value.as_inline_table().map(|table| table as &dyn TableLike),
            Self::Table(table) => Some(table),
        }
    }

    fn element(self, index: usize) -> Option<Self> {
        let array = match self {
            Self::Item(item) => match item.as_array_of_tables() {
                Some(tables) => {
                    let table = tables.get(index)?;
                    return Some(Self::Table(table as &dyn TableLike));
                }
                None => item.as_array()?,
            },
            Self::Value(value) => value.as_array()?,
            Self::Table(_) => return None,
        };
        array.get(index).map(Self::Value)
    }
}

impl Pyproject {
    pub(super) fn find(&self, path: &TomlPath) -> Option<Found<'_>> {
        let mut node = Node::Table(self.root()?);
        let mut key_span = None;
        let mut value_span = None;
        for segment in &path.0 {
            match segment {
                Segment::Key(key) => {
                    let (key, item) = node.table()?.get_key_value(key)?;
                    key_span = key.span();
                    value_span = item.span();
                    node = Node::Item(item);
                }
                Segment::Index(index) => {
                    node = node.element(*index)?;
                    key_span = None;
                    if let Node::Value(value) = node {
                        value_span = value.span();
                    } else if let Node::Table(_) = node {
                        value_span = self.array_table_span(path);
                    }
                }
            }
        }
        let item = match node {
            Node::Item(item) => Some(item),
            Node::Value(_) | Node::Table(_) => None,
        };
        Some(Found {
            item,
            key_span,
            value_span,
        })
    }

    /// Span of a table in an array of tables: of its `[[header]]`.
    fn array_table_span(&self, path: &TomlPath) -> Option<Range<usize>> {
        let (last, parents) = path.0.split_last()?;
        let Segment::Index(index) = last else {
            return None;
        };
        let parent = self.find(&Self::path_of(parents))?;
        parent.item?.as_array_of_tables()?.get(*index)?.span()
    }

    fn path_of(segments: &[Segment]) -> TomlPath {
        TomlPath(segments.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_as_written() {
        for text in [
            "project",
            "project.authors[0].name",
            "tool.\"a.b\".c",
            "tool.\"\"",
            "a[1][2]",
        ] {
            assert_eq!(TomlPath::parse(text).unwrap().to_string(), text);
        }
        for text in ["a[x]", "a\"b\"[", "\"a", "a]b["] {
            assert_eq!(TomlPath::parse(text), None, "{text}");
        }
    }
}
