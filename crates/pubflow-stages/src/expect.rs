//! What a build has to make: kinds of distributions, or exact compatibility tags.

use std::collections::BTreeSet;

use pubflow_spec::DistributionFilename;

/// An expected set; an empty one expects nothing in particular.
#[derive(Debug, Clone)]
pub struct Expected {
    entries: Vec<Entry>,
}

/// One entry of an expected set.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Sdist,
    /// At least one wheel, whatever its tags.
    Wheel,
    /// A wheel with these tags, `*` standing for any characters.
    Tags(String),
}

/// How a set of distributions differs from what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct ExpectError {
    /// Entries that nothing meets.
    pub missing: Vec<String>,
    /// Files that no entry asks for.
    pub unexpected: Vec<String>,
}

impl ExpectError {
    fn words(&self) -> String {
        let part = |what: &str, list: &[String]| match list {
            [] => None,
            _ => Some(format!("{what}: {}", list.join(", "))),
        };
        let parts = [
            part("missing", &self.missing),
            part("not expected", &self.unexpected),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

impl Expected {
    /// The set that entries of the configuration stand for.
    #[must_use]
    pub fn of(entries: &[String]) -> Self {
        let entry = |text: &String| match text.as_str() {
            "sdist" => Entry::Sdist,
            "wheel" => Entry::Wheel,
            tags => Entry::Tags(tags.to_owned()),
        };
        Self {
            entries: entries.iter().map(entry).collect(),
        }
    }

    /// The set that these distributions are, for the next release of the same project.
    #[must_use]
    pub fn like(files: &[&DistributionFilename]) -> Self {
        let entry = |file: &&DistributionFilename| match file {
            DistributionFilename::Wheel(wheel) => Entry::Tags(wheel.tag_set.to_string()),
            DistributionFilename::Sdist(_) => Entry::Sdist,
        };
        Self {
            entries: files.iter().map(entry).collect(),
        }
    }

    /// Compares files with the set: each entry must be met, and each file be asked for.
    ///
    /// # Errors
    /// What differs.
    pub fn compare(&self, files: &[&DistributionFilename]) -> Result<(), ExpectError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let unmet = |entry: &&Entry| !files.iter().any(|file| entry.admits(file));
        let missing: BTreeSet<String> = self
            .entries
            .iter()
            .filter(unmet)
            .map(|entry| entry.text().to_owned())
            .collect();
        let unasked =
            |file: &&&DistributionFilename| !self.entries.iter().any(|entry| entry.admits(file));
        let unexpected = files.iter().filter(unasked);
        let unexpected: Vec<String> = unexpected.map(|file| file.as_str().to_owned()).collect();
        if missing.is_empty() && unexpected.is_empty() {
            return Ok(());
        }
        Err(ExpectError {
            missing: missing.into_iter().collect(),
            unexpected,
        })
    }
}

impl Entry {
    fn text(&self) -> &str {
        match self {
            Self::Sdist => "sdist",
            Self::Wheel => "wheel",
            Self::Tags(tags) => tags,
        }
    }

    fn admits(&self, file: &DistributionFilename) -> bool {
        match (self, file) {
            (Self::Sdist, DistributionFilename::Sdist(_))
            | (Self::Wheel, DistributionFilename::Wheel(_)) => true,
            (Self::Tags(pattern), DistributionFilename::Wheel(wheel)) => {
                let pattern = pattern.to_lowercase();
                matches(&pattern, &wheel.tag_set.to_string())
                    || wheel
                        .tags
                        .iter()
                        .any(|tag| matches(&pattern, &tag.to_string()))
            }
            _ => false,
        }
    }
}

/// Whether a text is what a pattern with `*` describes.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(expected: &[&str], files: &[&str]) -> Result<(), String> {
        let entries: Vec<String> = expected.iter().map(|one| (*one).to_owned()).collect();
        let files = files
            .iter()
            .map(|name| DistributionFilename::parse(name).unwrap());
        let files: Vec<DistributionFilename> = files.collect();
        let files: Vec<&DistributionFilename> = files.iter().collect();
        let compared = Expected::of(&entries).compare(&files);
        compared.map_err(|error| error.to_string())
    }

    #[test]
    fn kinds_and_tags_are_compared_both_ways() {
        let sdist = "demo-1.0.tar.gz";
        let pure = "demo-1.0-py3-none-any.whl";
        let linux = "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        assert_eq!(compare(&[], &[pure]), Ok(()));
        assert_eq!(compare(&["sdist", "wheel"], &[sdist, pure, linux]), Ok(()));
        assert_eq!(
            compare(&["sdist", "wheel"], &[pure]).unwrap_err(),
            "missing: sdist"
        );
        assert_eq!(
            compare(&["sdist"], &[sdist, pure]).unwrap_err(),
            "not expected: demo-1.0-py3-none-any.whl"
        );
        for tags in [
            "cp312-cp312-manylinux_2_17_x86_64",
            "cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64",
            "cp312-*-manylinux*_x86_64",
            "*",
        ] {
            assert_eq!(compare(&[tags], &[linux]), Ok(()), "{tags}");
        }
        let error = compare(&["cp313-cp313-*", "sdist"], &[sdist, linux]).unwrap_err();
        assert!(
            error.starts_with("missing: cp313-cp313-*; not expected: demo-1.0-cp312"),
            "{error}"
        );
    }

    #[test]
    fn patterns_do_not_overlap() {
        assert!(matches("a*a", "aa"));
        assert!(!matches("a*a", "a"));
        assert!(!matches("ab", "abc"));
        assert!(matches("a**c", "abc"));
        assert!(!matches("a*b*a", "aba".trim_end_matches('a')));
    }
}
