//! What a run does when nobody dies: waves, questions, skips, failures, interruptions.

use std::fs;
use std::sync::Arc;

use super::interrupting::n_interrupting;
use super::world::{Fault, World};
use crate::clock::Clock;
use crate::driver::{Answer, subject};
use crate::event::Event;
use crate::failure::FailureClass;
use crate::journal::{Entry, How};
use crate::reconcile::JournalState;
use crate::report::{Outcome, RunReport, StepStatus, UnitStatus};
use crate::step::{Kind, Step, UnitId};

fn statuses(report: &RunReport) -> Vec<StepStatus> {
    report.steps.iter().map(|step| step.status).collect()
}

fn class(report: &RunReport) -> FailureClass {
    match &report.outcome {
        Outcome::Stopped(failure) => failure.class,
        other => panic!("{other:?} is no stop"),
    }
}

fn started(world: &World) -> Vec<String> {
    let events = world.events.lock().unwrap();
    let started = events.iter().filter_map(|event| match event {
        Event::UnitStarted { unit, .. } => Some(unit.to_string()),
        _ => None,
    });
    started.collect()
}

#[test]
fn a_plan_runs_wave_by_wave_and_asks_once() {
    let world = World::new();
    let report = world.run(&world.whole_plan());
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(statuses(&report), [StepStatus::Done; 4]);
    let mut order = started(&world);
    // Units of a wave run at the same time, in no order.
    order[2..4].sort();
    let expected = [
        "tree",
        "a.whl",
        "b.whl",
        "c.whl",
        "demo.tar.gz",
        "py3",
        "a.whl",
        "demo.tar.gz",
    ];
    assert_eq!(order, expected);
    assert_eq!(world.answers.lock().unwrap().len(), 1);
    assert_eq!(report.landed.len(), 6);
    let unit = &report.steps[1].units[0];
    assert_eq!(unit.evidence.get("url"), Some("https://example.org/a.whl"));
}

#[test]
fn a_wave_starts_when_everything_in_the_one_before_is_seen() {
    let world = World::new();
    world.run(&world.plan(vec![world.upload("test", &[&["a"], &["b"]])]));
    let remote = world.remote();
    let shows = |path: &str| remote.files[path].1;
    assert!(shows("test/b").duration_since(shows("test/a")) >= jiff::SignedDuration::from_secs(3));
}

#[test]
fn a_finished_plan_is_skipped_without_a_question() {
    let world = World::new();
    let plan = world.whole_plan();
    world.run(&plan);
    let report = world.run(&plan);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(statuses(&report), [StepStatus::Skipped; 4]);
    assert_eq!(report.steps[0].units[0].evidence.get("made"), Some("tree"));
    assert_eq!(world.answers.lock().unwrap().len(), 1);
    assert_eq!(world.arrivals_and_local(), (6, 2));
}

#[test]
fn a_probe_always_runs_and_another_key_makes_a_step_run_again() {
    let world = World::new();
    let mut plan = world.plan(vec![
        world.local("look", Kind::Probe, &["x"]),
        world.local("make", Kind::Local, &["x"]),
    ]);
    world.run(&plan);
    world.run(&plan);
    assert_eq!(world.remote().n_local, 3);
    plan.steps[1].key = pubflow_spec::Sha256::of(b"other inputs");
    world.run(&plan);
    assert_eq!(world.remote().n_local, 5);
}

#[test]
fn a_conflict_in_the_last_unit_stops_before_the_first_is_sent() {
    let world = World::new();
    let there = (String::from("other bytes"), jiff::Timestamp::UNIX_EPOCH);
    world
        .remote()
        .files
        .insert("test/demo.tar.gz".into(), there);
    let report = world.run(&world.whole_plan());
    assert_eq!(class(&report), FailureClass::Conflict);
    assert_eq!(world.remote().n_arrivals, 0);
    assert_eq!(report.landed, []);
    let expected = [
        StepStatus::Done,
        StepStatus::Stopped,
        StepStatus::NotReached,
        StepStatus::NotReached,
    ];
    assert_eq!(statuses(&report), expected);
    assert_eq!(report.steps[1].units[0].status, UnitStatus::NotReached);
}

#[test]
fn what_others_uploaded_is_adopted_and_said_to_be() {
    let world = World::new();
    let plan = world.plan(vec![world.upload("test", &[&["a", "b"]])]);
    let ours = pubflow_spec::Sha256::of(b"a").to_string();
    let there = (ours.clone(), jiff::Timestamp::UNIX_EPOCH);
    world.remote().files.insert("test/a".into(), there);
    let report = world.run(&plan);
    assert_eq!(report.outcome, Outcome::Done);
    let statuses: Vec<_> = report.steps[0]
        .units
        .iter()
        .map(|unit| unit.status.clone())
        .collect();
    assert_eq!(statuses, [UnitStatus::Adopted, UnitStatus::Done]);
    assert_eq!(
        report.steps[0].units[0].evidence.get("sha256"),
        Some(ours.as_str())
    );
    let events = world.events.lock().unwrap();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Adopted { .. }))
    );
}

#[test]
fn a_no_stops_before_anything_is_sent_and_is_asked_again() {
    let mut world = World::new();
    world.answer = Answer::No;
    let plan = world.whole_plan();
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Waiting);
    assert_eq!(
        (world.arrivals_and_doubles().0, report.landed.len()),
        (4, 4)
    );
    world.answer = Answer::Yes;
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(
        (
            world.remote().n_arrivals,
            world.answers.lock().unwrap().len()
        ),
        (6, 2)
    );
}

#[test]
fn a_gate_that_says_no_stops_and_shows_all_it_has_to_say() {
    let world = World::new();
    let plan = world.plan(vec![
        world.local("verify", Kind::Gate, &["py3.8", "py3.14", "extras"]),
        world.upload("test", &[&["a"]]),
    ]);
    world.remote().local_answers = [FailureClass::Refused, FailureClass::Waiting].into();
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Waiting);
    let failed =
        |index: usize| matches!(report.steps[0].units[index].status, UnitStatus::Failed(_));
    assert!(failed(0) && failed(1) && !failed(2));
    assert_eq!(world.remote().n_arrivals, 0);
    // What passed is not asked again, what did not is.
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(world.remote().n_local, 5);
}

#[test]
fn transient_failures_of_any_kind_pass() {
    let transient = FailureClass::Transient { after: None };
    let world =
        World::new().with_faults(&[(1, Fault::Fail(transient)), (3, Fault::Fail(transient))]);
    world.remote().local_answers = [transient, transient].into();
    world.remote().blind = [transient, FailureClass::Unreachable, transient].into();
    let report = world.run(&world.whole_plan());
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(world.arrivals_and_local(), (8, 4));
    assert_eq!(world.remote().n_doubles, 0);
    let events = world.events.lock().unwrap();
    let n_retries = events
        .iter()
        .filter(|event| matches!(event, Event::Retrying { .. }))
        .count();
    assert_eq!(n_retries, 7);
}

#[test]
fn a_refusal_stops_what_follows_and_says_what_landed() {
    let world = World::new().with_faults(&[(4, Fault::Fail(FailureClass::Unauthorised))]);
    let plan = world.whole_plan();
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Unauthorised);
    let landed: Vec<String> = report
        .landed
        .iter()
        .map(|unit| unit.unit.to_string())
        .collect();
    assert_eq!(landed, ["a.whl", "b.whl", "c.whl"]);
    assert_eq!(report.uncertain, []);
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(world.arrivals_and_doubles(), (7, 0));
}

#[test]
fn what_nobody_could_see_is_uncertain_and_nothing_is_sent_again() {
    let world = World::new().with_faults(&[(1, Fault::LoseSight)]);
    let plan = world.plan(vec![world.upload("test", &[&["a"], &["b"]])]);
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Unreachable);
    assert_eq!((report.landed.len(), report.uncertain.len()), (0, 1));
    assert_eq!(report.uncertain[0].unit, UnitId::new("a"));
    assert_eq!(class(&world.run(&plan)), FailureClass::Unreachable);
    assert_eq!(world.arrivals_and_doubles(), (1, 0));
    world.remote().blind.clear();
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(world.arrivals_and_doubles(), (2, 0));
}

/// How each line says that something is done.
fn done_lines(world: &World) -> Vec<How> {
    let facts = world.facts();
    let done = facts.records().filter_map(|record| match &record.entry {
        Entry::Done { how, .. } => Some(*how),
        _ => None,
    });
    done.collect()
}

fn journal_state(world: &World, step: &Step) -> JournalState {
    let unit = step.units().next().unwrap();
    world.facts().state(&subject(step, &unit.id))
}

#[test]
fn a_later_failure_says_nothing_about_a_try_that_nobody_saw_the_end_of() {
    let unauthorised = Fault::Fail(FailureClass::Unauthorised);
    let world = World::new().with_faults(&[(1, Fault::DieAfter), (2, unauthorised)]);
    // The listing lags behind for longer than "absent" is doubted.
    world.remote().lag = std::time::Duration::from_secs(60);
    let plan = world.plan(vec![world.upload("test", &[&["a"]])]);
    let died = world.clock.now();
    assert_eq!(world.run_dying_at(&plan, None), None);
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Unauthorised);
    assert_eq!((report.landed.len(), report.uncertain.len()), (0, 1));
    assert_eq!(
        journal_state(&world, &plan.steps[0]),
        JournalState::Intent { at: died }
    );
    world.clock.pass(60);
    let report = world.run(&plan);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(report.steps[0].units[0].status, UnitStatus::Confirmed);
    assert_eq!(world.arrivals_and_doubles(), (2, 0));
}

#[test]
fn an_answer_that_was_lost_stays_uncertain_when_connecting_fails_afterwards() {
    let transient = Fault::Fail(FailureClass::Transient { after: None });
    let mut faults = vec![(1, Fault::LoseAnswer)];
    faults.extend((2..100).map(|number| (number, transient)));
    let world = World::new().with_faults(&faults);
    world.remote().lag = std::time::Duration::from_secs(3600);
    let plan = world.plan(vec![world.upload("test", &[&["a"]])]);
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Unreachable);
    assert_eq!((report.landed.len(), report.uncertain.len()), (0, 1));
    assert_eq!(report.uncertain[0].unit, UnitId::new("a"));
    let state = journal_state(&world, &plan.steps[0]);
    assert!(matches!(state, JournalState::Intent { .. }), "{state:?}");
}

#[test]
fn an_unclear_end_of_a_long_try_settles_from_its_end_in_the_next_run_too() {
    let world = World::new().with_faults(&[(1, Fault::LoseSight)]);
    let clock = world.clock.clone();
    world.remote().on_arrival = Some(Arc::new(move |_| clock.pass(300)));
    let plan = world.plan(vec![world.upload("test", &[&["a"]])]);
    let report = world.run(&plan);
    assert_eq!(report.uncertain.len(), 1);
    world.remote().on_arrival = None;
    let begun = world.facts();
    let intent = begun.records().find_map(|record| match &record.entry {
        Entry::Intent(_) => Some(record.at),
        _ => None,
    });
    let JournalState::Intent { at } = journal_state(&world, &plan.steps[0]) else {
        panic!("no intent")
    };
    assert_eq!(at.duration_since(intent.unwrap()).as_secs(), 300);
}

#[test]
fn what_was_there_is_journaled_and_said_once() {
    let world = World::new().with_faults(&[(1, Fault::DieAfter)]);
    let plan = world.plan(vec![world.upload("test", &[&["a", "b"], &["c"]])]);
    assert_eq!(world.run_dying_at(&plan, None), None);
    let ours = pubflow_spec::Sha256::of(b"c").to_string();
    let there = (ours, jiff::Timestamp::UNIX_EPOCH);
    world.remote().files.insert("test/c".into(), there);
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    let mut lines = done_lines(&world);
    lines.sort_by_key(|how| format!("{how:?}"));
    assert_eq!(lines, [How::Acted, How::Adopted, How::Confirmed]);
    let events = world.events.lock().unwrap();
    let is_adopted = |event: &&Event| matches!(event, Event::Adopted { .. });
    assert_eq!(events.iter().filter(is_adopted).count(), 1);
}

#[test]
fn what_does_not_show_has_landed_all_the_same() {
    let world = World::new();
    world.remote().lag = std::time::Duration::from_secs(3600);
    let plan = world.plan(vec![world.upload("test", &[&["a"], &["b"]])]);
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Waiting);
    assert_eq!((report.landed.len(), report.uncertain.len()), (1, 0));
    assert_eq!(report.landed[0].unit, UnitId::new("a"));
}

#[test]
fn an_interruption_lets_what_was_sent_be_seen_and_begins_nothing() {
    for number in 1..=6 {
        let world = World::new();
        let plan = world.whole_plan();
        let interrupt = world.interrupt.clone();
        world.remote().on_arrival = Some(Arc::new(move |arrival| {
            if arrival == number {
                interrupt.send_replace(true);
            }
        }));
        let report = world.run(&plan);
        if number == 6 {
            // Nothing was left to begin.
            assert_eq!(report.outcome, Outcome::Done);
        } else {
            assert_eq!(report.outcome, Outcome::Interrupted, "arrival {number}");
        }
        // Of two under way at the same time, both are seen.
        let n_arrivals = if number == 2 { 3 } else { number };
        assert_eq!(world.remote().n_arrivals, n_arrivals);
        assert_eq!(n_interrupting(&world), 1, "arrival {number}");
        assert_eq!(
            (report.landed.len(), report.uncertain.len()),
            (n_arrivals, 0)
        );
        world.remote().on_arrival = None;
        world.interrupt.send_replace(false);
        assert_eq!(world.run(&plan).outcome, Outcome::Done);
        assert_eq!(world.arrivals_and_doubles(), (6, 0));
    }
}

#[test]
fn an_interruption_before_the_start_does_nothing() {
    let world = World::new();
    world.interrupt.send_replace(true);
    let report = world.run(&world.whole_plan());
    assert_eq!(report.outcome, Outcome::Interrupted);
    assert_eq!(world.arrivals_and_local(), (0, 0));
    assert_eq!(report.landed, []);
    assert_eq!(n_interrupting(&world), 1);
}

#[test]
fn a_journal_that_cannot_be_written_stops_before_anything_is_sent() {
    let world = World::new();
    let blocked = world.record.journal_dir();
    fs::write(&blocked, "a file where the directory should be").unwrap();
    let plan = world.plan(vec![world.upload("test", &[&["a"]])]);
    let mut journal = {
        fs::remove_file(&blocked).unwrap();
        let journal = crate::journal::Journal::open(
            &world.record,
            crate::journal::Writer::local(),
            Arc::new(world.clock.clone()),
        );
        fs::write(&blocked, "a file where the directory should be").unwrap();
        journal.unwrap()
    };
    let mut options = crate::driver::RunOptions::standard();
    options.clock = Arc::new(world.clock.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let run = crate::driver::run(&plan, &mut journal, &options, Arc::new(|_| {}));
    let report = runtime.block_on(run);
    assert_eq!(class(&report), FailureClass::Machine);
    assert_eq!(world.arrivals_and_doubles(), (0, 0));
    assert_eq!(world.remote().n_looks, 0);
}

#[test]
fn a_plan_for_another_release_or_with_a_name_twice_is_not_run() {
    let world = World::new();
    let mut other = world.whole_plan();
    other.release.manifest = pubflow_spec::Sha256::of(b"another manifest");
    let twice = world.plan(vec![world.upload("test", &[&["a"], &["a"]])]);
    let steps = world.plan(vec![
        world.upload("test", &[&["a"]]),
        world.upload("test", &[&["b"]]),
    ]);
    for plan in [other, twice, steps] {
        assert_eq!(class(&world.run(&plan)), FailureClass::Machine);
        assert_eq!(world.remote().n_arrivals, 0);
    }
}

#[test]
fn a_unit_that_fails_keeps_the_rest_of_its_wave_from_starting() {
    let world = World::new().with_faults(&[(1, Fault::Fail(FailureClass::Refused))]);
    let plan = world.plan(vec![world.upload("test", &[&["a", "b", "c", "d"], &["e"]])]);
    let report = world.run(&plan);
    assert_eq!(class(&report), FailureClass::Refused);
    let units = &report.steps[0].units;
    let n_done = units.iter().filter(|unit| unit.status.is_done()).count();
    let not_reached: Vec<&str> = units
        .iter()
        .filter(|unit| unit.status == UnitStatus::NotReached)
        .map(|unit| unit.id.as_str())
        .collect();
    // Two were under way; the other of them was seen.
    assert_eq!((n_done, not_reached), (1, vec!["c", "d", "e"]));
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(world.arrivals_and_doubles(), (6, 0));
}

#[test]
fn an_unclear_end_of_something_that_changes_no_remote_is_tried_again() {
    let world = World::new();
    world.remote().local_answers = [FailureClass::Ambiguous].into();
    let plan = world.plan(vec![world.local("look", Kind::Probe, &["x"])]);
    assert_eq!(world.run(&plan).outcome, Outcome::Done);
    assert_eq!(world.remote().n_local, 2);
}

#[test]
fn an_interruption_cuts_a_first_look_short() {
    let world = World::new();
    world.remote().interrupted_by_look = true;
    let before = world.clock.now();
    let report = world.run(&world.plan(vec![world.upload("test", &[&["a"]])]));
    assert_eq!(report.outcome, Outcome::Interrupted);
    assert_eq!(world.clock.now(), before, "it waited for an answer");
    assert_eq!(world.arrivals_and_doubles(), (0, 0));
}
