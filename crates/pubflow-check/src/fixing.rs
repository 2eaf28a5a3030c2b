//! Applies the fixes of findings to a pyproject.toml: again and again until none is left, so that a
//! second run has nothing to do.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use pubflow_finding::{Edit, Finding, Findings, Fix};
use pubflow_metadata::pyproject::Pyproject;

use crate::path::SubjectKind;
use crate::project::check_pyproject;
use crate::selection::Selection;
use crate::subject::with_edited_paths;
use crate::{SubjectReport, shown};

/// Rounds after which fixing stops; a fix may bring another finding with a fix to light.
const MOST_ROUNDS: usize = 20;

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLevel {
    /// Those that need no decision.
    Safe,
    /// All of them.
    Unsafe,
}

impl FixLevel {
    /// Whether a fix is applied.
    #[must_use]
    pub fn takes(self, fix: &Fix) -> bool {
        fix.safe || self == Self::Unsafe
    }
}

/// A file before and after its fixes.
#[derive(Debug)]
pub struct FixedFile {
    /// What was there.
    pub before: Vec<u8>,
    /// What is to be there.
    pub after: Vec<u8>,
    /// The findings that were cured, in the order of the cures.
    pub cured: Vec<Finding>,
}

impl FixedFile {
    /// Whether anything was fixed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before != self.after
    }
}

/// Fixes the pyproject.toml at `path` in memory; nothing is written.
///
/// # Errors
/// The file cannot be read.
pub fn fix_pyproject(path: &Path, level: FixLevel, selection: &Selection) -> io::Result<FixedFile> {
    let before = fs::read(path)?;
    let mut after = before.clone();
    let mut cured = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let findings = findings_of(&after, path, selection);
        let Some((next, now_cured)) = round(&after, findings, level) else {
            break;
        };
        after = next;
        cured.extend(now_cured);
    }
    Ok(FixedFile {
        before,
        after,
        cured,
    })
}

fn findings_of(bytes: &[u8], path: &Path, selection: &Selection) -> Vec<Finding> {
    let mut findings = Findings::for_path(shown(path));
    let in_a_project = path
        .file_name()
        .is_some_and(|name| name == "pyproject.toml");
    check_pyproject(bytes, path.parent().filter(|_| in_a_project), &mut findings);
    let mut report = SubjectReport {
        path: path.to_owned(),
        kind: SubjectKind::Pyproject,
        sha256: None,
        findings: with_edited_paths(findings.into_sorted()),
        n_ignored: 0,
    };
    selection.apply(&mut [&mut report]);
    report.findings
}

/// The text after one round, with the findings that were cured; `None` where nothing is to be done.
/// Of fixes that overlap, the first is applied and the others wait for the next round.
fn round(bytes: &[u8], findings: Vec<Finding>, level: FixLevel) -> Option<(Vec<u8>, Vec<Finding>)> {
    let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
    let mut cured = Vec::new();
    for finding in findings {
        let Some(fix) = finding.fix.as_ref().filter(|fix| level.takes(fix)) else {
            continue;
        };
        if fix.edits.iter().all(|edit| fits(edit, &edits, bytes.len())) {
            let by_start = fix
                .edits
                .iter()
                .map(|edit| (edit.range.start, edit.clone()));
            edits.extend(by_start);
            cured.push(finding);
        }
    }
    let mut text = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for edit in edits.values() {
        text.extend_from_slice(bytes.get(done..edit.range.start)?);
        text.extend_from_slice(edit.text.as_bytes());
        done = edit.range.end;
    }
    text.extend_from_slice(bytes.get(done..)?);
    // An edit must never break what could be read.
    let is_sound =
        Pyproject::from_bytes(&text).is_toml() || !Pyproject::from_bytes(bytes).is_toml();
    (!edits.is_empty() && is_sound && text != bytes).then_some((text, cured))
}

/// Whether an edit lies in the text and apart from those that are taken, by start. Where edits touch,
/// one that only inserts waits: nobody could say which of the two comes first.
fn fits(edit: &Edit, taken: &BTreeMap<usize, Edit>, length: usize) -> bool {
    let (start, end) = (edit.range.start, edit.range.end);
    let apart = |other: &Edit| {
        let touches = other.range.end == start || end == other.range.start;
        let only_inserts = edit.range.is_empty() || other.range.is_empty();
        let overlaps = other.range.start < end && start < other.range.end;
        !(overlaps || touches && only_inserts)
    };
    let before = taken.range(..=start).next_back();
    let after = taken.range(start..).next();
    start <= end
        && end <= length
        && [before, after]
            .into_iter()
            .flatten()
            .all(|(_, other)| apart(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str, level: FixLevel) -> (String, Vec<&'static str>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.toml");
        fs::write(&path, text).unwrap();
        let fixed = fix_pyproject(&path, level, &Selection::default()).unwrap();
        let codes = fixed
            .cured
            .iter()
            .map(|finding| finding.rule.code)
            .collect();
        fs::write(&path, &fixed.after).unwrap();
        let again = fix_pyproject(&path, level, &Selection::default()).unwrap();
        assert!(!again.is_changed(), "a second run changed something");
        (String::from_utf8(fixed.after).unwrap(), codes)
    }

    #[test]
    fn fixes_that_overlap_or_follow_from_one_another_are_applied_in_rounds() {
        let (text, codes) = fixed(
            "[build-system]\nrequires = [\"setuptools>=61\", \"wheel\"]  # tools\n\
             build-backend = \"setuptools.build_meta\"\n\n\
             [project]\nname = \"demo\"\nversion = \"v1.0\"\nlicense = { text = \"mit\" }\n\
             classifiers = [\n    \"Typing :: Typed\",\n    \"License :: OSI Approved :: MIT License\",\n\
             \x20   \"Typing :: Typed\",  # twice\n]\n",
            FixLevel::Safe,
        );
        assert_eq!(
            text,
            "[build-system]\nrequires = [\"setuptools>=77.0.3\"]  # tools\n\
             build-backend = \"setuptools.build_meta\"\n\n\
             [project]\nname = \"demo\"\nversion = \"1.0\"\nlicense = \"MIT\"\n\
             classifiers = [\n    \"Typing :: Typed\",\n]\n"
        );
        for code in ["P107", "P108", "P221", "P405", "P406", "P502"] {
            assert!(codes.contains(&code), "{code}: {codes:?}");
        }
    }

    #[test]
    fn what_needs_a_decision_waits_for_it() {
        let text = "[project]\nname = \"demo\"\nversion = \"1.0\"\nlicense = \"GPL-3.0\"\n";
        assert_eq!(fixed(text, FixLevel::Safe).0, text);
        let (text, codes) = fixed(text, FixLevel::Unsafe);
        assert!(text.contains("license = \"GPL-3.0-only\""), "{text}");
        assert!(text.starts_with("[build-system]\n"), "{text}");
        assert_eq!(codes, ["P101", "P403"]);
    }

    #[test]
    fn a_byte_order_mark_goes_first() {
        let (text, codes) = fixed(
            "\u{feff}[project]\nname = 'a'\nversion = 'v1'\n",
            FixLevel::Safe,
        );
        assert_eq!(text, "[project]\nname = 'a'\nversion = \"1\"\n");
        assert_eq!(codes, ["P002", "P502"]);
    }

    #[test]
    fn a_file_with_hundreds_of_fixes_is_fixed_in_one_pass() {
        let dependencies: Vec<String> = (0..500).map(|n| format!("\"a{n} ^1\"")).collect();
        let text = format!("[project]\ndependencies = [{}]\n", dependencies.join(", "));
        let (text, codes) = fixed(&text, FixLevel::Safe);
        assert_eq!(codes.len(), 500);
        assert!(text.ends_with("\"a499>=1,<2\"]\n"));
    }

    #[test]
    fn an_ignored_rule_is_not_fixed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.toml");
        fs::write(&path, "[project]\nname = 'a'\nversion = 'v1'\n").unwrap();
        let selection = Selection {
            select: Some(vec![crate::Selector::parse("P2", &crate::rules()).unwrap()]),
            ..Selection::default()
        };
        let fixed = fix_pyproject(&path, FixLevel::Unsafe, &selection).unwrap();
        assert!(!fixed.is_changed());
    }
}
