mod crash;
#[cfg(unix)]
mod full;
mod interrupting;
mod running;
mod world;

use super::*;

#[test]
fn a_run_can_be_spawned() {
    fn require_send<'a>(
        plan: &'a Plan,
        journal: &'a mut Journal,
        options: &'a RunOptions,
        events: EventSink,
    ) -> BoxFuture<'a, RunReport> {
        Box::pin(run(plan, journal, options, events))
    }
    let _proof: fn(_, _, _, _) -> _ = require_send;
}
