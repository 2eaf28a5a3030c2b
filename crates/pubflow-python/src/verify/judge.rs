//! From what the smoke script has seen to findings.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use pubflow_finding::{Finding, Rule, Severity};

use super::by_hand::quoted;
use super::cause::{Cause, Surroundings};
use super::modules::Standing;
use super::rules::{
    IMPORT_FAILS, IMPORT_HANGS, IMPORT_WRITES_HOME, NOT_TRIED, SCRIPT_BROKEN, UNDECLARED_DEPENDENCY,
};
use super::runner::{Ended, How};
use super::standard_library::Absence;
use super::stored::{Attempt, Failure, Kind, Place};

/// Paths that are named in a message about written files.
const SHOWN_PATHS: usize = 5;
/// Lines at the end of a traceback that are shown.
const SHOWN_TRACE_LINES: usize = 8;

/// What judging needs to know beside the attempts.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    /// What failures are judged against.
    pub(super) surroundings: &'a Surroundings<'a>,
    /// The interpreter, such as `cpython-3.12.1`.
    pub(super) python: &'a str,
    /// Whether the classifiers say that the distribution is for this operating system.
    pub(super) claims_this_system: bool,
    /// The module that stands for the distribution, if there is one.
    pub(super) main_module: Option<&'a str>,
    /// Whether some top-level module can be imported without extras.
    pub(super) something_works: bool,
    /// What became of failed attempts once every extra was installed, by kind and name.
    pub(super) with_extras: BTreeMap<(bool, String), Retried>,
    /// Time limit of one attempt, in seconds.
    pub(super) limit_seconds: u64,
    /// Whether there was no network.
    pub(super) is_secluded: bool,
}

/// What became of an attempt once every extra was installed.
#[derive(Debug, Clone)]
pub(super) struct Retried {
    /// Why it still fails.
    pub(super) failure: Option<Failure>,
    /// The extras that bring the missing module along, as far as it can be told.
    pub(super) extras: Vec<String>,
}

/// A failure of several modules that has one cause, in the order it was met.
struct Group {
    finding: Finding,
    more: Vec<String>,
}

/// Findings about modules, one for each cause: whatever keeps a package from being imported keeps its
/// submodules too.
#[derive(Default)]
pub(super) struct Grouped {
    order: Vec<String>,
    groups: BTreeMap<String, Group>,
}

impl Grouped {
    fn add(&mut self, key: String, name: &str, finding: Finding) {
        match self.groups.entry(key.clone()) {
            Entry::Occupied(mut group) => {
                let group = group.get_mut();
                group.finding.severity = group.finding.severity.max(finding.severity);
                group.more.push(name.to_owned());
            }
            Entry::Vacant(place) => {
                self.order.push(key);
                place.insert(Group {
                    finding,
                    more: Vec::new(),
                });
            }
        }
    }

    /// The findings, in the order they came up.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for key in self.order {
            let Some(Group { mut finding, more }) = self.groups.remove(&key) else {
                continue;
            };
            if let [first, rest @ ..] = more.as_slice() {
                let others = match rest.len() {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                finding
                    .message
                    .push_str(&format!("; so does `{first}`{others}"));
            }
            findings.push(finding);
        }
        findings
    }
}

impl Bench<'_> {
    /// Judges the import of a module.
    pub(super) fn import(&self, attempt: &Attempt, standing: Standing, grouped: &mut Grouped) {
        let name = attempt.name.as_str();
        if !attempt.wrote.is_empty() {
            grouped.add(format!("home {name}"), name, wrote_home(attempt));
        }
        let Some(failure) = &attempt.failure else {
            return;
        };
        let failure = match self.with_extras.get(&(false, name.to_owned())) {
            Some(Retried {
                failure: None,
                extras,
            }) => {
                if standing == Standing::TopLevel {
                    let key = format!("extra {name}");
                    grouped.add(key, name, self.needs_extra(name, failure, extras));
                }
                return;
            }
            Some(Retried {
                failure: Some(still),
                ..
            }) => still,
            None => failure,
        };
        let cause = self.surroundings.cause(failure);
        let verdict = self.verdict(name, standing, &cause);
        let mut why = why(&cause, self.python);
        if self.is_secluded && wanted_network(failure) {
            why.push_str("; imports are tried without a network, as behind a firewall");
        }
        if matches!(cause, Cause::Bug | Cause::Refusal | Cause::OwnName(_)) {
            why.push_str(&self.trace_text(failure));
        }
        let raised = self.raised_text(failure);
        let finding = Finding::new(
            verdict.rule,
            format!("`{name}` cannot be imported on {}: {raised}", self.python),
        )
        .severity(verdict.severity)
        .why(why)
        .next(next(&cause))
        .by_hand(import_by_hand(name));
        let key = format!("{cause:?} {:?} {raised}", failure.place);
        grouped.add(key, name, placed(finding, failure.place.as_ref()));
    }

    /// A top-level module that can be imported only with an extra. Beside others that need none, it
    /// may be what the extra is for.
    fn needs_extra(&self, name: &str, failure: &Failure, extras: &[String]) -> Finding {
        let is_the_point = self.main_module == Some(name) || !self.something_works;
        let severity = match is_the_point {
            true => Severity::Error,
            false => Severity::Warning,
        };
        let raised = self.raised_text(failure);
        let finding = Finding::new(
            &UNDECLARED_DEPENDENCY,
            format!("`{name}` cannot be imported on {}: {raised}", self.python),
        )
        .severity(severity)
        .why(format!(
            "it can be imported only with {}",
            extra_words(extras)
        ))
        .next("move what it needs into `dependencies`, or guard the import with `try`")
        .by_hand(import_by_hand(name));
        placed(finding, failure.place.as_ref())
    }

    /// The exception in one line.
    fn raised_text(&self, failure: &Failure) -> String {
        let Some(raised) = failure.chain.first() else {
            return "an exception".to_owned();
        };
        let message = raised.message.lines().next().unwrap_or_default();
        let class = match raised.module.as_str() {
            "builtins" | "" => raised.class.clone(),
            module => format!("{module}.{}", raised.class),
        };
        match message {
            "" => class,
            _ => format!("{class}: {}", self.without_directory(message)),
        }
    }

    /// The end of the traceback, to stand below a sentence.
    fn trace_text(&self, failure: &Failure) -> String {
        let trace = self.without_directory(&failure.trace);
        let lines: Vec<&str> = trace.lines().collect();
        let shown = &lines[lines.len().saturating_sub(SHOWN_TRACE_LINES)..];
        shown.iter().map(|line| format!("\n{line}")).collect()
    }

    /// A text without the directory of modules, which is gone when the text is read.
    fn without_directory(&self, text: &str) -> String {
        text.replace(&self.surroundings.site_packages, "")
    }

    /// What the failed import of a module costs.
    fn verdict(&self, name: &str, standing: Standing, cause: &Cause) -> Verdict {
        let is_top = standing == Standing::TopLevel;
        let for_others = !self.claims_this_system
            || (!is_top && self.surroundings.is_for_another_platform(name));
        match cause {
            Cause::Standard(_, Absence::NotBuilt) => Verdict::note(),
            Cause::OtherPlatform if !is_top => Verdict::note(),
            Cause::OwnModule(_) | Cause::Syntax if standing != Standing::Loose => {
                Verdict::error(&IMPORT_FAILS)
            }
            _ if for_others => Verdict::note(),
            Cause::Undeclared(_) if is_top => Verdict::error(&UNDECLARED_DEPENDENCY),
            Cause::Undeclared(_) => Verdict::warning(&UNDECLARED_DEPENDENCY),
            _ if is_top => Verdict::error(&IMPORT_FAILS),
            // Templates, modules that expect a caller, a framework or an operating system: released
            // distributions are full of submodules that fail alone and hurt nobody.
            Cause::Refusal | Cause::Bug | Cause::Incomplete(_) => Verdict::warning(&IMPORT_FAILS),
            _ if standing == Standing::Loose => Verdict::warning(&IMPORT_FAILS),
            _ => Verdict::error(&IMPORT_FAILS),
        }
    }

    /// Judges the loading of a script; `asks_for_extra` tells that its entry point names an extra.
    pub(super) fn script(
        &self,
        attempt: &Attempt,
        value: &str,
        asks_for_extra: bool,
    ) -> Option<Finding> {
        let name = attempt.name.as_str();
        let broken = |what: String| {
            Finding::new(
                &SCRIPT_BROKEN,
                format!("the script `{name}` cannot start: {what}"),
            )
            .field(format!("entry point {name} = {value}"))
            .by_hand(format!("pubflow-try/bin/{} --help", quoted(name)))
        };
        if let Some(detail) = &attempt.detail {
            return Some(
                broken(format!("`{value}` {detail}"))
                    .next("let the entry point name a function, `module:function`"),
            );
        }
        let failure = attempt.failure.as_ref()?;
        let retried = self.with_extras.get(&(true, name.to_owned()));
        if let Some(Retried {
            failure: None,
            extras,
        }) = retried
        {
            let finding = broken(self.raised_text(failure))
                .severity(Severity::Warning)
                .why(format!("it can start only with {}", extra_words(extras)))
                .next("move what the script needs into `dependencies`");
            return (!asks_for_extra).then_some(finding);
        }
        let failure = retried
            .and_then(|one| one.failure.as_ref())
            .unwrap_or(failure);
        let cause = self.surroundings.cause(failure);
        let finding = broken(self.raised_text(failure))
            .why(why(&cause, self.python))
            .next("correct the entry in pyproject.toml, or add what is missing to the wheel, and build again");
        let is_elsewhere = matches!(
            cause,
            Cause::OtherPlatform | Cause::Standard(_, Absence::NotBuilt)
        );
        let finding = if is_elsewhere && (!self.claims_this_system || cause != Cause::OtherPlatform)
        {
            Finding {
                rule: &NOT_TRIED,
                severity: Severity::Note,
                ..finding
            }
        } else {
            finding
        };
        Some(placed(finding, failure.place.as_ref()))
    }

    /// Judges an attempt that ended the process.
    pub(super) fn ended(&self, ended: &Ended) -> Finding {
        let (what, rule): (String, &'static Rule) = match &ended.attempted {
            Some((Kind::Import, name)) => (format!("importing `{name}`"), &IMPORT_FAILS),
            Some((Kind::Script, name)) => (format!("loading the script `{name}`"), &SCRIPT_BROKEN),
            Some((Kind::Metadata, name)) => {
                (format!("asking for the version of `{name}`"), &IMPORT_FAILS)
            }
            None => (
                "starting Python in the environment".to_owned(),
                &IMPORT_FAILS,
            ),
        };
        match &ended.how {
            How::TimedOut(place) => placed(
                Finding::new(
                    &IMPORT_HANGS,
                    format!("{what} does not end within {} s on {}", self.limit_seconds, self.python),
                )
                .why("whoever imports it waits as long; standard input was closed, and no window was there")
                .next("move work that waits or loops into a function that is called when it is needed")
                .by_hand(Self::ended_by_hand(ended)),
                place.as_ref(),
            ),
            How::Died { exit, output } => {
                let finding = Finding::new(
                    rule,
                    format!("{what} ends the interpreter on {}: {exit}", self.python),
                );
                let why = match output.is_empty() {
                    true => "nothing was printed".to_owned(),
                    false => format!("its last output: {output}"),
                };
                finding
                    .why(why)
                    .next("import the module in a fresh environment to see it happen")
                    .by_hand(Self::ended_by_hand(ended))
            }
        }
    }

    fn ended_by_hand(ended: &Ended) -> String {
        match &ended.attempted {
            Some((Kind::Import, name)) => import_by_hand(name),
            Some((Kind::Script, name)) => format!("pubflow-try/bin/{} --help", quoted(name)),
            Some((Kind::Metadata, _)) | None => "pubflow-try/bin/python -I -c pass".to_owned(),
        }
    }
}

/// Rule and severity of a failed import.
struct Verdict {
    rule: &'static Rule,
    severity: Severity,
}

impl Verdict {
    fn error(rule: &'static Rule) -> Self {
        Self {
            rule,
            severity: Severity::Error,
        }
    }

    fn warning(rule: &'static Rule) -> Self {
        Self {
            rule,
            severity: Severity::Warning,
        }
    }

    fn note() -> Self {
        Self {
            rule: &NOT_TRIED,
            severity: Severity::Note,
        }
    }
}

/// The import of a module in an environment, as a command.
fn import_by_hand(name: &str) -> String {
    let statement = quoted(&format!("import {name}"));
    format!("pubflow-try/bin/python -I -c {statement}")
}

/// Whether an import failed as it does where there is no network.
fn wanted_network(failure: &Failure) -> bool {
    let words = [
        "Network is unreachable",
        "name resolution",
        "Name or service not known",
        "Cannot assign requested address",
        "Failed to establish a new connection",
    ];
    let mut links = failure.chain.iter();
    links.any(|link| words.iter().any(|words| link.message.contains(words)))
}

fn placed(finding: Finding, place: Option<&Place>) -> Finding {
    match place {
        Some(place) => {
            let finding = finding.member(place.file.replace('\\', "/"));
            if place.line > 0 {
                finding.line(place.line)
            } else {
                finding
            }
        }
        None => finding,
    }
}

fn wrote_home(attempt: &Attempt) -> Finding {
    let shown: Vec<String> = attempt
        .wrote
        .iter()
        .take(SHOWN_PATHS)
        .map(|path| format!("`~/{path}`"))
        .collect();
    let more = match attempt.wrote.len().saturating_sub(SHOWN_PATHS) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Finding::new(
        &IMPORT_WRITES_HOME,
        format!(
            "importing `{}` creates {}{more}",
            attempt.name,
            shown.join(", ")
        ),
    )
    .why("an import is not expected to write, and fails where the home directory is read-only")
    .next("create it when it is first needed, below the directory that `platformdirs` or XDG names")
}

fn extra_words(extras: &[String]) -> String {
    match extras {
        [] => "one of the extras".to_owned(),
        _ => format!("the extra `{}`", extras.join("` or `")),
    }
}

fn why(cause: &Cause, python: &str) -> String {
    match cause {
        Cause::OwnModule(module) => {
            format!("`{module}` is not in the wheel; where it works, it comes from the source tree")
        }
        Cause::OwnName(module) => {
            format!("`{module}` of this wheel does not provide what is imported from it")
        }
        Cause::Standard(module, Absence::Removed { minor }) => {
            format!("`{module}` left the standard library in Python 3.{minor}")
        }
        Cause::Standard(module, Absence::Added { minor }) => {
            format!("`{module}` is in the standard library from Python 3.{minor} on")
        }
        Cause::Standard(module, _) => {
            format!("this {python} was built without `{module}`")
        }
        Cause::StandardName(module) => format!(
            "`{module}` of the standard library does not have it in {python}, which `Requires-Python` admits"
        ),
        Cause::OtherPlatform => "it needs what only another operating system has".to_owned(),
        Cause::Undeclared(module) => format!(
            "`{module}` is not in the wheel, not in the standard library, and no dependency brings it along"
        ),
        Cause::Incomplete(module) => {
            format!("what is installed as `{module}` by the dependencies does not have it")
        }
        Cause::Syntax => {
            format!("the file is no valid source for {python}, which `Requires-Python` admits")
        }
        Cause::DataFile(file) => format!("`{file}` is not in the wheel"),
        Cause::Bug => "the code fails wherever it is imported like this".to_owned(),
        Cause::Refusal => "the module raises it by itself when it is imported alone".to_owned(),
    }
}

fn next(cause: &Cause) -> String {
    match cause {
        Cause::OwnModule(_) | Cause::OwnName(_) => {
            "add the module to what the build backend packs, and build again".to_owned()
        }
        Cause::Standard(_, Absence::NotBuilt) | Cause::OtherPlatform => {
            "run `pubflow verify` where it can be had, or guard the import with `try`".to_owned()
        }
        Cause::Standard(..) | Cause::StandardName(_) | Cause::Syntax => {
            "raise or cap `requires-python`, or write it so that every admitted version takes it"
                .to_owned()
        }
        Cause::Undeclared(module) => {
            let top = module.split('.').next().unwrap_or(module);
            format!(
                "add the distribution that provides `{top}` to `dependencies` or to an extra, or guard the import with `try`"
            )
        }
        Cause::Incomplete(_) => "raise the lower bound of that dependency".to_owned(),
        Cause::DataFile(_) => {
            "add the file to the package data of the build backend, and build again".to_owned()
        }
        Cause::Bug | Cause::Refusal => {
            "import the module in a fresh environment, and correct what it says".to_owned()
        }
    }
}
