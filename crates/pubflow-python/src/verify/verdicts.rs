//! The findings about what was seen in one environment, check by check.

use std::collections::BTreeMap;
use std::time::Duration;

use pubflow_dist::ObjectReference;
use pubflow_finding::{Finding, Severity};
use pubflow_spec::Version;

use super::by_hand::quoted;
use super::judge::{Bench, Grouped};
use super::modules::Standing;
use super::report::count;
use super::rules::{METADATA_DIFFERS, NO_HELP, SCRIPT_BROKEN, VERSION_ATTRIBUTE};
use super::runner::Ran;
use super::scripts::Answer;
use super::stored::Kind;
use super::subject::{Asked, Promise, Trial};

impl Trial<'_> {
    pub(super) fn judge_imports(
        &mut self,
        bench: &Bench<'_>,
        promise: &Promise,
        ran: &Ran,
        took: Duration,
    ) {
        let standings: BTreeMap<&str, Standing> = promise
            .modules
            .imported
            .iter()
            .map(|(name, standing)| (name.as_str(), *standing))
            .collect();
        let mut grouped = Grouped::default();
        for attempt in ran.attempts.iter().filter(|one| one.kind == Kind::Import) {
            let standing = standings.get(attempt.name.as_str());
            bench.import(
                attempt,
                standing.copied().unwrap_or(Standing::Loose),
                &mut grouped,
            );
        }
        for finding in grouped.finish() {
            self.report.add(finding);
        }
        let is_script = |kind: &Option<(Kind, String)>| matches!(kind, Some((Kind::Script, _)));
        for ended in ran.ended.iter().filter(|one| !is_script(&one.attempted)) {
            self.report.add(bench.ended(ended));
        }
        if standings.is_empty() {
            self.report
                .skip("imports", "the wheel has no modules to import");
            return;
        }
        let not_tried = match ran.n_not_tried {
            0 => String::new(),
            n => format!(", {n} attempts left out for want of time"),
        };
        let passed_over = match promise.modules.n_passed_over {
            0 => String::new(),
            n => format!(", {n} private or test modules passed over"),
        };
        let network = match self.tools.seclusion.shortcoming() {
            None => String::new(),
            Some(why) => format!(", with the network in reach: {why}"),
        };
        let detail = format!(
            "{}{passed_over}{not_tried}{network}",
            count(standings.len(), "module")
        );
        self.report.close("imports", detail, took);
    }

    pub(super) fn judge_version(&mut self, promise: &Promise, ran: &Ran) {
        let version = &promise.version;
        let same = |text: &str| Version::parse(text).is_ok_and(|found| found == *version);
        let installed = ran.attempts.iter().find(|one| one.kind == Kind::Metadata);
        if let Some(found) = installed.and_then(|one| one.detail.as_deref())
            && !same(found)
        {
            let project = &promise.project;
            let finding = Finding::new(
                &METADATA_DIFFERS,
                format!("`{project}` is installed as version {found}, the file is {version}"),
            )
            .why("the installer has replaced the file under test, or METADATA and file name disagree")
            .next("look for a dependency that requires this project in another version");
            self.report.add(finding);
        }
        let speaker = promise.main_module();
        let attribute = ran.attempts.iter().find_map(|one| {
            let speaks = one.kind == Kind::Import && Some(one.name.as_str()) == speaker;
            Some((one.name.as_str(), one.detail.as_deref().filter(|_| speaks)?))
        });
        if let Some((module, found)) = attribute
            && !same(found)
        {
            let finding = Finding::new(
                &VERSION_ATTRIBUTE,
                format!("`{module}.__version__` is `{found}`, the distribution is {version}"),
            )
            .why("users and bug reports ask the attribute, installers the distribution")
            .next("write the version in one place, and let the other read it");
            self.report.add(finding);
        }
        self.report
            .close("version", version.to_string(), Duration::ZERO);
    }

    pub(super) fn judge_scripts(&mut self, bench: &Bench<'_>, promise: &Promise, ran: &Ran) {
        if promise.scripts.is_empty() {
            return;
        }
        let mut took = 0.0;
        for attempt in ran.attempts.iter().filter(|one| one.kind == Kind::Script) {
            took += attempt.seconds;
            let point = promise
                .scripts
                .iter()
                .find(|point| point.name == attempt.name);
            let value = point.map_or("", |point| point.value.as_str());
            let asks = ObjectReference::parse(value).is_some_and(|one| one.extras.is_some());
            let Some(finding) = bench.script(attempt, value, asks) else {
                continue;
            };
            let is_placed = finding.place.member.is_some();
            let entry_points = self.task.wheel().member("entry_points.txt");
            self.report.add(match point {
                Some(point) if !is_placed => finding.member(entry_points).line(point.line),
                _ => finding,
            });
        }
        for ended in &ran.ended {
            if matches!(ended.attempted, Some((Kind::Script, _))) {
                self.report.add(bench.ended(ended));
            }
        }
        let detail = count(promise.scripts.len(), "script");
        let took = Duration::try_from_secs_f64(took).unwrap_or_default();
        self.report.close("scripts", detail, took);
    }

    pub(super) fn judge_answers(&mut self, promise: &Promise, asked: &Asked) {
        if asked.answers.is_empty() {
            return;
        }
        for (name, answer) in &asked.answers {
            match answer {
                Answer::Ok => {}
                Answer::Missing(module) => {
                    self.report.add(missing_in_script(name, module, promise));
                }
                Answer::Not { did, output } => {
                    let finding = Finding::new(
                        &NO_HELP,
                        format!(
                            "the script `{name}` answers neither `--help` nor `--version`: {did}"
                        ),
                    );
                    let finding = match output.is_empty() {
                        true => finding,
                        false => finding.why(format!("it printed: {output}")),
                    };
                    let finding = finding.next("answer `--help` with exit status 0");
                    let name = quoted(name);
                    self.report
                        .add(finding.by_hand(format!("pubflow-try/bin/{name} --help")));
                }
            }
        }
        let detail = count(asked.answers.len(), "script");
        self.report.close("help", detail, asked.duration);
    }
}

/// A script that starts and then stops at a module that is not there.
fn missing_in_script(name: &str, module: &str, promise: &Promise) -> Finding {
    let finding = Finding::new(
        &SCRIPT_BROKEN,
        format!("the script `{name}` stops at `{module}`, which is not installed"),
    );
    let finding = finding.by_hand(format!("pubflow-try/bin/{} --help", quoted(name)));
    let is_own = promise.modules.must_provide(module);
    if is_own || promise.requirements.extras().is_empty() {
        return finding
            .why("it is imported when the script runs, not when it is loaded")
            .next("add what is missing to the wheel or to `dependencies`, and build again");
    }
    finding
        .severity(Severity::Warning)
        .why("it may come with one of the extras, which a plain installation does not have")
        .next("move what the script needs into `dependencies`, or let the script say which extra to install")
}
