//! Core metadata and the build system: what is said otherwise than before.

use std::collections::BTreeMap;

use pubflow_metadata::pyproject::{BuildSystem, Pyproject};
use pubflow_spec::{MarkerVariable, Requirement};

use super::Names;
use super::text::unified;
use crate::agreement::{Disagreement, compare_all_fields, compare_metadata};
use crate::distribution::Distribution;

/// A longer description is not compared line by line.
const DESCRIPTION_BYTES: usize = 1 << 20;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub field: &'static str,
    /// Values that only the old one has.
    pub old: Vec<String>,
    /// Values that only the new one has.
    pub new: Vec<String>,
    /// Of the description, its hunks as a unified diff.
    pub unified: Option<String>,
}

/// The fields that differ by their meaning, dependencies left out.
pub(super) fn changes(old: &Distribution, new: &Distribution) -> Vec<FieldChange> {
    let is_told = |field: &str| field != "Requires-Dist";
    differences(old, new)
        .into_iter()
        .filter(|found| is_told(found.field))
        .map(|found| {
            if found.field != "Description" {
                return FieldChange {
                    field: found.field,
                    old: found.first,
                    new: found.second,
                    unified: None,
                };
            }
            let (before, after) = (found.first.concat(), found.second.concat());
            let is_short = before.len().max(after.len()) <= DESCRIPTION_BYTES;
            FieldChange {
                field: found.field,
                old: Vec::new(),
                new: Vec::new(),
                unified: Some(if is_short {
                    unified(&before, &after)
                } else {
                    String::new()
                }),
            }
        })
        .collect()
}

/// Fields with another meaning. Where an sdist is compared with a wheel, what the sdist calls dynamic
/// may be said by the wheel alone.
fn differences(old: &Distribution, new: &Distribution) -> Vec<Disagreement> {
    let (Some(ours), Some(theirs)) = (old.metadata(), new.metadata()) else {
        return Vec::new();
    };
    match (old, new) {
        (Distribution::Sdist(_), Distribution::Wheel(_)) => compare_metadata(ours, theirs),
        (Distribution::Wheel(_), Distribution::Sdist(_)) => {
            let mut found = compare_metadata(theirs, ours);
            for difference in &mut found {
                std::mem::swap(&mut difference.first, &mut difference.second);
            }
            found
        }
        _ => compare_all_fields(ours, theirs),
    }
}

/// `Requires-Dist`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Of a project that was not required before under this marker.
    pub added: Vec<String>,
    /// Of a project that is not required any more.
    pub removed: Vec<String>,
    /// The same project with other versions, extras or markers.
    pub changed: Vec<RequirementChange>,
}

/// One dependency before and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementChange {
    /// Before.
    pub old: String,
    /// Now.
    pub new: String,
}

impl Dependencies {
    pub(super) fn of(old: &Distribution, new: &Distribution) -> Self {
        let found = differences(old, new)
            .into_iter()
            .find(|found| found.field == "Requires-Dist");
        let Some(found) = found else {
            return Self::default();
        };
        let mut dependencies = Self::default();
        let mut olds = by_project(found.first);
        let mut news = by_project(found.second);
        for (project, of_new) in &mut news {
            let Some(of_old) = olds.get_mut(project) else {
                continue;
            };
            // One before and one now are the same dependency; several can be paired by marker only.
            while let Some((at_old, at_new)) = pair(of_old, of_new) {
                dependencies.changed.push(RequirementChange {
                    old: of_old.remove(at_old),
                    new: of_new.remove(at_new),
                });
            }
        }
        dependencies.added = news.into_values().flatten().collect();
        dependencies.removed = olds.into_values().flatten().collect();
        dependencies
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// Projects that are new among the dependencies, with whether they belong to an extra.
    #[must_use]
    pub fn new_projects(&self) -> Vec<(String, bool)> {
        self.added
            .iter()
            .map(|text| {
                let parsed = Requirement::parse(text).ok();
                let is_extra = parsed
                    .as_ref()
                    .and_then(|requirement| requirement.marker.as_ref())
                    .is_some_and(|marker| marker.variables().contains(&MarkerVariable::Extra));
                (text.clone(), is_extra)
            })
            .collect()
    }
}

fn pair(old: &[String], new: &[String]) -> Option<(usize, usize)> {
    if let ([_], [_]) = (old, new) {
        return Some((0, 0));
    }
    let marker = |text: &String| {
        text.split_once(';')
            .map(|(_, marker)| marker.trim().to_owned())
    };
    old.iter().enumerate().find_map(|(at_old, text)| {
        let at_new = new.iter().position(|other| marker(other) == marker(text))?;
        Some((at_old, at_new))
    })
}

fn by_project(requirements: Vec<String>) -> BTreeMap<String, Vec<String>> {
    let mut by_project: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in requirements {
        let project = Requirement::parse(text.trim()).map_or_else(
            |_| text.clone(),
            |requirement| requirement.name.normalized().to_owned(),
        );
        by_project.entry(project).or_default().push(text);
    }
    by_project
}

/// What builds an sdist, when that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildSystemChange {
    /// `requires`.
    pub requires: Names,
    /// `build-backend` before and now, when it differs.
    pub backend: Option<(String, String)>,
}

impl BuildSystemChange {
    pub(super) fn of(old: &Distribution, new: &Distribution) -> Self {
        let (Some(old), Some(new)) = (build_system(old), build_system(new)) else {
            return Self::default();
        };
        let backends = (
            old.backend_or_default().to_owned(),
            new.backend_or_default().to_owned(),
        );
        Self {
            requires: Names::of(old.requires, new.requires),
            backend: (backends.0 != backends.1).then_some(backends),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requires.is_empty() && self.backend.is_none()
    }
}

fn build_system(distribution: &Distribution) -> Option<BuildSystem> {
    let Distribution::Sdist(sdist) = distribution else {
        return None;
    };
    match sdist.pyproject_bytes() {
        Some(bytes) => Pyproject::from_bytes(bytes).build_system().ok(),
        None => Some(BuildSystem::legacy()),
    }
}
