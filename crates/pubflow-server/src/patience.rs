//! How long a client that sends the body of a request is waited for: it may pause, and be slow, but neither for ever.
//!
//! Only the time that the server waits counts, so a body that is read slowly on purpose does not end early.

use std::io;
use std::time::{Duration, Instant};

use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use tokio::time;

use crate::connection::RequestBody;

/// The longest pause within a body.
const PAUSE: Duration = Duration::from_secs(60);

/// How long a client may be waited for before its pace matters.
const GRACE: Duration = Duration::from_secs(60);

/// Slower than any line that people still publish over, in bytes a second.
const SLOWEST: u64 = 1 << 10;

/// A body whose sender is waited for within these bounds.
pub(crate) fn patient(body: Incoming) -> RequestBody {
    let frames = stream::try_unfold((body, Pace::default()), |(mut body, mut pace)| async move {
        let began = Instant::now();
        let frame = match time::timeout(pace.left(), body.frame()).await {
            Ok(Some(frame)) => frame.map_err(io::Error::other)?,
            Ok(None) => return Ok(None),
            Err(_) => return Err(io::Error::from(io::ErrorKind::TimedOut)),
        };
        let n_bytes = frame.data_ref().map_or(0, bytes::Bytes::len);
        pace.count(began.elapsed(), n_bytes as u64);
        Ok(Some((frame, (body, pace))))
    });
    StreamBody::new(frames).boxed_unsync()
}

/// How a body has come so far.
#[derive(Debug, Default)]
struct Pace {
    waited: Duration,
    n_bytes: u64,
}

impl Pace {
    fn count(&mut self, waited: Duration, n_bytes: u64) {
        self.waited += waited;
        self.n_bytes += n_bytes;
    }

    /// How long the next bytes are waited for.
    fn left(&self) -> Duration {
        let earned = Duration::from_millis(self.n_bytes.saturating_mul(1000) / SLOWEST);
        let allowed = GRACE.saturating_add(earned);
        allowed.saturating_sub(self.waited).min(PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long a client is waited for that sends so many bytes every second, if it is let go within a day.
    fn ends_after(n_bytes: u64) -> Option<u64> {
        let mut pace = Pace::default();
        (1..=86_400).find(|_| {
            let is_over = pace.left() < Duration::from_secs(1);
            pace.count(Duration::from_secs(1), n_bytes);
            is_over
        })
    }

    #[test]
    fn a_drop_every_second_ends_and_a_slow_line_does_not() {
        assert_eq!(ends_after(1), Some(61));
        assert_eq!(ends_after(SLOWEST / 2), Some(120));
        assert_eq!(ends_after(SLOWEST), None);
    }

    #[test]
    fn much_that_came_quickly_allows_no_longer_pause() {
        let mut pace = Pace::default();
        pace.count(Duration::from_secs(1), 1 << 30);
        assert_eq!(pace.left(), PAUSE);
    }
}
