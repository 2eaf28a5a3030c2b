//! File names of wheels: `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl`.

use std::fmt;
use std::str::FromStr;

use super::error::{FilenameError, FilenameExpected, error_in_part, require_plain};
use crate::project_name::ProjectName;
use crate::syntax::{Number, is_word};
use crate::tag::{Tag, TagSet};
use crate::version::Version;

pub(super) const ENDING: &str = ".whl";

/// The build tag of a wheel, which breaks ties between files of one version. Ordered as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuildTag {
    /// The digits in front.
    pub number: Number,
    /// What follows them.
    pub suffix: String,
}

impl fmt::Display for BuildTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.suffix)
    }
}

/// The file name of a wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelFilename {
    given: Box<str>,
    /// The project; not [`valid`](ProjectName::is_valid) for some names that readers take.
    pub name: ProjectName,
    /// The version.
    pub version: Version,
    /// The build tag, which few wheels have.
    pub build: Option<BuildTag>,
    /// Every compatibility tag, expanded, sorted, in lower case.
    pub tags: Vec<Tag>,
    /// The tags as written.
    pub tag_set: TagSet,
}

impl WheelFilename {
    /// Reads a file name.
    ///
    /// # Errors
    /// [`FilenameError`] when it is none of a wheel.
    pub fn parse(text: &str) -> Result<Self, FilenameError> {
        let at = |byte, expected| FilenameError::at(text, byte, expected);
        require_plain(text)?;
        let stem = text
            .strip_suffix(ENDING)
            .ok_or_else(|| at(text.len(), FilenameExpected::WheelEnding))?;
        let cuts: Vec<usize> = stem.match_indices('-').map(|(byte, _)| byte).collect();
        let (name_end, version_end, build_end) = match cuts[..] {
            [name, version, _, _] => (name, version, version),
            [name, version, build, _, _] => (name, version, build),
            _ => return Err(at(0, FilenameExpected::WheelParts(cuts.len() + 1))),
        };
        let name = &stem[..name_end];
        if !name.chars().all(|c| is_word(c) || c == '.') || name.is_empty() || name.contains("__") {
            return Err(at(0, FilenameExpected::Name));
        }
        let version_text = &stem[name_end + 1..version_end];
        let version = Version::parse(version_text).map_err(|error| {
            let expected = FilenameExpected::Version(*error.expected());
            error_in_part(text, name_end + 1, version_text, &error, expected)
        })?;
        let build = if build_end == version_end {
            None
        } else {
            let build = parse_build_tag(&stem[version_end + 1..build_end]);
            Some(build.ok_or_else(|| at(version_end + 1, FilenameExpected::BuildTag))?)
        };
        let tags_text = &stem[build_end + 1..];
        let tag_set = TagSet::parse(tags_text).map_err(|error| {
            let expected = FilenameExpected::Tag(*error.expected());
            error_in_part(text, build_end + 1, tags_text, &error, expected)
        })?;
        Ok(Self {
            given: text.into(),
            name: ProjectName::unchecked(name),
            version,
            build,
            tags: tag_set.expand(),
            tag_set,
        })
    }

    /// The file name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The file name made from its parts in normal form.
    #[must_use]
    pub fn normalized(&self) -> String {
        let (name, version) = (self.name.underscored(), &self.version);
        let build = self.build.as_ref().map(|b| format!("-{b}"));
        let build = build.unwrap_or_default();
        format!("{name}-{version}{build}-{}{ENDING}", self.tag_set)
    }
}

fn parse_build_tag(text: &str) -> Option<BuildTag> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, suffix) = text.split_at(n_digits);
    (n_digits > 0).then(|| BuildTag {
        number: Number::from_digits(digits),
        suffix: suffix.to_owned(),
    })
}

impl fmt::Display for WheelFilename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl FromStr for WheelFilename {
    type Err = FilenameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
