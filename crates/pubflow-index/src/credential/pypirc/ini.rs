//! The INI dialect of `.pypirc`, read as the standard library's `RawConfigParser` reads it.
//!
//! The surprises: option names are lower-cased and section names are not; `=` and `:` both divide;
//! `%` means nothing; `#` and `;` begin a comment only at the beginning of a line; a line that is
//! indented deeper than its option continues it; options of `[DEFAULT]` stand in every section; a
//! section or an option that is written twice is an error.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

const DEFAULT: &str = "DEFAULT";

/// The sections of a file.
#[derive(Default)]
pub(super) struct Ini {
    sections: BTreeMap<String, Section>,
    defaults: Section,
}

type Section = BTreeMap<String, Zeroizing<String>>;

/// Why a text cannot be read. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IniError {
    /// A line before the first `[section]`.
    #[error("line {line} stands before the first [section]")]
    NoSection {
        /// From 1.
        line: usize,
    },
    /// A section that is there already.
    #[error("line {line}: the section [{section}] is there twice")]
    SectionTwice {
        /// From 1.
        line: usize,
        /// Its name.
        section: String,
    },
    /// An option that is there already.
    #[error("line {line}: `{option}` is set twice in [{section}]")]
    OptionTwice {
        /// From 1.
        line: usize,
        /// The section.
        section: String,
        /// The option.
        option: String,
    },
    /// A line that is neither a section nor an option.
    #[error("line {line} is neither a [section] nor `name = value`")]
    Line {
        /// From 1.
        line: usize,
    },
}

impl Ini {
    pub(super) fn parse(text: &str) -> Result<Self, IniError> {
        let mut reader = Reader::default();
        let text = Zeroizing::new(text.replace("\r\n", "\n").replace('\r', "\n"));
        for (n, line) in text.split('\n').enumerate() {
            reader.read(n + 1, line)?;
        }
        reader.finish()
    }

    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.contains_key(name)
    }

    /// An option of a section that is there, its defaults included.
    pub(super) fn get(&self, section: &str, option: &str) -> Option<&str> {
        let options = self.sections.get(section)?;
        let value = options.get(option).or_else(|| self.defaults.get(option))?;
        Some(value.as_str())
    }
}

/// What is known in the middle of a file.
#[derive(Default)]
struct Reader {
    ini: Ini,
    section: Option<String>,
    /// The option that a deeper line would continue.
    option: Option<String>,
    indent: usize,
    seen: BTreeSet<(String, String)>,
    first_bad: Option<usize>,
}

impl Reader {
    fn read(&mut self, n: usize, line: &str) -> Result<(), IniError> {
        let value = line.trim();
        if value.starts_with(['#', ';']) {
            return Ok(());
        }
        if value.is_empty() {
            // An empty line inside a value belongs to it; at its end it is cut off again.
            self.append("");
            return Ok(());
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if self.option.is_some() && indent > self.indent {
            self.append(value);
            return Ok(());
        }
        self.indent = indent;
        if let Some(name) = header(value) {
            return self.open(n, name);
        }
        let Some(section) = self.section.clone() else {
            return Err(IniError::NoSection { line: n });
        };
        let Some((name, value)) = value
            .split_once(['=', ':'])
            .filter(|(name, _)| !name.trim().is_empty())
        else {
            // Duplicates come before it, as they do in the original.
            self.first_bad.get_or_insert(n);
            return Ok(());
        };
        let option = name.trim().to_lowercase();
        if !self.seen.insert((section.clone(), option.clone())) {
            return Err(IniError::OptionTwice {
                line: n,
                section,
                option,
            });
        }
        let value = Zeroizing::new(value.trim().to_owned());
        self.options(&section).insert(option.clone(), value);
        self.option = Some(option);
        Ok(())
    }

    fn open(&mut self, n: usize, name: &str) -> Result<(), IniError> {
        if name != DEFAULT {
            if self.ini.sections.contains_key(name) {
                return Err(IniError::SectionTwice {
                    line: n,
                    section: name.to_owned(),
                });
            }
            self.ini.sections.insert(name.to_owned(), Section::new());
        }
        self.section = Some(name.to_owned());
        self.option = None;
        Ok(())
    }

    fn append(&mut self, line: &str) {
        let (Some(section), Some(option)) = (self.section.clone(), self.option.clone()) else {
            return;
        };
        if let Some(value) = self.options(&section).get_mut(&option) {
            value.push('\n');
            value.push_str(line);
        }
    }

    fn options(&mut self, section: &str) -> &mut Section {
        if section == DEFAULT {
            &mut self.ini.defaults
        } else {
            self.ini.sections.entry(section.to_owned()).or_default()
        }
    }

    fn finish(mut self) -> Result<Ini, IniError> {
        if let Some(line) = self.first_bad {
            return Err(IniError::Line { line });
        }
        let sections = self.ini.sections.values_mut();
        for value in sections
            .chain([&mut self.ini.defaults])
            .flat_map(BTreeMap::values_mut)
        {
            let end = value.trim_end().len();
            value.truncate(end);
        }
        Ok(self.ini)
    }
}

/// The name in `[name]`; what follows the last bracket is passed over.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?;
    let (name, _) = name.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, section: &str, option: &str) -> Option<String> {
        Ini::parse(text)
            .unwrap()
            .get(section, option)
            .map(str::to_owned)
    }

    #[test]
    fn options_are_read_in_both_spellings_and_comments_only_at_the_beginning() {
        let text = "# c\n[a]\nUser = x # y\n; c\npass: p=q:r\n[b]] tail\nk=v\n";
        assert_eq!(get(text, "a", "user").as_deref(), Some("x # y"));
        assert_eq!(get(text, "a", "pass").as_deref(), Some("p=q:r"));
        assert_eq!(get(text, "b]", "k").as_deref(), Some("v"));
        assert_eq!(get(text, "A", "user"), None);
    }

    #[test]
    fn deeper_lines_continue_and_defaults_stand_everywhere() {
        let text = "[DEFAULT]\nd = 1\n[a]\nlist =\n    one\n  # no\n\n    two\n\n\n[b]\n";
        assert_eq!(get(text, "a", "list").as_deref(), Some("\none\n\ntwo"));
        assert_eq!(get(text, "b", "d").as_deref(), Some("1"));
        assert_eq!(get(text, "c", "d"), None);
    }

    #[test]
    fn what_the_original_refuses_is_refused_and_no_value_is_shown() {
        let error = |text: &str| Ini::parse(text).err().unwrap();
        assert_eq!(error("a = 1"), IniError::NoSection { line: 1 });
        assert!(matches!(
            error("[a]\n[a]"),
            IniError::SectionTwice { line: 2, .. }
        ));
        assert!(matches!(
            error("[a]\nx=1\nX:2"),
            IniError::OptionTwice { line: 3, .. }
        ));
        for text in ["[a]\ncanary", "[a]\n= canary", "[a]\nx=1\ncanary\n"] {
            let error = error(text);
            assert!(matches!(error, IniError::Line { .. }));
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
        assert!(Ini::parse("[]\n").is_err());
    }
}
