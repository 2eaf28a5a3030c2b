//! R059: how many projects a user may make in an hour.

use hyper::header::HeaderName;
use jiff::{SignedDuration, Timestamp};

use crate::answer::Notice;

/// The number of new projects in [`WINDOW`].
const LIMIT: usize = 20;

const WINDOW: SignedDuration = SignedDuration::from_hours(1);

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What is left of a user's allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    left: usize,
    /// Seconds until the allowance grows again.
    reset: i64,
}

impl Rate {
    pub(super) fn of(created: &[Timestamp], now: Timestamp) -> Self {
        let age = |at: &Timestamp| now.duration_since(*at);
        let recent: Vec<&Timestamp> = created.iter().filter(|at| age(at) < WINDOW).collect();
        let oldest = recent.first().map_or(WINDOW, |at| WINDOW - age(at));
        Self {
            left: LIMIT.saturating_sub(recent.len()),
            reset: oldest.as_secs().clamp(1, WINDOW.as_secs()),
        }
    }

    pub(crate) fn is_used_up(self) -> bool {
        self.left == 0
    }

    /// Adds the headers that every answer bears once a project was to be made.
    pub(crate) fn tell(self, notice: Notice) -> Notice {
        let Self { left, reset } = self;
        let seconds = WINDOW.as_secs();
        notice
            .with(
                RATE_LIMIT,
                format!("\"project.create.user\";r={left};t={reset}"),
            )
            .with(
                RATE_LIMIT_POLICY,
                format!("\"project.create.user\";q={LIMIT};w={seconds};pk=:dXNlcg==:"),
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_old_project_counts_no_longer() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let ago = |seconds| now - SignedDuration::from_secs(seconds);
        let used_up: Vec<Timestamp> = std::iter::once(ago(3_500)).chain([ago(10); 19]).collect();
        assert_eq!(
            Rate::of(&used_up, now),
            Rate {
                left: 0,
                reset: 100
            }
        );
        assert_eq!(
            Rate::of(&used_up, now + SignedDuration::from_secs(101)).left,
            1
        );
        assert_eq!(Rate::of(&[], now).left, LIMIT);
    }
}
