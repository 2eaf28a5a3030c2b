//! How the known tables are written down.

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Whatever it is.
    Any,
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A string, `true` or `false`.
    TextOrFlag,
    /// An array of strings.
    Texts,
    /// A string or an array of strings.
    TextOrTexts,
    /// A dotted name of a Python object.
    Reference,
    /// The name of a package or module.
    Package,
    /// An array of names of packages or modules.
    Packages,
    /// A table with names of the user's choice.
    Map(Names, &'static Shape),
    /// A table.
    Table(&'static Table),
    /// An array of names of packages, or a table.
    PackagesOrTable(&'static Table),
    /// An array of tables.
    Tables(&'static Table),
}

impl Shape {
    /// The type in words, for messages.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text | Self::Reference | Self::Package => "a string",
            Self::Flag => "true or false",
            Self::TextOrFlag => "a string, true or false",
            Self::Texts | Self::Packages | Self::PackagesOrTable(_) => "an array of strings",
            Self::TextOrTexts => "a string or an array of strings",
            Self::Map(..) | Self::Table(_) => "a table",
            Self::Tables(_) => "an array of tables",
        }
    }
}

/// What the names in a table of the user's choice are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Any text.
    Any,
    /// Names of extras.
    Extras,
    /// Names of packages, or nothing for the directory of all.
    Packages,
    /// Names of packages, or a star for all.
    PackagesOrStar,
}

/// A table whose keys are known.
#[derive(Debug)]
pub(super) struct Table {
    /// The keys, each with what it holds.
    pub(super) keys: &'static [(&'static str, Shape)],
    /// Groups of keys, of each of which one must be there.
    pub(super) required: &'static [&'static [&'static str]],
    /// Whether other keys are wrong; if not, only near misses are.
    pub(super) closed: bool,
}

/// A table that has no other keys.
pub(super) const fn closed(keys: &'static [(&'static str, Shape)]) -> Table {
    Table {
        keys,
        required: &[],
        closed: true,
    }
}

/// A table that has no other keys, and must have some of them.
pub(super) const fn requiring(
    keys: &'static [(&'static str, Shape)],
    required: &'static [&'static [&'static str]],
) -> Table {
    Table {
        keys,
        required,
        closed: true,
    }
}

/// A table that may have other keys.
pub(super) const fn open(keys: &'static [(&'static str, Shape)]) -> Table {
    Table {
        keys,
        required: &[],
        closed: false,
    }
}
