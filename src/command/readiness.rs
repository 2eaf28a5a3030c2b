//! `pubflow readiness`: can this release go out, and why not.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use pubflow_pipeline::{Entry, How, Reporter, Subject};
use pubflow_stages::{
    Answer, AnsweredBy, ChecklistItem, Decision, GateStage, open_files, with_conditions,
};

use crate::cli::{self, Format};
use crate::config::Settings;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::gates_here::GatesHere;
use crate::readiness::{Sealed, gather};
use crate::records::{find_release_here, require_release};
use crate::release::OpenRelease;
use crate::render::{BlockerKind, Verdict, readiness_markdown, readiness_page, readiness_text};

/// Reports on one release.
pub(crate) fn run(args: &cli::Readiness, ctx: &Context) -> Result<ExitCode, CommandError> {
    let settings = Settings::load(Path::new("."), &ctx.env)?;
    let state = ctx.state()?;
    let record = match &args.release {
        Some(release) => Some(require_release(&state, release, |_| Ok(true))?),
        None => find_release_here(&state, |_| Ok(true))?,
    };
    let here = GatesHere::open(&settings, ctx)?;
    let mut release = record
        .map(|record| OpenRelease::open(record, ctx))
        .transpose()?;
    let files = match &release {
        Some(release) => open_files(&state, &release.record)?
            .into_iter()
            .map(|file| file.path)
            .collect(),
        None => Vec::new(),
    };
    if let Some(decision) = &args.decide {
        let release = release.as_mut().ok_or(CommandError::NoReleases)?;
        decide(args, decision, &settings, release, ctx)?;
    }
    if args.run
        && let Some(release) = &mut release
    {
        run_gates(&here, release, ctx)?;
    }
    let sealed = release.as_ref().map(|release| Sealed {
        record: &release.record,
        facts: release.journal.facts(),
        files,
    });
    let pre_release_at = super::release::pre_release_at(&settings, ctx)?;
    let now = Timestamp::now();
    let document = gather(
        &settings,
        &here,
        sealed.as_ref(),
        (now, pre_release_at),
        ctx,
    )?;
    if let Some(file) = &args.html {
        std::fs::write(file, readiness_page(&document)).map_err(|source| CommandError::Io {
            path: file.clone(),
            done: "written",
            source,
        })?;
        ctx.note(&format!("written: {}", file.display()));
    }
    match ctx.format {
        Format::Markdown => ctx.print_text(&readiness_markdown(&document))?,
        _ => ctx.print(&document, &readiness_text(&document, ctx.out))?,
    }
    let only_waits = document
        .blockers
        .iter()
        .all(|blocker| blocker.kind == BlockerKind::Waiting);
    Ok(match document.verdict {
        Verdict::Ready | Verdict::ReadyWithWaivers => ExitCode::Done,
        Verdict::NotReady if only_waits => ExitCode::Waiting,
        Verdict::NotReady => ExitCode::Findings,
    })
}

/// Runs every gate that has no good result for this source; one that says no keeps no other from
/// being run.
fn run_gates(
    here: &GatesHere,
    release: &mut OpenRelease,
    ctx: &Context,
) -> Result<(), CommandError> {
    let gates: Vec<_> = here.unanswered(release.journal.facts()).cloned().collect();
    for gate in gates {
        let step = GateStage::step(&gate, &here.room);
        ctx.note(&step.title);
        let sink = ctx.progress.sink();
        let reporter = Reporter::new(
            Arc::clone(&sink),
            step.id.clone(),
            gate.name.as_str().into(),
        );
        for unit in step.units() {
            let looked =
                ctx.block_on_reading(async { Ok(step.work.act(unit, &reporter).await) })?;
            let subject = Subject {
                step: step.id.clone(),
                unit: unit.id.clone(),
                key: step.key,
            };
            let entry = match looked {
                Ok(evidence) => Entry::Done {
                    subject,
                    how: How::Acted,
                    evidence,
                },
                Err(failure) => {
                    ctx.note(crate::render::error_text(&failure.report, ctx.err).trim_end());
                    Entry::Failed {
                        subject,
                        class: failure.class.name().to_owned(),
                        left_nothing: failure.class.left_nothing(),
                        message: failure.report.message.clone(),
                        evidence: failure.evidence,
                    }
                }
            };
            release.journal.append(entry)?;
        }
    }
    Ok(())
}

/// Remembers what somebody decided about an item.
fn decide(
    args: &cli::Readiness,
    text: &str,
    settings: &Settings,
    release: &mut OpenRelease,
    ctx: &Context,
) -> Result<(), CommandError> {
    let wrong = |why: String| CommandError::Argument {
        option: "--decide",
        value: text.to_owned(),
        expected: "decision",
        why,
    };
    let (id, word) = text
        .split_once('=')
        .ok_or_else(|| wrong("write it as ITEM=ANSWER".to_owned()))?;
    let manifest = release.record.manifest().digest();
    let decisions = Decision::all(release.journal.facts(), &manifest);
    let items: Vec<ChecklistItem> = settings
        .checklist
        .iter()
        .map(|item| item.value.clone())
        .collect();
    let items = with_conditions(&items, &decisions);
    let item = items.iter().find(|item| item.id == id).ok_or_else(|| {
        let known: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        wrong(format!(
            "no item is called `{id}`; there are: {}",
            known.join(", ")
        ))
    })?;
    let AnsweredBy::Person(options) = &item.by else {
        return Err(wrong(format!(
            "`{id}` is answered by a gate or a rule, not by people"
        )));
    };
    let answer = Answer::parse(word).filter(|answer| options.contains(answer));
    let answer = answer.ok_or_else(|| {
        let options: Vec<&str> = options.iter().map(|answer| answer.word()).collect();
        wrong(format!("`{id}` is answered by {}", options.join(", ")))
    })?;
    match (answer, args.condition.is_empty()) {
        (Answer::Conditional, true) => {
            return Err(wrong("a conditional yes needs a --condition".to_owned()));
        }
        (Answer::Approved | Answer::Deferred, false) => {
            return Err(wrong("only CONDITIONAL has conditions".to_owned()));
        }
        _ => {}
    }
    let user = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| ctx.env.get(name));
    let by = args.by.as_deref().or(user);
    let by = by.ok_or_else(|| wrong("say who decides with --by NAME".to_owned()))?;
    let decision = Decision {
        item: id.to_owned(),
        answer,
        by: by.to_owned(),
        manifest,
        conditions: args.condition.clone(),
    };
    release.journal.append(Entry::Note(decision.note()))?;
    Ok(())
}
