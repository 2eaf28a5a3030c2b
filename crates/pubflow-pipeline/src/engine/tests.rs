use std::sync::LazyLock;

use super::*;
use crate::failure::Report;
use crate::step::{StepId, UnitId};

static STEP: LazyLock<StepId> = LazyLock::new(|| StepId::new("upload:test"));
static UNIT: LazyLock<UnitId> = LazyLock::new(|| UnitId::new("demo-1.0.tar.gz"));
static POLICY: LazyLock<Policy> = LazyLock::new(Policy::standard);

fn start(journal: JournalState) -> EffectRun<'static> {
    let names = Names {
        step: &STEP,
        unit: &UNIT,
    };
    EffectRun::new(&POLICY, names, journal)
}

/// `seconds` after the start of all tests, drawing the longest waits.
fn at(seconds: i64) -> Moment {
    Moment {
        now: time(seconds),
        chance: 1.0,
    }
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn failure(class: FailureClass) -> Failure {
    Failure::new(
        class,
        Report::new("status 503").why("the server said `sorry`"),
    )
}

const TRANSIENT: FailureClass = FailureClass::Transient { after: None };

fn transient_after(seconds: u64) -> FailureClass {
    FailureClass::Transient {
        after: Some(Duration::from_secs(seconds)),
    }
}

#[track_caller]
fn wait_of(decision: &Decision) -> Duration {
    match decision {
        Decision::Observe { after, .. } => *after,
        other => panic!("{other:?} is no wait"),
    }
}

#[track_caller]
fn check_stop(decision: Decision, class: FailureClass, code: Option<&str>) {
    let Decision::Stop(failure) = decision else {
        panic!("{decision:?} is no stop")
    };
    assert_eq!(
        (failure.class, failure.report.code.as_deref()),
        (class, code)
    );
    if code.is_some() {
        assert!(
            failure.report.message.contains("demo-1.0.tar.gz"),
            "{failure:?}"
        );
        assert!(failure.report.place.unwrap().contains("upload:test"));
        assert!(failure.report.why.is_some() && failure.report.next.is_some());
    }
}

#[test]
fn an_ordinary_upload_is_looked_for_sent_seen_and_recorded() {
    let mut run = start(JournalState::Nothing);
    assert_eq!(wait_of(&run.start()), Duration::ZERO);
    assert_eq!(run.observed(&Observed::Absent, at(0)), Decision::Act);
    run.acting(time(1));
    assert_eq!(
        wait_of(&run.acted(Ok(Evidence::new()), at(2))),
        Duration::ZERO
    );
    let unseen = run.observed(&Observed::Absent, at(3));
    assert!(matches!(
        unseen,
        Decision::Observe {
            because: Because::NotVisible,
            ..
        }
    ));
    assert_eq!(
        run.observed(&Observed::Identical, at(4)),
        Decision::Record(How::Acted)
    );
}

#[test]
fn looks_come_quickly_at_first_and_then_more_rarely() {
    let mut run = start(JournalState::Nothing);
    run.observed(&Observed::Absent, at(0));
    run.acting(time(0));
    run.acted(Ok(Evidence::new()), at(0));
    let waits: Vec<u128> = (0..8)
        .map(|_| wait_of(&run.observed(&Observed::Absent, at(1))).as_millis())
        .collect();
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
}

#[test]
fn what_stays_invisible_stops_the_run_when_the_budget_ends() {
    let mut run = start(JournalState::Nothing);
    run.observed(&Observed::Absent, at(0));
    run.acting(time(0));
    run.acted(Ok(Evidence::new()), at(0));
    let budget = POLICY.visible_within.as_secs().cast_signed();
    wait_of(&run.observed(&Observed::Absent, at(budget - 1)));
    check_stop(
        run.observed(&Observed::Absent, at(budget)),
        FailureClass::Waiting,
        Some("E503"),
    );
}

#[test]
fn transient_failures_are_tried_again_as_often_as_allowed() {
    let mut run = start(JournalState::Nothing);
    let mut waits = Vec::new();
    for attempt in 1..=POLICY.act.tries {
        assert_eq!(
            run.observed(&Observed::Absent, at(0)),
            Decision::Act,
            "attempt {attempt}"
        );
        run.acting(time(0));
        let decision = run.acted(Err(failure(TRANSIENT)), at(0));
        if attempt == POLICY.act.tries {
            check_stop(decision, FailureClass::Unreachable, Some("E502"));
        } else {
            waits.push(wait_of(&decision).as_secs());
        }
    }
    assert_eq!(waits, [1, 2, 4, 8]);
}

#[test]
fn the_wait_that_a_remote_asks_for_is_kept_up_to_a_limit() {
    let acted = |class| {
        let mut run = start(JournalState::Nothing);
        run.observed(&Observed::Absent, at(0));
        run.acting(time(0));
        run.acted(Err(failure(class)), at(0))
    };
    assert_eq!(wait_of(&acted(transient_after(60))).as_secs(), 60);
    assert_eq!(wait_of(&acted(transient_after(600))).as_secs(), 600);
    check_stop(
        acted(transient_after(601)),
        FailureClass::Unreachable,
        Some("E502"),
    );
}

#[test]
fn an_ambiguous_end_is_looked_at_before_anything_is_sent_again() {
    let mut run = start(JournalState::Nothing);
    run.observed(&Observed::Absent, at(0));
    run.acting(time(0));
    let decision = run.acted(Err(failure(FailureClass::Ambiguous)), at(100));
    assert_eq!(wait_of(&decision), Duration::ZERO);
    let mut seen = run;
    // Absent is not believed before the settle time has passed since the end of the try.
    let settle = POLICY.settle.as_secs().cast_signed();
    let decision = seen.observed(&Observed::Absent, at(100 + settle - 1));
    assert!(matches!(
        decision,
        Decision::Observe {
            because: Because::Settling,
            ..
        }
    ));
    assert_eq!(
        seen.observed(&Observed::Absent, at(100 + settle)),
        Decision::Act
    );
    seen.acting(time(200));
    seen.acted(Err(failure(FailureClass::Ambiguous)), at(200));
    assert_eq!(
        seen.observed(&Observed::Identical, at(201)),
        Decision::Record(How::Confirmed)
    );
}

#[test]
fn ambiguous_ends_are_not_tried_for_ever() {
    let mut run = start(JournalState::Nothing);
    run.observed(&Observed::Absent, at(0));
    for attempt in 1..=POLICY.act.tries {
        run.acting(time(0));
        run.acted(Err(failure(FailureClass::Ambiguous)), at(0));
        wait_of(&run.observed(&Observed::Absent, at(0)));
        let decision = run.observed(&Observed::Absent, at(1000));
        if attempt == POLICY.act.tries {
            check_stop(decision, FailureClass::Ambiguous, Some("E502"));
        } else {
            assert_eq!(decision, Decision::Act);
        }
    }
}

#[test]
fn a_failure_that_left_nothing_says_nothing_about_the_try_before() {
    let settle = POLICY.settle.as_secs().cast_signed();
    let mut run = start(JournalState::Nothing);
    run.observed(&Observed::Absent, at(0));
    run.acting(time(0));
    run.acted(Err(failure(FailureClass::Ambiguous)), at(0));
    assert_eq!(run.observed(&Observed::Absent, at(settle)), Decision::Act);
    run.acting(time(settle));
    run.acted(Err(failure(TRANSIENT)), at(settle));
    // The first try came to show in the meantime: it is ours, and not adopted from somebody.
    assert_eq!(
        run.observed(&Observed::Identical, at(settle + 1)),
        Decision::Record(How::Confirmed)
    );
}

#[test]
fn failures_that_will_not_pass_stop_at_once() {
    for class in [
        FailureClass::Refused,
        FailureClass::Unauthorised,
        FailureClass::Conflict,
        FailureClass::Waiting,
        FailureClass::Unreachable,
        FailureClass::Machine,
        FailureClass::Damaged,
    ] {
        let mut run = start(JournalState::Nothing);
        run.observed(&Observed::Absent, at(0));
        run.acting(time(0));
        check_stop(run.acted(Err(failure(class)), at(0)), class, None);
    }
}

#[test]
fn an_old_intent_settles_first_whatever_the_clocks_say() {
    let settle = POLICY.settle.as_secs().cast_signed();
    let mut old = start(JournalState::Intent { at: time(-1000) });
    assert_eq!(old.observed(&Observed::Absent, at(0)), Decision::Act);
    let mut fresh = start(JournalState::Intent { at: time(-1) });
    wait_of(&fresh.observed(&Observed::Absent, at(0)));
    assert_eq!(
        fresh.observed(&Observed::Absent, at(settle - 1)),
        Decision::Act
    );
    let mut future = start(JournalState::Intent {
        at: time(1_000_000),
    });
    wait_of(&future.observed(&Observed::Absent, at(0)));
    assert_eq!(
        future.observed(&Observed::Absent, at(settle)),
        Decision::Act
    );
}

#[test]
fn what_was_there_before_is_adopted_recorded_or_skipped() {
    let decide = |journal| start(journal).observed(&Observed::Identical, at(0));
    assert_eq!(
        decide(JournalState::Nothing),
        Decision::Record(How::Adopted)
    );
    assert_eq!(
        decide(JournalState::Intent { at: time(0) }),
        Decision::Record(How::Confirmed)
    );
    assert_eq!(
        decide(JournalState::Done {
            evidence: Evidence::new()
        }),
        Decision::Skip
    );
}

#[test]
fn other_bytes_stop_at_once() {
    let different = Observed::Different {
        found: "sha256 cd34".into(),
    };
    let decide = |journal| start(journal).observed(&different, at(0));
    check_stop(
        decide(JournalState::Nothing),
        FailureClass::Conflict,
        Some("E505"),
    );
    let intent = JournalState::Intent { at: time(0) };
    check_stop(decide(intent), FailureClass::Conflict, Some("E505"));
    let done = JournalState::Done {
        evidence: Evidence::new(),
    };
    let Decision::Stop(alarm) = decide(done) else {
        panic!("no alarm")
    };
    assert_eq!(alarm.report.code.as_deref(), Some("E506"));
    // Which index that is, only the plan's maker knows: a command without it would be another's.
    let next = alarm.report.next.unwrap();
    assert!(
        next.starts_with("find out who can write") && !next.contains("`pubflow"),
        "{next}"
    );
}

#[test]
fn what_is_gone_is_looked_for_and_never_sent_again() {
    let mut run = start(JournalState::Done {
        evidence: Evidence::new(),
    });
    let budget = POLICY.visible_within.as_secs().cast_signed();
    wait_of(&run.observed(&Observed::Absent, at(0)));
    wait_of(&run.observed(&Observed::Absent, at(budget - 1)));
    check_stop(
        run.observed(&Observed::Absent, at(budget)),
        FailureClass::Waiting,
        Some("E507"),
    );
}

#[test]
fn a_remote_that_cannot_be_asked_is_asked_some_times_when_nothing_is_there() {
    let mut run = start(JournalState::Nothing);
    let unknown = Observed::Unknown(failure(TRANSIENT));
    for _ in 1..POLICY.observe.tries {
        wait_of(&run.observed(&unknown, at(0)));
    }
    check_stop(
        run.observed(&unknown, at(0)),
        FailureClass::Unreachable,
        Some("E501"),
    );
}

#[test]
fn a_remote_that_cannot_be_asked_is_waited_for_when_something_may_be_there() {
    let done = JournalState::Done {
        evidence: Evidence::new(),
    };
    for journal in [JournalState::Intent { at: time(0) }, done] {
        let mut run = start(journal);
        let unknown = Observed::Unknown(failure(FailureClass::Unreachable));
        let budget = POLICY.wait_within.as_secs().cast_signed();
        for _ in 0..20 {
            wait_of(&run.observed(&unknown, at(0)));
        }
        wait_of(&run.observed(&unknown, at(budget - 1)));
        check_stop(
            run.observed(&unknown, at(budget)),
            FailureClass::Unreachable,
            Some("E501"),
        );
    }
}

#[test]
fn an_observation_that_is_refused_is_not_repeated() {
    for class in [
        FailureClass::Unauthorised,
        FailureClass::Refused,
        FailureClass::Machine,
    ] {
        let unknown = Observed::Unknown(failure(class));
        let decision = start(JournalState::Nothing).observed(&unknown, at(0));
        check_stop(decision, class, None);
    }
}

#[test]
fn an_interrupted_unit_begins_nothing_and_finishes_what_it_began() {
    let grace = POLICY.interrupt_grace.as_secs().cast_signed();
    let mut waiting = start(JournalState::Nothing);
    waiting.interrupt(time(0));
    assert_eq!(
        waiting.observed(&Observed::Absent, at(0)),
        Decision::Interrupted
    );
    let mut sent = start(JournalState::Nothing);
    sent.observed(&Observed::Absent, at(0));
    sent.acting(time(0));
    sent.interrupt(time(0));
    wait_of(&sent.acted(Ok(Evidence::new()), at(1)));
    wait_of(&sent.observed(&Observed::Absent, at(grace - 1)));
    assert_eq!(
        sent.observed(&Observed::Identical, at(grace - 1)),
        Decision::Record(How::Acted)
    );
    let mut unseen = start(JournalState::Nothing);
    unseen.observed(&Observed::Absent, at(0));
    unseen.acting(time(0));
    unseen.acted(Ok(Evidence::new()), at(0));
    unseen.interrupt(time(1));
    unseen.interrupt(time(5));
    assert_eq!(
        unseen.observed(&Observed::Absent, at(1 + grace)),
        Decision::Interrupted
    );
}

#[test]
fn a_look_that_succeeds_makes_up_for_those_that_failed() {
    let mut run = start(JournalState::Nothing);
    let unknown = Observed::Unknown(failure(TRANSIENT));
    for _ in 0..3 {
        for _ in 1..POLICY.observe.tries {
            wait_of(&run.observed(&unknown, at(0)));
        }
        assert_eq!(run.observed(&Observed::Absent, at(0)), Decision::Act);
        run.acting(time(0));
        wait_of(&run.acted(Err(failure(TRANSIENT)), at(0)));
    }
}
