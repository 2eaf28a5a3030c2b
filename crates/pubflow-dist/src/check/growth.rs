//! P1503: what grew, what vanished and what is new since the last release.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::report;
use crate::comparison::{Comparison, News, NewsKind};

pub(super) static RULE: Rule = Rule {
    code: "P1503",
    name: "since-last-release",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The distribution is much larger than in the last release, or it has what that had not: \
            native code, scripts, entry points, a top-level name, a dependency; or it lacks what that \
            had: a top-level name, a script, `py.typed`. Looked for with `--against` alone.",
    why: "Each can be meant. Each is also how a stolen account, a forgotten build directory or a lost \
            line in the configuration shows itself first.",
    cure: "Look once: `pubflow diff OLD NEW` tells everything. What was not meant comes from the \
            backend's configuration or from files that lay about in the tree.",
    bad: "demo-1.0   40 kB, demo\ndemo-1.1   9 MB, demo, tests, dist",
    good: "demo-1.0   40 kB, demo\ndemo-1.1   44 kB, demo",
};

/// More than half as large again is much.
const PERCENT: u64 = 150;
/// Smaller growth is never much.
const BYTES: u64 = 256 << 10;
const FILES: usize = 50;

pub(super) fn check(comparison: &Comparison, findings: &mut Findings) {
    // An sdist and a wheel have different files by nature.
    if comparison.is_across_kinds() {
        return;
    }
    let found = grown(comparison)
        .into_iter()
        .chain(new(comparison))
        .chain(vanished(comparison));
    report::capped(&RULE, found, findings);
}

fn grown(comparison: &Comparison) -> Vec<Finding> {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut found = Vec::new();
    let is_much = |old: u64, new: u64| new > old.saturating_mul(PERCENT) / 100;
    for (what, before, now) in [
        ("the file", old.bytes, new.bytes),
        ("its content", old.unpacked_bytes, new.unpacked_bytes),
    ] {
        if is_much(before, now) && now - before >= BYTES {
            let message = format!(
                "{what} has {now} bytes, {before} in {} ({} times)",
                old.version(),
                times(before, now)
            );
            found.push(Finding::new(&RULE, message).next(next(comparison)));
            break;
        }
    }
    if is_much(old.files as u64, new.files as u64) && new.files - old.files >= FILES {
        let message = format!(
            "there are {} files, {} in {}",
            new.files,
            old.files,
            old.version()
        );
        found.push(Finding::new(&RULE, message).next(next(comparison)));
    }
    found
}

fn times(before: u64, now: u64) -> String {
    let tenths = now.saturating_mul(10) / before.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What the old release had not. Start files have a rule of their own.
fn new(comparison: &Comparison) -> Vec<Finding> {
    let version = comparison.old.version();
    let extras: Vec<String> = comparison
        .dependencies
        .new_projects()
        .into_iter()
        .filter(|(_, is_extra)| *is_extra)
        .map(|(text, _)| text)
        .collect();
    let finding = |News { kind, what }: News| {
        let severity = match kind {
            NewsKind::StartCode | NewsKind::StartFile => return None,
            NewsKind::Dependency if extras.contains(&what) => Severity::Note,
            NewsKind::Executable | NewsKind::EntryPoint => Severity::Note,
            _ => Severity::Warning,
        };
        let message = format!("new since {version}: {} `{what}`", kind.as_str());
        Some(
            Finding::new(&RULE, message)
                .severity(severity)
                .next("see that it is meant"),
        )
    };
    comparison.news().into_iter().filter_map(finding).collect()
}

/// What the old release had.
fn vanished(comparison: &Comparison) -> Vec<Finding> {
    let version = comparison.old.version();
    let gone = |what: &str, name: &str, why: &str| {
        Finding::new(&RULE, format!("gone since {version}: {what} `{name}`"))
            .why(why.to_owned())
            .next("see that it is meant")
    };
    let mut found: Vec<Finding> = Vec::new();
    for name in &comparison.top_level.removed {
        let why = format!("`import {name}` fails after an upgrade");
        found.push(gone("top-level name", name, &why));
    }
    for point in comparison.entry_points.iter().filter(|p| p.new.is_none()) {
        let name = format!("{}: {}", point.group, point.name);
        found.push(gone(
            "entry point",
            &name,
            "what is called by this name is not found after an upgrade",
        ));
    }
    for name in &comparison.scripts.removed {
        found.push(gone("script", name, "the command is gone after an upgrade"));
    }
    let removed = comparison.files.removed.iter();
    for file in removed.filter(|file| file.path.ends_with("/py.typed")) {
        found.push(gone(
            "marker of types",
            &file.path,
            "type checkers ignore the annotations from now on",
        ));
    }
    found
}

fn next(comparison: &Comparison) -> String {
    format!(
        "`pubflow diff {} {}` tells every file",
        comparison.old.filename, comparison.new.filename
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_comparison, wheel};
    use super::*;

    #[test]
    fn small_changes_are_quiet() {
        let new = wheel()
            .file("demo/more.py", "y = 2\n")
            .file("demo/table.csv", "1,2\n".repeat(1000));
        expect(&in_comparison(&wheel(), &new, check), &[]);
        expect(&in_comparison(&new, &wheel(), check), &[]);
    }

    #[test]
    fn growth_is_found() {
        let mut new = wheel().file("demo/big.bin", vec![7; 300 << 10]);
        expect(
            &in_comparison(&wheel(), &new, check)[..1],
            &["warning -: its content has 307660 bytes, 389 in 1.0 (790.8 times)"],
        );
        new = wheel();
        for n in 0..60 {
            new = new.file(&format!("demo/m{n}.py"), "");
        }
        expect(
            &in_comparison(&wheel(), &new, check),
            &["warning -: there are 64 files, 4 in 1.0"],
        );
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_found() {
        let old = wheel()
            .file("demo/py.typed", "")
            .file("gone.py", "")
            .entry_points("[console_scripts]\nold = demo:main\n");
        let new = wheel()
            .file("other.py", "")
            .file("demo-1.0.data/scripts/tool", "#!python\n")
            .requires("c")
            .requires("d; extra == 'x'");
        expect(
            &in_comparison(&old, &new, check),
            &[
                "warning -: gone since 1.0: entry point `console_scripts: old`",
                "warning -: gone since 1.0: marker of types `demo/py.typed`",
                "warning -: gone since 1.0: top-level name `gone`",
                "warning -: new since 1.0: dependency `c`",
                "note -: new since 1.0: dependency `d; extra == 'x'`",
                "warning -: new since 1.0: script `tool`",
                "warning -: new since 1.0: top-level name `other`",
            ],
        );
    }
}
