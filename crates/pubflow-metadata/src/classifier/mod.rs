//! The classifiers that PyPI knows.
//!
//! `classifiers.txt` is the list of trove-classifiers 2026.9.21.13, one a line in byte order;
//! deprecated ones are followed by `deprecated` and what to use instead, separated by tabs.

const LIST: &str = include_str!("classifiers.txt");

/// Date of the embedded list. The list only grows, so that an unknown classifier may be newer.
pub const LIST_DATE: &str = "2026-09-21";

/// Bytes from which a text is like no classifier; the longest known one has about 90.
const LONGEST: usize = 200;

/// Beginning of the classifiers that no index knows: they keep a project from being uploaded.
pub const PRIVATE: &str = "Private ::";

/// What PyPI makes of a classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Accepted.
    Known,
    /// Refused since it was deprecated.
    Deprecated {
        /// What to use instead; may be empty.
        instead: Vec<&'static str>,
    },
    /// Refused by design.
    Private,
    /// Refused as unknown.
    Unknown,
}

/// What PyPI makes of a classifier; letter case and blanks matter.
#[must_use]
pub fn standing(classifier: &str) -> Standing {
    if classifier.starts_with(PRIVATE) {
        return Standing::Private;
    }
    match find(classifier) {
        None => Standing::Unknown,
        Some(line) => {
            let mut parts = line.split('\t').skip(1);
            match parts.next() {
                None => Standing::Known,
                Some(_) => Standing::Deprecated {
                    instead: parts.collect(),
                },
            }
        }
    }
}

/// The known classifier that differs from `text` in letter case or blanks only.
#[must_use]
pub fn respelt(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return None;
    }
    let folded = fold(text);
    names().find(|name| fold(name) == folded)
}

/// The known classifier that differs from `text` in letter case or blanks only, else the most
/// similar one.
#[must_use]
pub fn nearest(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return None;
    }
    respelt(text).or_else(|| crate::spelling::nearest(text, names()))
}

fn fold(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.concat().to_lowercase()
}

fn names() -> impl Iterator<Item = &'static str> {
    LIST.lines().map(name_of)
}

fn name_of(line: &'static str) -> &'static str {
    line.split('\t').next().unwrap_or(line)
}

/// The line of a classifier, by bisection over the byte offsets of the list.
fn find(classifier: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = LIST.as_bytes()[..middle]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = LIST[start..].lines().next()?;
        match name_of(line).as_bytes().cmp(classifier.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(line),
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_the_list_is_in_byte_order() {
        let mut before = "";
        for line in LIST.lines() {
            assert!(before < name_of(line), "{line}");
            assert_eq!(find(name_of(line)), Some(line));
            before = name_of(line);
        }
    }

    #[test]
    fn standings_follow_the_list_exactly() {
        assert_eq!(
            standing("Programming Language :: Python :: 3"),
            Standing::Known
        );
        assert_eq!(
            standing("programming language :: python :: 3"),
            Standing::Unknown
        );
        assert_eq!(standing(""), Standing::Unknown);
        assert_eq!(standing("~"), Standing::Unknown);
        assert_eq!(standing("Private :: Do Not Upload"), Standing::Private);
        assert_eq!(
            standing("Natural Language :: Ukranian"),
            Standing::Deprecated {
                instead: vec!["Natural Language :: Ukrainian"]
            }
        );
    }

    #[test]
    fn near_misses_are_named() {
        assert_eq!(
            nearest("programming language::python"),
            Some("Programming Language :: Python")
        );
        assert_eq!(
            nearest("License :: OSI Aproved :: MIT License"),
            Some("License :: OSI Approved :: MIT License")
        );
        assert_eq!(nearest("Nope"), None);
    }
}
