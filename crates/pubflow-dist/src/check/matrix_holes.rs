//! P1212: every platform and Python that had a wheel in the last release has one now.

use std::collections::{BTreeMap, BTreeSet};

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::{Prereleases, SpecifierSet, Version, WheelFilename, system_of_platform};

use super::report;

/// The rule, for whoever looks for the same by other means.
pub static RULE: Rule = Rule {
    code: "P1212",
    name: "wheel-missing-now",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The last release had a wheel for a platform or a Python that has none now. Pythons that \
            `Requires-Python` does not admit any more are not missed. Looked for by \
            `check --against` a whole release, and before an upload.",
    why: "Installers there take the sdist instead and build it, which fails for most users, or they \
            stay at the old release.",
    cure: "Most often one job of the build matrix failed or its files were not collected: run it \
            again and check all files in one call.",
    bad: "1.0: cp312-cp312-win_amd64, cp312-cp312-manylinux_2_28_x86_64\n1.1: cp312-cp312-manylinux_2_28_x86_64",
    good: "1.0: cp312-cp312-win_amd64, cp312-cp312-manylinux_2_28_x86_64\n1.1: cp312-cp312-win_amd64, cp312-cp312-manylinux_2_28_x86_64",
};

/// The files of two releases by name: what they offer, whatever is in them.
#[derive(Debug, Clone, Default)]
pub struct Succession {
    /// The release before, as its version is written.
    pub old_version: String,
    /// Its wheels.
    pub old: Vec<WheelFilename>,
    /// The wheels of this release.
    pub new: Vec<WheelFilename>,
    /// `Requires-Python` of this release.
    pub requires_python: Option<String>,
}

/// A Python: implementation, version, and whether it is free-threaded.
type Python = (String, u32, u32, bool);

/// What a wheel can be installed on.
struct Offer {
    system: String,
    python: Python,
    /// Later versions of the same implementation too.
    and_later: bool,
}

pub(super) fn check(succession: &Succession, findings: &mut Findings) {
    // Nothing to compare: all wheels gone is one finding, not a list.
    if succession.old.is_empty() {
        return;
    }
    let version = &succession.old_version;
    if succession.new.is_empty() {
        findings.add(
            Finding::new(
                &RULE,
                format!("there is no wheel any more; {version} had some"),
            )
            .next("build the wheels too, and check all files in one call"),
        );
        return;
    }
    let new: Vec<Offer> = succession.new.iter().flat_map(offers).collect();
    let admitted = succession
        .requires_python
        .as_deref()
        .and_then(|text| SpecifierSet::parse(text).ok());
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for old in succession.old.iter().flat_map(offers) {
        let is_supported = admitted
            .as_ref()
            .is_none_or(|set| old.and_later || admits(set, &old.python));
        if is_supported && !new.iter().any(|new| covers(new, &old)) {
            missing
                .entry(old.system.clone())
                .or_default()
                .insert(words(&old.python, old.and_later));
        }
    }
    let systems: BTreeSet<&str> = new.iter().map(|offer| offer.system.as_str()).collect();
    let found = missing.into_iter().map(|(system, pythons)| {
        let pythons: Vec<String> = pythons.into_iter().collect();
        let message = if systems.contains(system.as_str()) {
            format!(
                "no wheel for {} on {system} any more; {version} had one",
                pythons.join(", ")
            )
        } else {
            format!("no wheel for {system} any more; {version} had one")
        };
        Finding::new(&RULE, message)
            .why("installers there build the sdist instead, or stay at the old release")
            .next("see that every job of the build matrix ran and its files were collected")
    });
    report::capped(&RULE, found, findings);
}

fn offers(wheel: &WheelFilename) -> Vec<Offer> {
    let offer = |tag: &pubflow_spec::Tag| {
        let n_letters = tag
            .python
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let (name, digits) = tag.python.split_at(n_letters);
        let (major, minor) = digits.split_at_checked(1)?;
        let is_free_threaded = tag.abi.ends_with('t') && name == "cp";
        Some(Offer {
            system: system_of_platform(&tag.platform),
            python: (
                name.to_owned(),
                major.parse().ok()?,
                minor.trim_start_matches('_').parse().unwrap_or(0),
                is_free_threaded,
            ),
            and_later: name == "py" || tag.abi.starts_with("abi3"),
        })
    };
    let mut offers: Vec<Offer> = wheel.tags.iter().filter_map(offer).collect();
    offers.dedup_by(|a, b| a.system == b.system && a.python == b.python);
    offers
}

/// Whether whoever could install the old wheel can install the new one.
fn covers(new: &Offer, old: &Offer) -> bool {
    let is_system = new.system == old.system || new.system == "any platform";
    let (name, major, minor, is_free_threaded) = &new.python;
    let is_python = if name == "py" {
        *major == old.python.1
    } else if new.and_later {
        (*name == old.python.0 && *is_free_threaded == old.python.3)
            && *major == old.python.1
            && (old.and_later || *minor <= old.python.2)
    } else {
        new.python == old.python && !old.and_later
    };
    is_system && is_python
}

fn admits(set: &SpecifierSet, python: &Python) -> bool {
    Version::parse(&format!("{}.{}.99", python.1, python.2))
        .is_ok_and(|version| set.contains(&version, Prereleases::Allow))
}

fn words((name, major, minor, is_free_threaded): &Python, and_later: bool) -> String {
    let name = match name.as_str() {
        "cp" => "CPython",
        "pp" => "PyPy",
        "py" => "Python",
        "graalpy" => "GraalPy",
        other => other,
    };
    let later = if and_later { "+" } else { "" };
    let threads = if *is_free_threaded {
        " free-threaded"
    } else {
        ""
    };
    format!("{name} {major}.{minor}{later}{threads}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::expect;
    use super::*;

    fn found(old: &[&str], new: &[&str], requires_python: &str) -> Vec<Finding> {
        let wheels = |version: &str, tags: &[&str]| -> Vec<WheelFilename> {
            tags.iter()
                .map(|tags| WheelFilename::parse(&format!("demo-{version}-{tags}.whl")).unwrap())
                .collect()
        };
        let mut findings = Findings::for_path("dist");
        check(
            &Succession {
                old_version: "1.0".to_owned(),
                old: wheels("1.0", old),
                new: wheels("1.1", new),
                requires_python: Some(requires_python.to_owned()),
            },
            &mut findings,
        );
        findings.into_sorted()
    }

    #[test]
    fn the_same_or_wider_wheels_are_quiet() {
        let old = [
            "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
            "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
            "cp312-cp312-win_amd64",
        ];
        expect(&found(&old, &old, ">=3.8"), &[]);
        let newer = ["cp311-abi3-manylinux_2_28_x86_64", "cp38-abi3-win_amd64"];
        expect(&found(&old, &newer, ">=3.8"), &[]);
        expect(&found(&old, &["py3-none-any"], ">=3.8"), &[]);
        let without_311 = ["cp312-cp312-manylinux_2_28_x86_64", "cp312-cp312-win_amd64"];
        expect(&found(&old, &without_311, ">=3.12"), &[]);
        expect(&found(&[], &old, ">=3.8"), &[]);
    }

    #[test]
    fn holes_are_found() {
        let old = [
            "cp311-cp311-manylinux_2_17_x86_64",
            "cp312-cp312-manylinux_2_17_x86_64",
            "cp313-cp313t-manylinux_2_17_x86_64",
            "cp312-cp312-win_arm64",
        ];
        let new = ["cp312-cp312-manylinux_2_17_x86_64"];
        expect(
            &found(&old, &new, ">=3.8"),
            &[
                "warning -: no wheel for CPython 3.11, CPython 3.13 free-threaded on Linux x86-64, glibc any more; 1.0 had one",
                "warning -: no wheel for Windows ARM64 any more; 1.0 had one",
            ],
        );
        expect(
            &found(&old, &[], ">=3.8"),
            &["warning -: there is no wheel any more; 1.0 had some"],
        );
        expect(
            &found(&["py3-none-any"], &["cp312-cp312-win32"], ">=3.8"),
            &["warning -: no wheel for any platform any more; 1.0 had one"],
        );
    }
}
