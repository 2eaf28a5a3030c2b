//! Which selection of rules holds for a subject: the options of this call over the settings of the
//! project that the subject belongs to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pubflow_check::{
    FileIgnore, FilePattern, Ignore, Selection, Selector, SubjectKind, SubjectReport, Target,
    is_project,
};
use pubflow_finding::{Finding, Rule, Severity};

use crate::cli::RuleChoice;
use crate::config::{
    BudgetSettings, CheckSettings, ConfigError, Environment, FileIgnoreSetting, Origin,
    RuleSetting, Setting, Settings,
};
use crate::error::CommandError;

/// The selections of a call, one for each project.
pub(crate) struct Selections<'a> {
    options: OptionSelectors,
    target: Option<&'a str>,
    rules: Vec<&'static Rule>,
    env: &'a Environment,
    by_project: BTreeMap<PathBuf, Selection>,
    budgets: BTreeMap<PathBuf, BudgetSettings>,
}

/// What the command line selects.
struct OptionSelectors {
    select: Vec<Selector>,
    extend_select: Vec<Selector>,
    ignore: Vec<Selector>,
    extend_ignore: Vec<Selector>,
}

impl<'a> Selections<'a> {
    /// The options of a call; no settings are read yet.
    ///
    /// # Errors
    /// A rule that does not exist.
    pub(crate) fn new(
        options: &RuleChoice,
        target: Option<&'a str>,
        env: &'a Environment,
    ) -> Result<Self, CommandError> {
        let rules = pubflow_stages::rules();
        let options = OptionSelectors {
            select: selectors("--select", &options.select, &rules)?,
            extend_select: selectors("--extend-select", &options.extend_select, &rules)?,
            ignore: selectors("--ignore", &options.ignore, &rules)?,
            extend_ignore: selectors("--extend-ignore", &options.extend_ignore, &rules)?,
        };
        Ok(Self {
            options,
            target,
            rules,
            env,
            by_project: BTreeMap::new(),
            budgets: BTreeMap::new(),
        })
    }

    /// Whether a rule was named by its code or name on the command line: then its notes are wanted.
    pub(crate) fn names_a_rule(&self) -> bool {
        let named = self
            .options
            .select
            .iter()
            .chain(&self.options.extend_select);
        named.into_iter().any(Selector::is_exact)
    }

    /// The selection for the project in `directory`.
    ///
    /// # Errors
    /// Settings that cannot be taken.
    pub(crate) fn of_project(&mut self, directory: &Path) -> Result<&Selection, CommandError> {
        if !self.by_project.contains_key(directory) {
            let selection = self.read(directory)?;
            self.by_project.insert(directory.to_owned(), selection);
        }
        Ok(&self.by_project[directory])
    }

    /// Applies the selections to the reports of this call.
    ///
    /// # Errors
    /// Settings that cannot be taken.
    pub(crate) fn apply(&mut self, reports: &mut [SubjectReport]) -> Result<(), CommandError> {
        let mut groups: BTreeMap<PathBuf, Vec<&mut SubjectReport>> = BTreeMap::new();
        for report in reports {
            let project = project_of(&report.path, report.kind);
            groups.entry(project).or_default().push(report);
        }
        for (project, mut reports) in groups {
            self.of_project(&project)?;
            if let Some(budgets) = self.budgets.get(&project) {
                for report in &mut reports {
                    report
                        .findings
                        .extend(over_budget(report, budgets, &self.rules));
                }
            }
            self.of_project(&project)?.apply(&mut reports);
        }
        Ok(())
    }

    fn read(&mut self, directory: &Path) -> Result<Selection, CommandError> {
        let settings = match Settings::load(directory, self.env) {
            Ok(settings) => settings,
            // What is no TOML or no text is told as a finding.
            Err(ConfigError::Syntax { path, .. } | ConfigError::Read { path, .. })
                if path.ends_with("pyproject.toml") =>
            {
                Settings::without_files(self.env)
            }
            Err(error) => return Err(error.into()),
        };
        self.budgets
            .insert(directory.to_owned(), settings.budgets.clone());
        let mut selection = self.selection_of(&settings.check)?;
        let options = &self.options;
        if !options.select.is_empty() {
            selection.select = Some(options.select.clone());
        }
        selection
            .extend_select
            .extend(options.extend_select.iter().cloned());
        let unexplained = |selector: &Selector| Ignore {
            selector: selector.clone(),
            reason: None,
            place: None,
        };
        if !options.ignore.is_empty() {
            selection.ignores = options.ignore.iter().map(unexplained).collect();
        }
        selection
            .ignores
            .extend(options.extend_ignore.iter().map(unexplained));
        selection.target = self.target_in(&settings)?;
        selection.root = directory.to_owned();
        Ok(selection)
    }

    fn target_in(&self, settings: &Settings) -> Result<Target, CommandError> {
        let Some(name) = self.target else {
            return Ok(Target::Pypi);
        };
        let name = Setting::new(name.to_owned(), Origin::CommandLine("--for"));
        Ok(match settings.address(&name)?.kind.row().follows_pypi {
            true => Target::Pypi,
            false => Target::Other,
        })
    }

    fn selection_of(&self, settings: &CheckSettings) -> Result<Selection, ConfigError> {
        let all = |rules: &[RuleSetting]| {
            let selectors = rules.iter().map(|rule| self.selector(rule));
            selectors.collect::<Result<Vec<_>, _>>()
        };
        let ignores = settings.ignore.iter().map(|ignore| {
            Ok(Ignore {
                selector: self.selector(&ignore.rule)?,
                reason: Some(ignore.reason.clone()),
                place: Some(ignore.rule.place.clone()),
            })
        });
        let severities = settings
            .severity
            .iter()
            .map(|(rule, severity)| Ok((self.selector(rule)?, *severity)));
        let file_ignores = settings.per_file_ignores.iter().map(|ignore| {
            Ok(FileIgnore {
                pattern: pattern(ignore)?,
                selectors: all(&ignore.rules)?,
                place: Some(ignore.place.clone()),
            })
        });
        Ok(Selection {
            select: Some(all(&settings.select)?).filter(|select| !select.is_empty()),
            extend_select: all(&settings.extend_select)?,
            ignores: ignores.collect::<Result<_, ConfigError>>()?,
            severities: severities.collect::<Result<_, ConfigError>>()?,
            file_ignores: file_ignores.collect::<Result<_, ConfigError>>()?,
            ..Selection::default()
        })
    }

    fn selector(&self, rule: &RuleSetting) -> Result<Selector, ConfigError> {
        read_rule(rule, &self.rules)
    }
}

/// The waivers of a call, and those errors that the project ignores with a reason: what `check` lets
/// pass, `publish` lets pass too, and records.
pub(crate) fn with_waivers_of_project(
    given: &[String],
    settings: &CheckSettings,
) -> Result<Vec<String>, CommandError> {
    let rules = pubflow_stages::rules();
    let mut waivers = given.to_vec();
    for ignore in &settings.ignore {
        let selector = read_rule(&ignore.rule, &rules)?;
        for code in selector.codes() {
            let is_error = |rule: &&Rule| rule.code == *code && rule.severity == Severity::Error;
            let is_given = given.iter().any(|waiver| {
                let waived = waiver.split('=').next().unwrap_or_default();
                waived.trim().eq_ignore_ascii_case(code)
            });
            if rules.iter().copied().any(|rule| is_error(&rule)) && !is_given {
                waivers.push(format!("{code}={}", ignore.reason));
            }
        }
    }
    Ok(waivers)
}

fn read_rule(rule: &RuleSetting, rules: &[&'static Rule]) -> Result<Selector, ConfigError> {
    Selector::parse(&rule.text, rules).map_err(|unknown| ConfigError::Rule {
        path: PathBuf::from(&rule.place.path),
        line: rule.place.line.unwrap_or(1),
        given: unknown.given,
        problem: "no rule".to_owned(),
        nearest: unknown.nearest,
    })
}

fn pattern(ignore: &FileIgnoreSetting) -> Result<FilePattern, ConfigError> {
    FilePattern::parse(&ignore.pattern.value).map_err(|error| ConfigError::Rule {
        path: PathBuf::from(&ignore.place.path),
        line: ignore.place.line.unwrap_or(1),
        given: error.text,
        problem: format!("no pattern for paths: {}", error.why),
        nearest: None,
    })
}

fn selectors(
    option: &'static str,
    texts: &[String],
    rules: &[&'static Rule],
) -> Result<Vec<Selector>, CommandError> {
    let selector = |text: &String| {
        Selector::parse(text, rules).map_err(|unknown| CommandError::Argument {
            option,
            value: unknown.given,
            expected: "rule",
            why: match unknown.nearest {
                Some(nearest) => format!("the nearest is {nearest}"),
                None => "rules are named by code (P206), family (P2xx) or name".to_owned(),
            },
        })
    };
    texts.iter().map(selector).collect()
}

/// A finding about a distribution that is larger than its project allows.
fn over_budget(
    report: &SubjectReport,
    budgets: &BudgetSettings,
    rules: &[&'static Rule],
) -> Option<Finding> {
    let budget = match report.kind {
        SubjectKind::Wheel => budgets.wheel.as_ref(),
        SubjectKind::Sdist => budgets.sdist.as_ref(),
        _ => None,
    }?;
    let bytes = std::fs::metadata(&report.path).ok()?.len();
    let rule = rules.iter().find(|rule| rule.code == "P1502")?;
    if bytes <= budget.value {
        return None;
    }
    let mut finding = Finding::new(
        rule,
        format!(
            "the file has {bytes} bytes, {} more than the budget of the project",
            bytes - budget.value
        ),
    )
    .why(format!(
        "the budget is {} bytes: {}",
        budget.value, budget.origin
    ))
    .next(
        "leave out what users do not need (`pubflow inspect` lists the sizes), or raise `budgets`",
    );
    finding.place.path = report.path.display().to_string();
    Some(finding)
}

/// The project whose settings hold for a subject: the subject itself, the directory of its
/// pyproject.toml, the one that holds its `dist/`; for anything else the project here.
pub(crate) fn project_of(path: &Path, kind: SubjectKind) -> PathBuf {
    let here = || PathBuf::from(".");
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => here(),
    };
    match kind {
        SubjectKind::Project => path.to_owned(),
        SubjectKind::Pyproject if path.ends_with("pyproject.toml") => directory,
        _ if directory.ends_with("dist") => {
            let above = match directory.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => here(),
            };
            if is_project(&above) { above } else { here() }
        }
        _ => here(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_project_that_it_was_built_from() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("pyproject.toml"), "").unwrap();
        let project = |path: &Path, kind| project_of(path, kind);
        let here = PathBuf::from(".");
        assert_eq!(
            project(&dir.path().join("dist/a.whl"), SubjectKind::Wheel),
            dir.path()
        );
        assert_eq!(
            project(&dir.path().join("out/a.whl"), SubjectKind::Wheel),
            here
        );
        assert_eq!(project(Path::new("dist/a.whl"), SubjectKind::Wheel), here);
        assert_eq!(project(Path::new("a.whl"), SubjectKind::Wheel), here);
        assert_eq!(
            project(Path::new("pyproject.toml"), SubjectKind::Pyproject),
            here
        );
        assert_eq!(
            project(Path::new("a/pyproject.toml"), SubjectKind::Pyproject),
            Path::new("a")
        );
        assert_eq!(project(Path::new("a/x.toml"), SubjectKind::Pyproject), here);
        assert_eq!(
            project(Path::new("lib"), SubjectKind::Project),
            Path::new("lib")
        );
    }
}
