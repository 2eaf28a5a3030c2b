//! `entry_points.txt`: scripts and plugins.
//!
//! Read as Python's `configparser` reads it with `=` as the only delimiter and names in their own
//! letter case, because the index does so (R132).
//!
//! Spec: PyPUG "Entry points specification".

/// The groups of an entry points file, and what was wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPoints {
    points: Vec<EntryPoint>,
    problems: Vec<EntryPointProblem>,
}

/// One entry point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// The group, such as `console_scripts`.
    pub group: String,
    /// The name; for a script the command.
    pub name: String,
    /// The object reference as written, continuation lines joined by line ends.
    pub value: String,
    /// Line, from 1.
    pub line: usize,
}

/// One thing wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPointProblem {
    /// What.
    pub kind: EntryPointProblemKind,
    /// Line, from 1; 0 for the file as a whole.
    pub line: usize,
}

/// What can be wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryPointProblemKind {
    /// The file is not UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8,
    /// A line in front of the first group.
    #[error("`{0}` stands in front of the first `[group]`")]
    NoGroup(String),
    /// A line without `=`.
    #[error("`{0}` has no `=`")]
    NoEquals(String),
    /// A line without a name in front of `=`.
    #[error("an entry has no name")]
    NoName,
    /// A group that was there before.
    #[error("the group `{0}` is there twice")]
    DuplicateGroup(String),
    /// A name that its group has already.
    #[error("the entry `{0}` is there twice")]
    DuplicateName(String),
}

/// An object reference `module:attribute [extras]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectReference<'a> {
    /// Dotted module.
    pub module: &'a str,
    /// Dotted attribute, if there is one.
    pub attribute: Option<&'a str>,
    /// The text between brackets, if there is any.
    pub extras: Option<&'a str>,
}

impl<'a> ObjectReference<'a> {
    /// Reads a reference; `None` if it is not of the form `module[:attribute] [[extras]]`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (reference, extras) = match text.split_once('[') {
            Some((reference, rest)) => (reference.trim_end(), Some(rest.strip_suffix(']')?)),
            None => (text, None),
        };
        let (module, attribute) = match reference.split_once(':') {
            Some((module, attribute)) => (module.trim_end(), Some(attribute.trim_start())),
            None => (reference, None),
        };
        let whole = is_dotted(module) && attribute.is_none_or(is_dotted);
        whole.then_some(Self {
            module,
            attribute,
            extras,
        })
    }
}

/// Identifiers joined by dots.
fn is_dotted(text: &str) -> bool {
    text.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && chars.all(|c| c == '_' || c.is_alphanumeric())
    })
}

impl EntryPoints {
    /// Reads a file.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut reader = Reader::default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            reader.problem(EntryPointProblemKind::NotUtf8, 0);
            return reader.read;
        };
        for (index, line) in text.split('\n').enumerate() {
            reader.line(line, index + 1);
        }
        reader.read
    }

    /// All entry points in their order.
    #[must_use]
    pub fn points(&self) -> &[EntryPoint] {
        &self.points
    }

    /// Entry points of one group.
    pub fn group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a EntryPoint> {
        self.points.iter().filter(move |point| point.group == group)
    }

    /// Console and GUI scripts.
    pub fn scripts(&self) -> impl Iterator<Item = &EntryPoint> {
        self.points
            .iter()
            .filter(|point| is_script_group(&point.group))
    }

    /// What is wrong with the file.
    #[must_use]
    pub fn problems(&self) -> &[EntryPointProblem] {
        &self.problems
    }
}

/// Whether entries of this group become commands.
pub(crate) fn is_script_group(group: &str) -> bool {
    matches!(group, "console_scripts" | "gui_scripts")
}

#[derive(Default)]
struct Reader {
    read: EntryPoints,
    group: Option<String>,
    groups: std::collections::HashSet<String>,
    names: std::collections::HashSet<(String, String)>,
    /// Whether the last line was an entry, so that a deeper line continues it.
    continues: bool,
    indent: usize,
}

impl Reader {
    fn problem(&mut self, kind: EntryPointProblemKind, line: usize) {
        self.read.problems.push(EntryPointProblem { kind, line });
    }

    fn line(&mut self, line: &str, number: usize) {
        let value = line.trim();
        if value.is_empty() || value.starts_with(['#', ';']) {
            return;
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if self.continues && indent > self.indent {
            if let Some(point) = self.read.points.last_mut() {
                point.value.push('\n');
                point.value.push_str(value);
            }
            return;
        }
        self.indent = indent;
        self.continues = false;
        let header = value
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .filter(|(name, _)| !name.is_empty());
        if let Some((name, _)) = header {
            if !self.groups.insert(name.to_owned()) {
                let kind = EntryPointProblemKind::DuplicateGroup(name.to_owned());
                self.problem(kind, number);
            }
            self.group = Some(name.to_owned());
            return;
        }
        self.entry(value, number);
    }

    fn entry(&mut self, value: &str, line: usize) {
        let Some(group) = self.group.clone() else {
            let kind = EntryPointProblemKind::NoGroup(value.to_owned());
            self.problem(kind, line);
            return;
        };
        let Some((name, reference)) = value.split_once('=') else {
            let kind = EntryPointProblemKind::NoEquals(value.to_owned());
            self.problem(kind, line);
            return;
        };
        let name = name.trim_end().to_owned();
        if name.is_empty() {
            self.problem(EntryPointProblemKind::NoName, line);
            return;
        }
        if !self.names.insert((group.clone(), name.clone())) {
            self.problem(EntryPointProblemKind::DuplicateName(name.clone()), line);
        }
        self.read.points.push(EntryPoint {
            group,
            name,
            value: reference.trim().to_owned(),
            line,
        });
        self.continues = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[EntryPointProblemKind]) {
        let read = EntryPoints::parse(text.as_bytes());
        let kinds: Vec<_> = read.problems().iter().map(|p| p.kind.clone()).collect();
        assert_eq!(kinds, expected, "{text:?}");
    }

    #[test]
    fn entries_are_read_by_group() {
        let text =
            "; comment\n[console_scripts]\nfoo = foo:main [x]\nFoo = foo:main\n\n[a.b]\n x y = z\n";
        let read = EntryPoints::parse(text.as_bytes());
        assert_eq!(read.problems(), []);
        assert_eq!(read.scripts().count(), 2);
        let point = read.group("a.b").next().unwrap();
        assert_eq!((point.name.as_str(), point.line), ("x y", 7));
        let reference = ObjectReference::parse(&read.points()[0].value).unwrap();
        assert_eq!(reference.module, "foo");
        assert_eq!(reference.attribute, Some("main"));
        assert_eq!(reference.extras, Some("x"));
    }

    #[test]
    fn deeper_lines_continue_an_entry() {
        let read = EntryPoints::parse(b"[g]\nfoo = a:b\n  continued\n");
        assert_eq!(read.points()[0].value, "a:b\ncontinued");
        assert_eq!(read.problems(), []);
    }

    #[test]
    fn what_configparser_refuses_is_a_problem() {
        use EntryPointProblemKind as Kind;
        check("", &[]);
        check("[console_scripts]\n", &[]);
        check("[g]\nfoo:main\n", &[Kind::NoEquals("foo:main".into())]);
        check("foo = a:b\n", &[Kind::NoGroup("foo = a:b".into())]);
        check("[g]\na = b\na = c\n", &[Kind::DuplicateName("a".into())]);
        check("[g]\na = b\n[g]\n", &[Kind::DuplicateGroup("g".into())]);
        check("[g]\n= b\n", &[Kind::NoName]);
        let read = EntryPoints::parse(b"[g]\na = \xe9\n");
        assert_eq!(read.problems()[0].kind, Kind::NotUtf8);
    }

    #[test]
    fn references_are_dotted_identifiers() {
        for text in ["a", "a.b:c", "a:b.c", "a:b [x,y]", "_a1:_b"] {
            assert!(ObjectReference::parse(text).is_some(), "{text}");
        }
        for text in ["", "a:", ":b", "a-b:c", "a:b()", "a b:c", "1a:b", "a:b [x"] {
            assert!(ObjectReference::parse(text).is_none(), "{text}");
        }
    }
}
