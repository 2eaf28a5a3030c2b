//! P812: `.egg-info` of another project.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::ProjectName;

use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P812",
    name: "stale-egg-info",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The sdist holds a `.egg-info` directory of another name than the project's.",
    why: "It is left over from before a renaming, and tools that look for metadata can take it \
            for the project's own.",
    cure: "Remove the directory from the tree and build again.",
    bad: "demo-1.0/old_name.egg-info/PKG-INFO",
    good: "demo-1.0/demo.egg-info/PKG-INFO",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let Ok(filename) = sdist.filename() else {
        return;
    };
    let directories: BTreeSet<&str> = sdist
        .entries()
        .iter()
        .flat_map(|entry| entry.path.components())
        .filter(|part| part.ends_with(".egg-info"))
        .collect();
    for directory in directories {
        let stem = directory.trim_end_matches(".egg-info");
        let name = stem.split('-').next().unwrap_or_default();
        if ProjectName::parse(name).is_ok_and(|name| name != filename.name) {
            let message = format!("`{directory}` belongs to another project");
            findings.add(
                Finding::new(&RULE, message)
                    .member(directory)
                    .next(format!("remove `{directory}` and build again")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn the_projects_own_is_quiet() {
        expect(
            &in_sdist(&sdist().file("src/Demo.egg-info/PKG-INFO", "x"), check),
            &[],
        );
    }

    #[test]
    fn another_projects_is_found() {
        expect(
            &in_sdist(&sdist().file("old_name.egg-info/PKG-INFO", "x"), check),
            &["warning -: `old_name.egg-info` belongs to another project (old_name.egg-info)"],
        );
    }
}
