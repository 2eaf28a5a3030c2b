//! Whether a release can go out: everything that gates, checks, people and clocks said about the
//! sealed bytes and the source, and what follows from it. Nothing is run here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use pubflow_check::{CheckOptions, check_paths};
use pubflow_finding::{Finding, Severity};
use pubflow_pipeline::{Entry, Evidence, Facts, Record, ReleaseRecord, Reporter};
use pubflow_stages::{
    Answer, AnsweredBy, Decision, Gate, GateStage, GateWork, PRE_RELEASE, with_conditions,
};

use crate::config::{Risk, Settings, read_risks};
use crate::context::Context;
use crate::error::CommandError;
use crate::gates_here::{GatesHere, Last};
use crate::render::{
    ApprovalJson, BlockerJson, BlockerKind, ChecksJson, EvidenceJson, FileJson, GateJson, ItemJson,
    ReadinessDocument, RiskJson, SpanJson, Verdict, WaiverJson,
};
use crate::steps::seen_at;
use crate::timeline::spans;

/// A release and what is recorded of it.
pub(crate) struct Sealed<'a> {
    /// The record.
    pub(crate) record: &'a ReleaseRecord,
    /// The journal.
    pub(crate) facts: &'a Facts,
    /// The sealed files.
    pub(crate) files: Vec<PathBuf>,
}

/// Gathers everything.
///
/// # Errors
/// Something on this machine cannot be read.
pub(crate) fn gather(
    settings: &Settings,
    here: &GatesHere,
    sealed: Option<&Sealed<'_>>,
    (now, pre_release_at): (Timestamp, Option<Timestamp>),
    ctx: &Context,
) -> Result<ReadinessDocument, CommandError> {
    let mut document = empty(now);
    let risks = read_risks(Path::new("."))?;
    add_risks(risks, &mut document);
    let nothing = Facts::default();
    let facts = sealed.map_or(&nothing, |sealed| sealed.facts);
    add_waivers(facts, &mut document);
    add_gates(here, facts, ctx, &mut document)?;
    match sealed {
        Some(sealed) => add_release(sealed, here, &mut document)?,
        None => block(
            &mut document,
            BlockerKind::Missing,
            "nothing is built and sealed here".to_owned(),
            "run `pubflow build`",
        ),
    }
    add_checklist(settings, sealed, &mut document)?;
    add_times(settings, sealed, (now, pre_release_at), &mut document);
    require_approvals(settings, &mut document);
    document.blockers.sort_by_key(|blocker| blocker.kind);
    document.verdict = match (document.blockers.is_empty(), document.waivers.is_empty()) {
        (false, _) => Verdict::NotReady,
        (true, false) => Verdict::ReadyWithWaivers,
        (true, true) => Verdict::Ready,
    };
    document.recommendation = recommendation(&document, sealed);
    Ok(document)
}

fn empty(now: Timestamp) -> ReadinessDocument {
    ReadinessDocument {
        schema: crate::render::SCHEMA,
        verdict: Verdict::NotReady,
        project: None,
        version: None,
        manifest: None,
        commit: None,
        at: shown(now),
        blockers: Vec::new(),
        waivers: Vec::new(),
        gates: Vec::new(),
        checks: None,
        checklist: Vec::new(),
        risks: Vec::new(),
        approvals: Vec::new(),
        notes: Vec::new(),
        recommendation: Vec::new(),
        files: Vec::new(),
        evidence: Vec::new(),
        timeline: Vec::new(),
    }
}

/// A time to the second.
fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn block(document: &mut ReadinessDocument, kind: BlockerKind, what: String, next: &str) {
    document.blockers.push(BlockerJson {
        kind,
        what,
        next: next.to_owned(),
    });
}

fn add_risks(risks: Vec<Risk>, document: &mut ReadinessDocument) {
    for risk in risks {
        if risk.level == "critical" && risk.status == "open" {
            let what = format!("an open critical risk: {}", risk.risk);
            let next = "mitigate or accept it, and say so in risks.toml";
            block(document, BlockerKind::Failed, what, next);
        }
        document.risks.push(RiskJson {
            risk: risk.risk,
            level: risk.level,
            mitigation: risk.mitigation,
            status: risk.status,
            owner: risk.owner,
        });
    }
}

fn add_waivers(facts: &Facts, document: &mut ReadinessDocument) {
    for (record, note) in facts.notes("waiver") {
        let of = |name| note.details.get(name).unwrap_or_default().to_owned();
        document.waivers.push(WaiverJson {
            step: of("step"),
            reason: of("reason"),
            at: shown(record.at),
            writer: record.writer.to_string(),
        });
    }
}

fn add_gates(
    here: &GatesHere,
    facts: &Facts,
    ctx: &Context,
    document: &mut ReadinessDocument,
) -> Result<(), CommandError> {
    for gate in &here.gates {
        let mut row = match gate.work {
            GateWork::Command(_) => recorded(here, gate, facts),
            // Reading costs little and is never out of date.
            GateWork::Report(_) | GateWork::Todo { .. } => looked_at(here, gate, ctx)?,
        };
        let step = gate.step();
        let is_waived = document
            .waivers
            .iter()
            .any(|waiver| waiver.step == step.as_str() || waiver.step == "gate");
        let is_fine = row.status.starts_with("passed") || row.status == "failed, not required";
        if is_waived && !is_fine {
            row.message = Some(format!(
                "{}, waived",
                row.message.as_deref().unwrap_or(&row.status)
            ));
            row.status = "waived".to_owned();
        } else if !is_fine && gate.required {
            let (kind, next) = match row.status.as_str() {
                "failed" => (
                    BlockerKind::Failed,
                    "mend it, then `pubflow readiness --run`",
                ),
                _ => (BlockerKind::Missing, "run `pubflow readiness --run`"),
            };
            let what = match (&row.message, row.status.as_str()) {
                (Some(message), "failed") => message.clone(),
                (Some(message), _) => format!("gate `{}` {message}", gate.name),
                (None, status) => format!("gate `{}` is {status}", gate.name),
            };
            block(document, kind, what, next);
        }
        document.gates.push(row);
    }
    Ok(())
}

/// A gate as the journal knows it.
fn recorded(here: &GatesHere, gate: &Gate, facts: &Facts) -> GateJson {
    let counts = |evidence: &Evidence| {
        evidence
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let row = |status: &str, message: Option<String>, at: Option<Timestamp>, counts| GateJson {
        name: gate.name.clone(),
        required: gate.required,
        status: status.to_owned(),
        message,
        at: at.map(shown),
        counts,
    };
    match here.last(gate, facts) {
        Last::Passed(record, evidence) => {
            let verdict = evidence.get("verdict").unwrap_or("passed");
            let notes = evidence.get("notes").map(str::to_owned);
            row(verdict, notes, Some(record.at), counts(evidence))
        }
        Last::Failed(record, message, evidence) => {
            let message = Some(message.to_owned());
            row("failed", message, Some(record.at), counts(evidence))
        }
        Last::Stale(record) => {
            let message = "has no result for the source and settings as they are now".to_owned();
            row("stale", Some(message), Some(record.at), Vec::new())
        }
        Last::Never => row("not run", Some("was not run".to_owned()), None, Vec::new()),
    }
}

/// A gate that only reads, asked now.
fn looked_at(here: &GatesHere, gate: &Gate, ctx: &Context) -> Result<GateJson, CommandError> {
    let step = GateStage::step(gate, &here.room);
    let reporter = Reporter::new(Arc::new(|_| {}), step.id.clone(), gate.name.as_str().into());
    let Some(unit) = step.units().next() else {
        return Ok(recorded(here, gate, &Facts::default()));
    };
    let looked = ctx.block_on_reading(async { Ok(step.work.act(unit, &reporter).await) })?;
    let (status, message, evidence) = match looked {
        Ok(evidence) => {
            let verdict = evidence.get("verdict").unwrap_or("passed").to_owned();
            (verdict, evidence.get("notes").map(str::to_owned), evidence)
        }
        Err(failure) => {
            let message = Some(failure.report.message.clone());
            ("failed".to_owned(), message, failure.evidence)
        }
    };
    Ok(GateJson {
        name: gate.name.clone(),
        required: gate.required,
        status,
        message,
        at: Some(shown(Timestamp::now())),
        counts: evidence
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    })
}

fn add_release(
    sealed: &Sealed<'_>,
    here: &GatesHere,
    document: &mut ReadinessDocument,
) -> Result<(), CommandError> {
    let manifest = sealed.record.manifest();
    document.project = Some(manifest.name().to_string());
    document.version = Some(manifest.version().to_string());
    document.manifest = Some(manifest.digest().to_string());
    document.commit = manifest.commit().map(str::to_owned);
    if let (Some(built), Some(now)) = (manifest.commit(), &here.room.source.commit)
        && built != now
    {
        document.notes.push(format!(
            "the sealed files were built from commit {built:.12}, and {now:.12} is checked out"
        ));
    }
    document.files = manifest
        .files()
        .iter()
        .map(|file| FileJson {
            filename: file.filename.clone(),
            size: file.size,
            sha256: file.sha256.to_string(),
        })
        .collect();
    add_checks(sealed, document)?;
    add_approvals(sealed, document);
    let mut first = None;
    for span in spans(sealed.facts) {
        let first = *first.get_or_insert(span.begun);
        document.timeline.push(SpanJson {
            step: span.step.clone(),
            unit: span.unit.clone(),
            begun: span.begun.to_string(),
            seconds: span.duration().as_secs_f64(),
            outcome: span.end.word(),
            offset: span.begun.duration_since(first).as_secs_f64(),
        });
    }
    for record in sealed.facts.records() {
        if let Entry::Done {
            subject, evidence, ..
        } = &record.entry
            && !evidence.is_empty()
        {
            document.evidence.push(EvidenceJson {
                step: subject.step.to_string(),
                unit: subject.unit.to_string(),
                at: shown(record.at),
                details: evidence
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            });
        }
    }
    Ok(())
}

fn findings(sealed: &Sealed<'_>) -> Result<Vec<Finding>, CommandError> {
    let subjects = check_paths(&sealed.files, &CheckOptions::default())?;
    Ok(subjects
        .into_iter()
        .flat_map(|subject| subject.findings)
        .collect())
}

fn add_checks(sealed: &Sealed<'_>, document: &mut ReadinessDocument) -> Result<(), CommandError> {
    let mut checks = ChecksJson {
        errors: 0,
        warnings: 0,
        waived: 0,
    };
    // A predicted refusal that was overruled stands in the evidence of the step that let it pass.
    let overruled: BTreeMap<String, (String, &Record)> = sealed
        .facts
        .records()
        .filter_map(|record| match &record.entry {
            Entry::Done { evidence, .. } => Some((record, evidence)),
            _ => None,
        })
        .flat_map(|(record, evidence)| {
            evidence.iter().filter_map(move |(name, reason)| {
                let code = name.strip_prefix("waiver ")?.to_owned();
                Some((code, (reason.to_owned(), record)))
            })
        })
        .collect();
    for (code, (reason, record)) in &overruled {
        document.waivers.push(WaiverJson {
            step: code.clone(),
            reason: reason.clone(),
            at: shown(record.at),
            writer: record.writer.to_string(),
        });
    }
    for finding in findings(sealed)? {
        let is_waived = overruled
            .keys()
            .any(|code| code.eq_ignore_ascii_case(finding.rule.code));
        match finding.severity {
            Severity::Error if is_waived => checks.waived += 1,
            Severity::Error => {
                checks.errors += 1;
                let what = format!("{}: {}", finding.rule.code, finding.message);
                let next = format!(
                    "`pubflow rule {}` says how to cure it; then build again",
                    finding.rule.code
                );
                block(document, BlockerKind::Failed, what, &next);
            }
            Severity::Warning => checks.warnings += 1,
            Severity::Note => {}
        }
    }
    document.checks = Some(checks);
    Ok(())
}

fn add_approvals(sealed: &Sealed<'_>, document: &mut ReadinessDocument) {
    let manifest = sealed.record.manifest().digest().to_string();
    let now = Timestamp::now();
    for (_, note) in sealed.facts.notes("approval") {
        let of = |name: &str| note.details.get(name).map(str::to_owned);
        // An end that cannot be read lies in the past.
        let is_over = of("until").is_some_and(|until| {
            until
                .parse::<Timestamp>()
                .map_or(true, |until| until <= now)
        });
        let about = of("manifest").unwrap_or_default();
        document.approvals.push(ApprovalJson {
            by: of("by").unwrap_or_default(),
            index: of("index").unwrap_or_default(),
            counts: about == manifest && !is_over,
            manifest: about,
            until: of("until"),
        });
    }
}

fn add_checklist(
    settings: &Settings,
    sealed: Option<&Sealed<'_>>,
    document: &mut ReadinessDocument,
) -> Result<(), CommandError> {
    let items: Vec<_> = settings
        .checklist
        .iter()
        .map(|item| item.value.clone())
        .collect();
    if items.is_empty() {
        return Ok(());
    }
    let decisions = match sealed {
        Some(sealed) => Decision::all(sealed.facts, &sealed.record.manifest().digest()),
        None => BTreeMap::new(),
    };
    let found = sealed.map(findings).transpose()?;
    for item in with_conditions(&items, &decisions) {
        let mut at = None;
        let (status, by) = match &item.by {
            AnsweredBy::Gate(gate) => {
                let row = document.gates.iter().find(|row| row.name == *gate);
                let word = match row.map(|row| row.status.as_str()) {
                    Some(status) if status.starts_with("passed") => "yes",
                    Some("failed" | "failed, not required") => "no",
                    Some("waived") => "waived",
                    _ => "open",
                };
                (word, Some(format!("gate:{gate}")))
            }
            AnsweredBy::Rule(code) => {
                let is_found = |finding: &&Finding| finding.rule.code == code.as_str();
                let word = match found.as_ref().map(|all| all.iter().find(is_found)) {
                    None => "open",
                    Some(None) => "yes",
                    Some(Some(_)) => "no",
                };
                (word, Some(code.clone()))
            }
            AnsweredBy::Person(_) => match decisions.get(&item.id) {
                Some((decision, when)) => {
                    at = Some(shown(*when));
                    (decision.answer.word(), Some(decision.by.clone()))
                }
                None => ("open", None),
            },
        };
        let is_person = matches!(item.by, AnsweredBy::Person(_));
        let owner = item
            .owner
            .as_deref()
            .map(|owner| format!(" ({owner})"))
            .unwrap_or_default();
        if is_person && ["open", Answer::Deferred.word()].contains(&status) {
            let what = format!(
                "checklist item `{}` is {status}: {}{owner}",
                item.id, item.text
            );
            let next = format!("`pubflow readiness --decide {}=APPROVED`", item.id);
            block(document, BlockerKind::Waiting, what, &next);
        } else if !is_person && status == "no" {
            let what = format!(
                "checklist item `{}` does not hold: {}{owner}",
                item.id, item.text
            );
            block(document, BlockerKind::Failed, what, "mend what it names");
        }
        document.checklist.push(ItemJson {
            id: item.id,
            group: item.group,
            text: item.text,
            owner: item.owner,
            status: status.to_owned(),
            by,
            at,
        });
    }
    Ok(())
}

fn add_times(
    settings: &Settings,
    sealed: Option<&Sealed<'_>>,
    (now, pre_release_at): (Timestamp, Option<Timestamp>),
    document: &mut ReadinessDocument,
) {
    if let Some(window) = &settings.times.window
        && let Some(opens) = window.value.opens(now)
    {
        let what = format!(
            "the release window is closed until {}",
            window.value.shown(opens)
        );
        block(document, BlockerKind::Waiting, what, "wait until then");
    }
    if let (Some(soak), Some(sealed)) = (&settings.times.soak, sealed) {
        let begun = match soak.value.after.as_str() {
            PRE_RELEASE => pre_release_at,
            index => seen_at(sealed.record, sealed.facts, index),
        };
        match soak.value.over(begun) {
            Some(over) if over <= now => {}
            Some(over) => {
                let what = format!(
                    "the soak time ({}) is not over until {}",
                    soak.value.text(),
                    shown(over)
                );
                block(document, BlockerKind::Waiting, what, "wait until then");
            }
            None => {
                let what = format!("the soak time ({}) has not begun", soak.value.text());
                let next = match soak.value.after.as_str() {
                    PRE_RELEASE => "publish a pre-release first".to_owned(),
                    index => format!("run `pubflow publish --index {index}`"),
                };
                block(document, BlockerKind::Waiting, what, &next);
            }
        }
    }
}

/// As many people as are asked for have to have approved for one index.
fn require_approvals(settings: &Settings, document: &mut ReadinessDocument) {
    let wanted = settings
        .release
        .approvals
        .as_ref()
        .map_or(0, |setting| setting.value as usize);
    let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for approval in document.approvals.iter().filter(|approval| approval.counts) {
        people
            .entry(&approval.index)
            .or_default()
            .insert(&approval.by);
    }
    let most = people.values().map(BTreeSet::len).max().unwrap_or(0);
    if document.manifest.is_some() && most < wanted {
        let what = format!("{most} of {wanted} approvals of these bytes");
        block(
            document,
            BlockerKind::Waiting,
            what,
            "`pubflow approve` shows what is to be approved",
        );
    }
}

/// What follows from the results, by rules and nothing else.
fn recommendation(document: &ReadinessDocument, sealed: Option<&Sealed<'_>>) -> Vec<String> {
    let of_kind = |kind| {
        document
            .blockers
            .iter()
            .filter(move |blocker| blocker.kind == kind)
    };
    let n_failed = of_kind(BlockerKind::Failed).count();
    let n_missing = of_kind(BlockerKind::Missing).count();
    let n_waiting = of_kind(BlockerKind::Waiting).count();
    let mut lines = Vec::new();
    if n_missing > 0 {
        let next = of_kind(BlockerKind::Missing).next();
        lines.extend(next.map(|blocker| format!("find out what is not known: {}", blocker.next)));
    }
    let n_failed_gates = document
        .gates
        .iter()
        .filter(|gate| gate.required && gate.status == "failed")
        .count();
    let is_final = sealed.is_some_and(|sealed| !sealed.record.manifest().version().is_prerelease());
    let files_are_sound = document
        .checks
        .as_ref()
        .is_some_and(|checks| checks.errors == 0);
    if n_failed > 0 && n_failed == n_failed_gates && is_final && files_are_sound {
        let version = document.version.as_deref().unwrap_or_default();
        lines.push(format!(
            "release a pre-release such as {version}rc1 instead: only gates of the source are red ({n_failed_gates}), the files themselves are sound, and installers take a pre-release only when asked"
        ));
    } else if n_failed > 0 {
        lines.push(format!("do not release: {n_failed} results are red"));
    }
    if n_failed == 0 && n_missing == 0 && n_waiting > 0 {
        lines.push(format!(
            "wait: nothing is red, and {n_waiting} times or decisions are outstanding"
        ));
    }
    match document.verdict {
        Verdict::Ready => lines.push("release it: nothing stands against it".to_owned()),
        Verdict::ReadyWithWaivers => lines.push(format!(
            "release it if the {} waivers are meant: everything else holds",
            document.waivers.len()
        )),
        Verdict::NotReady => {}
    }
    lines
}
