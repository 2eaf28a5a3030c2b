//! P1611: the project takes no more files.

use pubflow_finding::{Check, Finding, Findings, Refuser, Rule, Severity};
use pubflow_index::ProjectStatus;

use super::Situation;

pub(super) const CHECK: Check<Situation> = Check { rule: &RULE, run };

static RULE: Rule = Rule {
    code: "P1611",
    name: "project-closed",
    severity: Severity::Error,
    source: "PEP 792, R068, R069",
    refused_by: &[Refuser::Pypi],
    about: "The index says that the project is archived or quarantined, or that its owners advise something else.",
    why: "An archived project takes no files from anybody. Of a quarantined project nothing is listed, so an upload would be accepted and never be seen.",
    cure: "Un-archive the project on its settings page; answer the administrators' mail about a quarantine. A deprecated project still takes files: see whether users should be led elsewhere.",
    bad: "{\"project-status\": {\"status\": \"archived\"}}\n",
    good: "{\"project-status\": {\"status\": \"active\"}}\n",
};

fn run(situation: &Situation, findings: &mut Findings) {
    let Some(page) = &situation.page else {
        return;
    };
    if situation.missing().next().is_none() {
        return;
    }
    let (project, index) = (&situation.project, &situation.index);
    let closed = |how: &str, next: &str| {
        Finding::new(&RULE, format!("`{project}` is {how} on {index}")).next(next)
    };
    match &page.status {
        ProjectStatus::Archived => findings.add(closed(
            "archived",
            "un-archive the project on its settings page, then run the command again",
        )),
        ProjectStatus::Quarantined => findings.add(closed(
            "quarantined",
            "see what the index's administrators wrote to the project's owners",
        )),
        ProjectStatus::Deprecated => {
            findings.add(
                closed("deprecated", "see whether users should be led elsewhere")
                    .severity(Severity::Warning),
            );
        }
        ProjectStatus::Active | ProjectStatus::Other(_) => {}
    }
}
