//! Applies the fixes of findings to a pyproject.toml: again and again until none is left, so that a
//! second run has nothing to do.

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
    let mut edits: Vec<Edit> = Vec::new();
    let mut cured = Vec::new();
    for finding in findings {
        let Some(fix) = finding.fix.as_ref().filter(|fix| level.takes(fix)) else {
            continue;
        };
        let fits = |edit: &Edit| {
            edit.range.start <= edit.range.end
                && edit.range.end <= bytes.len()
                && edits.iter().all(|other| are_apart(edit, other))
        };
        if fix.edits.iter().all(fits) {
            edits.extend(fix.edits.iter().cloned());
            cured.push(finding);
        }
    }
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    let mut text = bytes.to_vec();
    for edit in &edits {
        text.splice(edit.range.clone(), edit.text.bytes());
    }
    // An edit must never break what could be read.
    let is_sound =
        Pyproject::from_bytes(&text).is_toml() || !Pyproject::from_bytes(bytes).is_toml();
    (!edits.is_empty() && is_sound && text != bytes).then_some((text, cured))
}

fn are_apart(a: &Edit, b: &Edit) -> bool {
    (a.range.end < b.range.start || b.range.end < a.range.start)
        || (a.range.end == b.range.start && !a.range.is_empty() && !b.range.is_empty())
        || (b.range.end == a.range.start && !a.range.is_empty() && !b.range.is_empty())
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
