//! That a run was asked to stop is said once, and at once.

use std::sync::Arc;

use super::world::World;
use crate::event::{Event, Reporter};
use crate::failure::Failure;
use crate::report::Outcome;
use crate::step::{BoxFuture, Evidence, Kind, Unit, Work};

pub(super) fn n_interrupting(world: &World) -> usize {
    let events = world.events.lock().unwrap();
    let said = |event: &&Event| matches!(event, Event::Interrupting);
    events.iter().filter(said).count()
}

/// Interrupts the run, and ends when that was said.
struct UntilSaid(World);

impl Work for UntilSaid {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(async move {
            self.0.interrupt.send_replace(true);
            while n_interrupting(&self.0) == 0 {
                tokio::task::yield_now().await;
            }
            Ok(Evidence::new())
        })
    }
}

#[test]
fn an_interruption_is_said_while_something_is_still_under_way() {
    let world = World::new();
    let mut step = world.local("make", Kind::Local, &["x"]);
    step.work = Arc::new(UntilSaid(world.clone()));
    assert_eq!(world.run(&world.plan(vec![step])).outcome, Outcome::Done);
    assert_eq!(n_interrupting(&world), 1);
}

#[test]
fn a_run_that_nobody_stops_says_nothing_of_it() {
    let world = World::new();
    world.run(&world.whole_plan());
    assert_eq!(n_interrupting(&world), 0);
}
