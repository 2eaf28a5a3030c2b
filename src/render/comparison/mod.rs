//! What changed between two distributions: as text, as Markdown, as JSON.

mod document;
mod markdown;
mod sections;
mod text;

use std::collections::BTreeSet;

use pubflow_dist::comparison::Comparison;
use pubflow_spec::DistributionFilename;

pub(crate) use document::comparison_document;
pub(crate) use markdown::comparison_markdown;
pub(crate) use text::comparison_text;

/// Two files, or two releases, that were compared.
pub(crate) struct Compared {
    /// The old side, as it was named.
    pub(crate) old: String,
    /// The new side, as it was named.
    pub(crate) new: String,
    /// One for each pair of files.
    pub(crate) comparisons: Vec<Comparison>,
    /// The lists of files, where whole releases were compared.
    pub(crate) releases: Option<ReleaseFiles>,
    /// Whether the lines of changed texts are told.
    pub(crate) with_lines: bool,
}

impl Compared {
    /// Whether nothing differs.
    pub(crate) fn is_same(&self) -> bool {
        self.comparisons.iter().all(Comparison::is_same)
            && self.releases.as_ref().is_none_or(ReleaseFiles::is_same)
    }
}

/// What files two releases have, by their names without the version.
pub(crate) struct ReleaseFiles {
    /// The old release.
    old: String,
    /// The new release.
    new: String,
    /// Only in the new one.
    added: Vec<String>,
    /// Only in the old one.
    removed: Vec<String>,
    /// In both.
    n_common: usize,
}

impl ReleaseFiles {
    /// The files of two releases, each with what it is called.
    pub(crate) fn of(old: (&str, &[&str]), new: (&str, &[&str])) -> Self {
        let kinds = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|name| without_version(name)).collect()
        };
        let (olds, news) = (kinds(old.1), kinds(new.1));
        Self {
            old: old.0.to_owned(),
            new: new.0.to_owned(),
            added: news.difference(&olds).cloned().collect(),
            removed: olds.difference(&news).cloned().collect(),
            n_common: news.intersection(&olds).count(),
        }
    }

    fn is_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

/// `sdist`, or the tags of a wheel.
fn without_version(name: &str) -> String {
    match DistributionFilename::parse(name) {
        Ok(DistributionFilename::Wheel(wheel)) => format!("wheel {}", wheel.tag_set),
        Ok(DistributionFilename::Sdist(_)) => "sdist".to_owned(),
        Err(_) => name.to_owned(),
    }
}
