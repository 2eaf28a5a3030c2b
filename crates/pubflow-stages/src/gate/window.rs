//! Release windows: times of the week at which nothing is published.

use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, StepId, Unit, UnitId,
    Work, step_key,
};

/// The step's name.
pub const WINDOW: &str = "gate:window";

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Times of the week at which nothing is published.
#[derive(Debug, Clone)]
pub struct Window {
    /// As they were written.
    texts: Vec<String>,
    /// Minutes of the week, from the first to before the second; the second may lie in the next week.
    denied: Vec<(u32, u32)>,
    zone: TimeZone,
    zone_name: String,
}

/// A window that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// No time of the week.
    #[error(
        "has `{text}`, which is no time of the week: write `sat`, `fri 12:00-`, `mon -09:00`, `wed 12:00-13:00` or `fri 18:00-mon 08:00`"
    )]
    Time {
        /// The text.
        text: String,
    },
    /// No time zone.
    #[error("names the unknown time zone `{name}`: write one such as Europe/Berlin or UTC")]
    Zone {
        /// The name.
        name: String,
    },
    /// Nothing is left.
    #[error("denies the whole week")]
    Never,
}

impl Window {
    /// Reads times of the week and the zone they are meant in.
    ///
    /// # Errors
    /// [`WindowError`].
    pub fn parse(deny: &[String], zone: &str) -> Result<Self, WindowError> {
        let time_zone = match zone {
            "UTC" => Ok(TimeZone::UTC),
            name => TimeZone::get(name).map_err(|_| WindowError::Zone {
                name: name.to_owned(),
            }),
        };
        let denied = deny.iter().map(|text| {
            span(&text.trim().to_ascii_lowercase())
                .ok_or_else(|| WindowError::Time { text: text.clone() })
        });
        let window = Self {
            texts: deny.to_vec(),
            denied: denied.collect::<Result<_, _>>()?,
            zone: time_zone?,
            zone_name: zone.to_owned(),
        };
        let is_open = (0..WEEK).any(|minute| window.denying(minute).is_none());
        if is_open {
            Ok(window)
        } else {
            Err(WindowError::Never)
        }
    }

    /// It as it was written.
    #[must_use]
    pub fn text(&self) -> String {
        format!("not {} ({})", self.texts.join(", "), self.zone_name)
    }

    /// The end of a denied time that holds a minute of the week.
    fn denying(&self, minute: u32) -> Option<u32> {
        let ends = self.denied.iter().filter_map(|(from, to)| {
            let later = minute + WEEK;
            let holds = |minute: u32| (*from..*to).contains(&minute);
            (holds(minute) || holds(later)).then_some(to % WEEK)
        });
        // The farthest end saves looks.
        ends.max_by_key(|end| (end + WEEK - minute) % WEEK)
    }

    /// When it opens, where it is closed at `now`.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        let mut at = now.to_zoned(self.zone.clone());
        let mut is_closed = false;
        // Times that follow each other are passed one by one; there are not more than these.
        for _ in 0..=2 * self.denied.len() {
            let day = u32::from(at.weekday().to_monday_zero_offset().unsigned_abs());
            let of_day =
                u32::from(at.hour().unsigned_abs()) * 60 + u32::from(at.minute().unsigned_abs());
            let minute = day * DAY + of_day;
            let Some(end) = self.denying(minute) else {
                break;
            };
            is_closed = true;
            let ahead = match (end + WEEK - minute) % WEEK {
                0 => WEEK,
                ahead => ahead,
            };
            let start = at.datetime().date().at(at.hour(), at.minute(), 0, 0);
            let Some(next) = start
                .checked_add(i64::from(ahead).minutes())
                .and_then(|next| next.to_zoned(self.zone.clone()))
                .ok()
            else {
                break;
            };
            at = next;
        }
        is_closed.then(|| at.timestamp())
    }

    /// A time in the window's zone, for people.
    #[must_use]
    pub fn shown(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        format!("{} {}", at.strftime("%a %Y-%m-%d %H:%M"), self.zone_name)
    }
}

/// Reads one time of the week, in lower case.
fn span(text: &str) -> Option<(u32, u32)> {
    let (day, rest) = weekday(text)?;
    let start = day * DAY;
    let rest = rest.trim();
    if rest.is_empty() {
        return Some((start, start + DAY));
    }
    let (from, to) = rest.split_once('-')?;
    let from = match from.trim() {
        "" => start,
        text => start + time(text)?,
    };
    let to = to.trim();
    let to = match weekday(to) {
        // Until a time of another day, or until that day ends.
        Some((day, time_of)) if time_of.trim().is_empty() => (day + 1) * DAY,
        Some((day, time_of)) => day * DAY + time(time_of.trim())?,
        None if to.is_empty() => start + DAY,
        None => start + time(to)?,
    };
    match to > from {
        true => Some((from, to)),
        // A time of the same day does not lie before it; another day may lie in the next week.
        false
            if rest
                .split_once('-')
                .is_some_and(|(_, to)| weekday(to.trim()).is_some()) =>
        {
            Some((from, to + WEEK))
        }
        false => None,
    }
}

fn weekday(text: &str) -> Option<(u32, &str)> {
    let found = DAYS.iter().zip(0..).find_map(|(name, number)| {
        let rest = text.strip_prefix(name)?;
        Some((number, rest))
    });
    found.filter(|(_, rest)| rest.is_empty() || rest.starts_with([' ', '-']))
}

fn time(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

/// Whether the window is open.
pub struct WindowStage {
    window: Window,
}

impl WindowStage {
    /// The step `gate:window`; it looks at the clock every time.
    #[must_use]
    pub fn step(window: &Window) -> Step {
        let title = format!("release window: {}", window.text());
        Step {
            id: StepId::new(WINDOW),
            title: title.clone(),
            kind: Kind::Probe,
            key: step_key(&[("window", &window.text())]),
            waves: vec![vec![Unit {
                id: UnitId::new("window"),
                title,
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                window: window.clone(),
            }),
        }
    }

    fn look(&self, now: Timestamp) -> Result<Evidence, Failure> {
        let Some(opens) = self.window.opens(now) else {
            return Ok(Evidence::new().with("verdict", "passed"));
        };
        let shown = self.window.shown(opens);
        let report = Report::new(format!("the release window is closed until {shown}"))
            .code("E306")
            .place("release.window")
            .why(self.window.text())
            .next(format!(
                "run the command again after {shown}; nothing is done twice"
            ));
        let evidence = Evidence::new().with("opens", opens.to_string());
        Err(Failure::new(FailureClass::Waiting, report).with_evidence(evidence))
    }
}

impl Work for WindowStage {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(async { self.look(Timestamp::now()) })
    }
}

/// The first day of a week, so that the table of days and the calendar agree.
const _: () = assert!(Weekday::Monday as i8 == 1);

#[cfg(test)]
mod tests {
    use super::*;

    fn window(deny: &[&str], zone: &str) -> Result<Window, WindowError> {
        let deny: Vec<String> = deny.iter().map(|text| (*text).to_owned()).collect();
        Window::parse(&deny, zone)
    }

    #[track_caller]
    fn opens(deny: &[&str], zone: &str, now: &str, expected: Option<&str>) {
        let window = window(deny, zone).unwrap();
        let opens = window.opens(now.parse().unwrap());
        assert_eq!(opens.map(|at| at.to_string()).as_deref(), expected, "{now}");
    }

    #[test]
    fn a_window_says_when_it_opens() {
        let weekend = ["fri 12:00-", "sat", "sun"];
        // 2026-11-27 is a Friday.
        opens(&weekend, "UTC", "2026-11-27T11:59:59Z", None);
        opens(
            &weekend,
            "UTC",
            "2026-11-27T12:00:00Z",
            Some("2026-11-30T00:00:00Z"),
        );
        opens(
            &weekend,
            "UTC",
            "2026-11-29T23:59:59Z",
            Some("2026-11-30T00:00:00Z"),
        );
        opens(&weekend, "UTC", "2026-11-30T00:00:00Z", None);
        let across = ["fri 18:00-mon 08:00"];
        opens(
            &across,
            "UTC",
            "2026-11-30T07:00:00Z",
            Some("2026-11-30T08:00:00Z"),
        );
        opens(
            &across,
            "UTC",
            "2026-11-28T07:00:00Z",
            Some("2026-11-30T08:00:00Z"),
        );
        opens(
            &["mon -09:00"],
            "UTC",
            "2026-11-30T08:59:00Z",
            Some("2026-11-30T09:00:00Z"),
        );
        opens(
            &["wed 12:00-13:00"],
            "UTC",
            "2026-12-02T12:30:10Z",
            Some("2026-12-02T13:00:00Z"),
        );
    }

    #[test]
    fn a_window_is_meant_in_its_zone() {
        // Noon in Berlin is 11 UTC in winter and 10 UTC in summer.
        opens(
            &["fri 12:00-"],
            "Europe/Berlin",
            "2026-11-27T11:00:00Z",
            Some("2026-11-27T23:00:00Z"),
        );
        opens(
            &["fri 12:00-"],
            "Europe/Berlin",
            "2026-11-27T10:59:00Z",
            None,
        );
        opens(
            &["fri 12:00-"],
            "Europe/Berlin",
            "2026-07-03T10:00:00Z",
            Some("2026-07-03T22:00:00Z"),
        );
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in [
            "",
            "friday",
            "fri noon-",
            "fri 25:00-",
            "fri 12:60-",
            "fri 13:00-12:00",
            "12:00-",
            "fri12:00-",
        ] {
            let error = window(&[text], "UTC").unwrap_err();
            assert!(matches!(error, WindowError::Time { .. }), "{text}: {error}");
        }
        assert!(matches!(
            window(&["sat"], "Mars/North"),
            Err(WindowError::Zone { .. })
        ));
        assert_eq!(window(&DAYS, "UTC").unwrap_err(), WindowError::Never);
    }

    #[test]
    fn a_closed_window_makes_wait() {
        let stage = WindowStage {
            window: window(&["sat"], "UTC").unwrap(),
        };
        let failure = stage
            .look("2026-11-28T10:00:00Z".parse().unwrap())
            .unwrap_err();
        assert_eq!(failure.class, FailureClass::Waiting);
        let message = &failure.report.message;
        assert_eq!(
            message,
            "the release window is closed until Sun 2026-11-29 00:00 UTC"
        );
        assert!(stage.look("2026-11-27T10:00:00Z".parse().unwrap()).is_ok());
    }
}
