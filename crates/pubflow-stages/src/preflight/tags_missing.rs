//! P1212: platforms and interpreters that the last release had wheels for and this one has not.

use std::collections::BTreeSet;

use pubflow_dist::check::WHEEL_MISSING_NOW;
use pubflow_finding::{Check, Finding, Findings};
use pubflow_spec::{DistributionFilename, Version};

use super::{Situation, tags};

pub(super) const CHECK: Check<Situation> = Check {
    rule: &WHEEL_MISSING_NOW,
    run,
};

fn run(situation: &Situation, findings: &mut Findings) {
    let Some(page) = &situation.page else {
        return;
    };
    let wheels = |version: &Version| -> BTreeSet<String> {
        page.release(version)
            .filter(|file| file.yanked.is_none())
            .filter_map(|file| tags(&DistributionFilename::parse(&file.filename).ok()?))
            .collect()
    };
    let versions: BTreeSet<Version> = page
        .files
        .iter()
        .filter_map(|file| DistributionFilename::parse(&file.filename).ok())
        .map(|filename| filename.version().clone())
        .filter(|version| version < &situation.version && !version.is_prerelease())
        .collect();
    let Some(last) = versions.last() else {
        return;
    };
    let ours: BTreeSet<String> = situation
        .files
        .iter()
        .filter_map(|file| tags(&file.filename))
        .chain(wheels(&situation.version))
        .collect();
    // A wheel for every platform serves all of them.
    if ours.iter().any(|tag| tag.ends_with("-none-any")) {
        return;
    }
    // The interpreter moves on with every year; what is lost without a word are platforms.
    let platforms = |tags: &BTreeSet<String>| -> BTreeSet<String> {
        let family = |tag: &String| Some(family(tag.rsplit('-').next()?).to_owned());
        tags.iter().filter_map(family).collect()
    };
    let missing: Vec<String> = platforms(&wheels(last))
        .difference(&platforms(&ours))
        .cloned()
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "{last} has wheels for {}, and this release has none",
        missing.join(", ")
    );
    findings.add(
        Finding::new(&WHEEL_MISSING_NOW, message)
            .next("build the missing wheels; they can be added within 14 days"),
    );
}

/// A platform tag without the version of the system, which moves on by itself.
fn family(platform: &str) -> &str {
    // A compressed set stands for systems of one family.
    let first = platform.split('.').next().unwrap_or(platform);
    ["manylinux", "musllinux", "macosx", "ios", "android"]
        .into_iter()
        .find(|family| first.starts_with(family))
        .unwrap_or(first)
}
