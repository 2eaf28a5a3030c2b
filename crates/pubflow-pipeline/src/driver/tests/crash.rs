//! Crash enumeration: the run dies at every journal line and around every arrival at the remote,
//! and whoever comes after finishes with the same final state and nothing done twice.

use std::fs::OpenOptions;
use std::sync::Arc;

use super::world::{Fault, World, die};
use crate::failpoint::{FailPoint, FailPointAt};
use crate::journal::{How, Subject};
use crate::plan::Plan;
use crate::reconcile::JournalState;
use crate::report::{Outcome, StepStatus};

const ARRIVALS: usize = 6;

fn dying(at: FailPointAt) -> FailPoint {
    FailPoint::calling(at, Arc::new(|| die()))
}

/// A point that dies while the n-th line is being written: only a part of it is on disk.
fn tearing(world: &World, number: usize, missing: u64) -> FailPoint {
    let path = world.segment();
    let end = move || {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(file.metadata().unwrap().len() - missing)
            .unwrap();
        die()
    };
    FailPoint::calling(FailPointAt::After(number), Arc::new(end))
}

/// The lines that a run writes when nothing goes wrong.
fn n_lines() -> usize {
    let world = World::new();
    assert_eq!(world.run(&world.whole_plan()).outcome, Outcome::Done);
    world.facts().records().count()
}

#[track_caller]
fn check_final_state(world: &World, plan: &Plan, case: &str) {
    let report = world.run(plan);
    assert_eq!(report.outcome, Outcome::Done, "{case}");
    assert_eq!(report.landed.len(), ARRIVALS, "{case}");
    assert_eq!(report.uncertain, [], "{case}");
    let remote = world.remote();
    let files: Vec<&str> = remote.files.keys().map(String::as_str).collect();
    let expected = [
        "production/a.whl",
        "production/demo.tar.gz",
        "test/a.whl",
        "test/b.whl",
        "test/c.whl",
        "test/demo.tar.gz",
    ];
    assert_eq!(files, expected, "{case}");
    assert_eq!(remote.n_doubles, 0, "{case}: something was stored twice");
    let n_arrivals = remote.n_arrivals;
    drop(remote);
    let facts = world.facts();
    for step in &plan.steps {
        for unit in step.units() {
            let subject = Subject {
                step: step.id.clone(),
                unit: unit.id.clone(),
                key: step.key,
            };
            let state = facts.state(&subject);
            assert!(
                matches!(state, JournalState::Done { .. }),
                "{case}: {subject:?} is {state:?}"
            );
            let how = facts.how(&subject).map(|(how, _)| how);
            assert_ne!(how, Some(How::Adopted), "{case}: {subject:?} was ours");
        }
    }
    let again = world.run(plan);
    assert!(
        again
            .steps
            .iter()
            .all(|step| step.status == StepStatus::Skipped),
        "{case}"
    );
    assert_eq!(
        world.remote().n_arrivals,
        n_arrivals,
        "{case}: a finished plan sent something"
    );
}

#[test]
fn the_run_may_die_at_every_journal_line() {
    let n_lines = n_lines();
    assert!(n_lines >= 16, "{n_lines}");
    for number in 1..=n_lines {
        for at in [FailPointAt::Before(number), FailPointAt::After(number)] {
            let world = World::new();
            let plan = world.whole_plan();
            assert_eq!(world.run_dying_at(&plan, Some(dying(at))), None, "{at:?}");
            check_final_state(&world, &plan, &format!("{at:?}"));
        }
    }
}

#[test]
fn the_run_may_die_in_the_middle_of_every_journal_line() {
    for number in 1..=n_lines() {
        for missing in [1, 2, 60] {
            let world = World::new();
            let plan = world.whole_plan();
            let point = tearing(&world, number, missing);
            assert_eq!(world.run_dying_at(&plan, Some(point)), None);
            check_final_state(
                &world,
                &plan,
                &format!("line {number} without {missing} bytes"),
            );
        }
    }
}

#[test]
fn the_run_may_die_and_answers_may_be_lost_around_every_arrival() {
    for number in 1..=ARRIVALS {
        for fault in [Fault::DieBefore, Fault::DieAfter] {
            let world = World::new().with_faults(&[(number, fault)]);
            let plan = world.whole_plan();
            assert_eq!(world.run_dying_at(&plan, None), None, "{fault:?} {number}");
            check_final_state(&world, &plan, &format!("{fault:?} {number}"));
        }
        for fault in [Fault::LoseAnswer, Fault::BreakOff] {
            let world = World::new().with_faults(&[(number, fault)]);
            let plan = world.whole_plan();
            assert_eq!(
                world.run(&plan).outcome,
                Outcome::Done,
                "{fault:?} {number}"
            );
            check_final_state(&world, &plan, &format!("{fault:?} {number}"));
        }
    }
}

#[test]
fn the_run_may_die_again_while_it_resumes_and_answers_may_be_lost_too() {
    let n_lines = n_lines();
    let faults = [
        Fault::DieBefore,
        Fault::DieAfter,
        Fault::LoseAnswer,
        Fault::BreakOff,
    ];
    let mut n_deaths = 0;
    for first in 1..=n_lines {
        for (index, fault) in faults.into_iter().enumerate() {
            // Not every pair, but every line with every fault, and every arrival with some lines.
            let number = 1 + (first + index) % ARRIVALS;
            let world = World::new().with_faults(&[(number, fault), (number + 1, fault)]);
            let plan = world.whole_plan();
            let points = [
                FailPointAt::After(first),
                FailPointAt::Before(1 + first / 2),
            ];
            for point in points {
                n_deaths += usize::from(world.run_dying_at(&plan, Some(dying(point))).is_none());
            }
            while world.run_dying_at(&plan, None).is_none() {
                n_deaths += 1;
            }
            check_final_state(&world, &plan, &format!("{points:?}, {fault:?} {number}"));
        }
    }
    assert!(n_deaths >= 6 * n_lines, "only {n_deaths} deaths");
}
