//! How often, how long and how far apart: the budgets of a run.

use std::time::Duration;

/// Waiting between tries: grows by doubling, and is drawn at random below that (full jitter), so
/// that many clients do not come back at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Upper end of the first wait.
    pub first: Duration,
    /// Upper end of every wait.
    pub longest: Duration,
    /// How many tries there are in all.
    pub tries: u32,
}

impl Backoff {
    /// How long to wait after failed try number `failed` (from 1); `chance` is drawn from 0 to 1.
    #[must_use]
    pub fn delay(&self, failed: u32, chance: f64) -> Duration {
        let doublings = failed.saturating_sub(1).min(31);
        let ceiling = self.first.saturating_mul(1 << doublings).min(self.longest);
        let share = if chance.is_nan() {
            0.0
        } else {
            chance.clamp(0.0, 1.0)
        };
        let seconds = ceiling.as_secs_f64() * share;
        Duration::try_from_secs_f64(seconds).unwrap_or(ceiling)
    }
}

/// The budgets of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Tries of an act that failed without changing anything, or whose end is not known.
    pub act: Backoff,
    /// Tries of an observation that failed.
    pub observe: Backoff,
    /// The longest wait that a remote may ask for; beyond it the run stops as unreachable.
    pub longest_asked: Duration,
    /// Between the first two looks at something that is not visible yet; doubles from there.
    pub first_poll: Duration,
    /// Between two looks, at most.
    pub poll: Duration,
    /// How long something accepted may stay invisible.
    pub visible_within: Duration,
    /// How long a remote that may already have it is asked again when it cannot be observed.
    pub wait_within: Duration,
    /// How long after an intent "absent" is not yet believed.
    pub settle: Duration,
    /// How long an interrupted run still waits for what is under way.
    pub interrupt_grace: Duration,
}

impl Policy {
    /// The budgets for a real index: five tries, half an hour of propagation.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            act: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(60),
                tries: 5,
            },
            observe: Backoff {
                first: Duration::from_millis(500),
                longest: Duration::from_secs(30),
                tries: 5,
            },
            longest_asked: Duration::from_secs(600),
            first_poll: Duration::from_millis(100),
            poll: Duration::from_secs(5),
            visible_within: Duration::from_secs(30 * 60),
            wait_within: Duration::from_secs(5 * 60),
            settle: Duration::from_secs(10),
            interrupt_grace: Duration::from_secs(10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_drawn_below_that() {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(10),
            tries: 5,
        };
        let ceilings: Vec<u64> = (1..=6)
            .map(|failed| backoff.delay(failed, 1.0).as_secs())
            .collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 10, 10]);
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::from_secs(10));
        assert_eq!(backoff.delay(3, 0.5), Duration::from_secs(2));
        assert_eq!(backoff.delay(3, 0.0), Duration::ZERO);
        assert_eq!(backoff.delay(3, f64::NAN), Duration::ZERO);
    }
}
