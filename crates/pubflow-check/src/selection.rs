//! Which findings count, and how much: selected and ignored rules, other severities, files that are
//! let off, the index that is judged for. An ignore that ignores nothing is a finding too.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use pubflow_finding::{Finding, Findings, Place, Refuser, Rule, Severity};

use crate::looked_at::was_looked_for;
use crate::path::{SubjectKind, inside};
use crate::selector::Selector;
use crate::{SubjectReport, shown};

pub(crate) static RULE: Rule = Rule {
    code: "P007",
    name: "unused-ignore",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "An entry of `ignore` or `per-file-ignores` in `[tool.pubflow.check]` ignored nothing, \
            although everything that it could concern was looked at.",
    why: "The cause is gone, and the entry stays behind: it will hide the next finding of this \
            kind, which nobody has judged.",
    cure: "Remove the entry.",
    bad: "[tool.pubflow.check]\nignore = [{ code = \"P212\", reason = \"ran on every Python\" }]\n\
            [project]\nrequires-python = \">=3.10\"",
    good: "[project]\nrequires-python = \">=3.10\"",
};

/// Which index the refusals are judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// PyPI, TestPyPI, or an index with their rules.
    #[default]
    Pypi,
    /// An index with rules of its own: what PyPI alone refuses is a note.
    Other,
}

/// Rules that are switched off, with the reason.
#[derive(Debug, Clone)]
pub struct Ignore {
    /// The rules.
    pub selector: Selector,
    /// Why; kept for whoever reads the settings.
    pub reason: Option<String>,
    /// Where it is set, when it is set in a project's file.
    pub place: Option<Place>,
}

/// Rules that are switched off for some files.
#[derive(Debug, Clone)]
pub struct FileIgnore {
    /// Which files: paths of the tree, or members of archives.
    pub pattern: FilePattern,
    /// The rules.
    pub selectors: Vec<Selector>,
    /// Where it is set, when it is set in a project's file.
    pub place: Option<Place>,
}

/// A pattern for paths from the project's directory, or for members of archives.
///
/// `*` stays inside of a directory, `**` does not; a pattern without `/` is compared with the last
/// part of a path.
#[derive(Debug, Clone)]
pub struct FilePattern(Pattern);

/// A text that is no pattern.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{text}` is no pattern for paths: {why}")]
pub struct PatternError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl FilePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A bracket that is not closed, or `**` that is not a whole part of the path.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        Pattern::new(text).map(Self).map_err(|error| PatternError {
            text: text.to_owned(),
            why: error.msg,
        })
    }

    fn matches(&self, path: &str) -> bool {
        const OPTIONS: MatchOptions = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let is_name = !self.0.as_str().contains('/');
        let path = match path.rsplit_once('/') {
            Some((_, name)) if is_name => name,
            _ => path,
        };
        self.0.matches_with(path, OPTIONS)
    }
}

/// What to do with findings. The default takes all of them as they are.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The project's directory, from which the patterns of files start.
    pub root: PathBuf,
    /// The rules that are looked at; all of them where nothing is selected.
    pub select: Option<Vec<Selector>>,
    /// Rules that are looked at besides.
    pub extend_select: Vec<Selector>,
    /// Rules that are switched off.
    pub ignores: Vec<Ignore>,
    /// Other severities.
    pub severities: Vec<(Selector, Severity)>,
    /// Rules that are switched off for some files.
    pub file_ignores: Vec<FileIgnore>,
    /// Which index the refusals are judged for.
    pub target: Target,
}

impl Selection {
    /// Applies it to the reports of one project, and adds findings for ignores that ignored nothing.
    pub fn apply(&self, reports: &mut [&mut SubjectReport]) {
        let mut used = Used::none(self);
        for report in reports.iter_mut() {
            let found = std::mem::take(&mut report.findings);
            let before = used.n_findings;
            report.findings = self.kept(found, &mut used);
            report.n_ignored += used.n_findings - before;
        }
        self.report_unused(&used, reports);
    }

    fn kept(&self, found: Vec<Finding>, used: &mut Used) -> Vec<Finding> {
        let mut kept = Vec::with_capacity(found.len());
        for mut finding in found {
            let code = finding.rule.code;
            let chosen = self.select.iter().flatten().chain(&self.extend_select);
            let selected = chosen
                .filter_map(|selector| selector.precision_for(code))
                .max();
            let is_ignored = self.is_ignored(&finding, selected, used);
            if self.select.is_some() && selected.is_none() {
                continue;
            }
            if is_ignored {
                used.n_findings += 1;
                continue;
            }
            if self.target == Target::Other {
                judge_elsewhere(&mut finding);
            }
            if let Some((_, severity)) = self
                .severities
                .iter()
                .filter_map(|(selector, severity)| Some((selector.precision_for(code)?, severity)))
                .max_by_key(|(precision, _)| *precision)
            {
                finding.severity = *severity;
            }
            kept.push(finding);
        }
        kept
    }

    /// Whether an ignore leaves a finding out; one of files always, one of rules unless a selection
    /// names the rule more precisely.
    fn is_ignored(&self, finding: &Finding, selected: Option<usize>, used: &mut Used) -> bool {
        let code = finding.rule.code;
        let mut is_ignored = false;
        for (ignore, used) in self.ignores.iter().zip(&mut used.ignores) {
            let precision = ignore.selector.precision_for(code);
            *used = *used || precision.is_some();
            is_ignored =
                is_ignored || precision.is_some_and(|precision| Some(precision) >= selected);
        }
        for (ignore, used) in self.file_ignores.iter().zip(&mut used.files) {
            let names = |selector: &Selector| selector.precision_for(code).is_some();
            if ignore.selectors.iter().any(names) && self.is_about(&ignore.pattern, finding) {
                (is_ignored, *used) = (true, true);
            }
        }
        is_ignored
    }

    /// Whether a finding is in a file that a pattern means.
    fn is_about(&self, pattern: &FilePattern, finding: &Finding) -> bool {
        let path = Path::new(&finding.place.path);
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        let path = path.to_string_lossy().replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path);
        let member = finding.place.member.as_deref();
        // Members of an sdist lie below a directory of its own name.
        let inner = member.and_then(|member| Some(member.split_once('/')?.1));
        let names = [Some(path), member, inner].into_iter().flatten();
        names.into_iter().any(|name| pattern.matches(name))
    }

    fn report_unused(&self, used: &Used, reports: &mut [&mut SubjectReport]) {
        let idle = |used: &[bool]| used.iter().any(|used| !used);
        if !idle(&used.ignores) && !idle(&used.files) {
            return;
        }
        let kinds: Vec<SubjectKind> = reports.iter().map(|report| report.kind).collect();
        let all_looked_for = |selectors: &[Selector]| {
            let mut codes = selectors.iter().flat_map(Selector::codes);
            codes.all(|code| was_looked_for(code, &kinds))
        };
        let mut unused = Vec::new();
        for (ignore, used) in self.ignores.iter().zip(&used.ignores) {
            if !used && all_looked_for(std::slice::from_ref(&ignore.selector)) {
                let text = format!("`{}` is ignored and never found", ignore.selector.as_str());
                unused.extend(ignore.place.clone().map(|place| (text, place)));
            }
        }
        for (ignore, used) in self.file_ignores.iter().zip(&used.files) {
            if !used && all_looked_for(&ignore.selectors) {
                let text = format!("nothing is found in `{}` to be ignored", ignore.pattern.0);
                unused.extend(ignore.place.clone().map(|place| (text, place)));
            }
        }
        let file_of = |report: &SubjectReport| match report.kind {
            SubjectKind::Project => inside(&report.path, "pyproject.toml"),
            _ => report.path.clone(),
        };
        for (text, mut place) in unused {
            let file = Path::new(&place.path);
            place.path = shown(file.strip_prefix(".").unwrap_or(file));
            let is_in = |report: &&mut &mut SubjectReport| {
                let is_project =
                    matches!(report.kind, SubjectKind::Project | SubjectKind::Pyproject);
                is_project && file_of(report) == Path::new(&place.path)
            };
            // Settings of a file that is not looked at are none of this call's business.
            let Some(report) = reports.iter_mut().find(is_in) else {
                continue;
            };
            let mut finding = Finding::new(&RULE, text).next("remove the entry");
            finding.place = place;
            let kept = self.kept(vec![finding], &mut Used::none(self));
            let mut findings = Findings::default();
            for finding in report.findings.drain(..).chain(kept) {
                findings.add(finding);
            }
            report.findings = findings.into_sorted();
        }
    }
}

/// Which ignores ignored something.
struct Used {
    ignores: Vec<bool>,
    files: Vec<bool>,
    /// Findings that were ignored.
    n_findings: usize,
}

impl Used {
    /// Nothing was ignored yet.
    fn none(selection: &Selection) -> Self {
        Self {
            ignores: vec![false; selection.ignores.len()],
            files: vec![false; selection.file_ignores.len()],
            n_findings: 0,
        }
    }
}

/// What only PyPI refuses costs nothing on an index with rules of its own.
fn judge_elsewhere(finding: &mut Finding) {
    let by_pypi = finding.refused_by.contains(&Refuser::Pypi);
    finding
        .refused_by
        .retain(|refuser| *refuser != Refuser::Pypi);
    if by_pypi && finding.refused_by.is_empty() {
        finding.severity = finding.severity.min(Severity::Note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    fn selector(text: &str) -> Selector {
        Selector::parse(text, &rules()).unwrap()
    }

    fn found(code: &str, path: &str, member: Option<&str>) -> Finding {
        let rule = rules().into_iter().find(|rule| rule.code == code).unwrap();
        let mut finding = Finding::new(rule, "x");
        finding.place.path = path.to_owned();
        finding.place.member = member.map(str::to_owned);
        finding
    }

    fn report(kind: SubjectKind, path: &str, findings: Vec<Finding>) -> SubjectReport {
        SubjectReport {
            path: path.into(),
            kind,
            sha256: None,
            findings,
            n_ignored: 0,
        }
    }

    #[track_caller]
    fn check(selection: &Selection, findings: Vec<Finding>, kept: &[&str]) {
        let mut report = report(SubjectKind::Wheel, "dist/a.whl", findings);
        selection.apply(&mut [&mut report]);
        let codes: Vec<_> = report.findings.iter().map(|f| f.rule.code).collect();
        assert_eq!(codes, kept);
    }

    fn ignoring(texts: &[&str]) -> Vec<Ignore> {
        let ignore = |text: &&str| Ignore {
            selector: selector(text),
            reason: None,
            place: None,
        };
        texts.iter().map(ignore).collect()
    }

    fn some() -> Vec<Finding> {
        ["P206", "P401", "P402"]
            .map(|code| found(code, "pyproject.toml", None))
            .to_vec()
    }

    #[test]
    fn the_more_precise_of_select_and_ignore_wins_and_ignore_at_a_tie() {
        let mut selection = Selection::default();
        check(&selection, some(), &["P206", "P401", "P402"]);
        selection.ignores = ignoring(&["P4"]);
        check(&selection, some(), &["P206"]);
        selection.extend_select = vec![selector("P402")];
        check(&selection, some(), &["P206", "P402"]);
        selection.select = Some(vec![selector("P401")]);
        check(&selection, some(), &["P401", "P402"]);
        selection.ignores = ignoring(&["licence-expression"]);
        check(&selection, some(), &["P402"]);
    }

    #[test]
    fn the_most_precise_severity_holds() {
        let selection = Selection {
            severities: vec![
                (selector("P402"), Severity::Error),
                (selector("all"), Severity::Warning),
            ],
            ..Selection::default()
        };
        let mut report = report(SubjectKind::Wheel, "a.whl", some());
        selection.apply(&mut [&mut report]);
        let severities: Vec<_> = report.findings.iter().map(|f| f.severity).collect();
        use Severity::{Error, Warning};
        assert_eq!(severities, [Warning, Warning, Error]);
    }

    #[test]
    fn files_are_let_off_by_path_by_name_and_by_member() {
        for (pattern, kept) in [
            ("dist/*.whl", 0),
            ("*.whl", 0),
            ("demo/data/**", 0),
            ("data/**", 0),
            ("key.pem", 0),
            ("*/*/*/*/key.pem", 1),
            ("other/**", 1),
        ] {
            let selection = Selection {
                root: "proj".into(),
                file_ignores: vec![FileIgnore {
                    pattern: FilePattern::parse(pattern).unwrap(),
                    selectors: vec![selector("P1301")],
                    place: None,
                }],
                ..Selection::default()
            };
            let finding = found("P1301", "proj/dist/a.whl", Some("demo/data/key.pem"));
            let mut report = report(SubjectKind::Wheel, "proj/dist/a.whl", vec![finding]);
            selection.apply(&mut [&mut report]);
            assert_eq!(report.findings.len(), kept, "{pattern}");
            assert_eq!(report.n_ignored, 1 - kept, "{pattern}");
        }
        assert!(FilePattern::parse("a[").is_err());
    }

    #[test]
    fn an_ignore_that_ignores_nothing_is_a_finding_where_everything_was_looked_at() {
        let place = Place {
            path: "proj/pyproject.toml".to_owned(),
            line: Some(3),
            ..Place::default()
        };
        let unused = |code: &str, kinds: &[SubjectKind]| {
            let mut ignores = ignoring(&[code]);
            ignores[0].place = Some(place.clone());
            let selection = Selection {
                ignores,
                ..Selection::default()
            };
            let mut reports: Vec<_> = kinds
                .iter()
                .map(|kind| report(*kind, "proj", Vec::new()))
                .collect();
            selection.apply(&mut reports.iter_mut().collect::<Vec<_>>());
            let found = reports.into_iter().flat_map(|report| report.findings);
            found.map(|finding| finding.message).collect::<Vec<_>>()
        };
        use SubjectKind::{Project, Sdist, Wheel};
        assert_eq!(
            unused("P206", &[Project]),
            ["`P206` is ignored and never found"]
        );
        assert!(unused("P1001", &[Project]).is_empty());
        assert_eq!(unused("P1001", &[Project, Wheel]).len(), 1);
        // The licence may be found in a distribution.
        assert!(unused("P401", &[Project]).is_empty());
        assert_eq!(unused("P401", &[Project, Wheel]).len(), 1);
        assert!(unused("P2", &[Project]).is_empty());
        assert!(unused("P1601", &[Project, Wheel]).is_empty());
        assert_eq!(unused("P1601", &[Project, Wheel, Sdist]).len(), 1);
        assert!(
            unused("P206", &[Wheel]).is_empty(),
            "no pyproject.toml was looked at"
        );
    }

    #[test]
    fn another_index_does_not_refuse_what_pypi_alone_refuses() {
        let selection = Selection {
            target: Target::Other,
            ..Selection::default()
        };
        let findings = ["P503", "P501"].map(|code| found(code, "x", None)).to_vec();
        let mut report = report(SubjectKind::Wheel, "a.whl", findings);
        selection.apply(&mut [&mut report]);
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|f| {
                (
                    f.rule.code,
                    f.severity,
                    f.refused_by.contains(&Refuser::Pypi),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("P503", Severity::Note, false),
                ("P501", Severity::Error, false)
            ]
        );
    }
}
