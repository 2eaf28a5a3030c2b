//! Soak time: how long the very bytes, or a pre-release, have to be out before they are published.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Report, Reporter, Step, StepId, Unit, UnitId,
    Work, step_key,
};

/// The step's name.
pub const SOAK: &str = "gate:soak";

/// A time that has to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soak {
    /// How long.
    pub min: Duration,
    /// Since when: `pre-release`, or the name of the index that has to show these files.
    pub after: String,
}

/// What `after` is for a pre-release of the same version on the target.
pub const PRE_RELEASE: &str = "pre-release";

impl Soak {
    /// It in words.
    #[must_use]
    pub fn text(&self) -> String {
        let days = self.min.as_secs() / 86_400;
        let length = match self.min.as_secs() % 86_400 {
            0 => format!("{days} d"),
            _ => format!("{:.1} h", self.min.as_secs_f64() / 3600.0),
        };
        match self.after.as_str() {
            PRE_RELEASE => format!("{length} after a pre-release"),
            index => format!("{length} on {index}"),
        }
    }

    /// When it is over, if it began.
    #[must_use]
    pub fn over(&self, begun: Option<Timestamp>) -> Option<Timestamp> {
        begun?.checked_add(self.min).ok()
    }
}

/// Whether the time has passed.
pub struct SoakStage {
    soak: Soak,
    begun: Option<Timestamp>,
}

impl SoakStage {
    /// The step `gate:soak`; `begun` is when the files, or the pre-release, were first seen.
    #[must_use]
    pub fn step(soak: &Soak, begun: Option<Timestamp>) -> Step {
        let title = format!("soak time: {}", soak.text());
        Step {
            id: StepId::new(SOAK),
            title: title.clone(),
            kind: Kind::Probe,
            key: step_key(&[("soak", &soak.text())]),
            waves: vec![vec![Unit {
                id: UnitId::new("soak"),
                title,
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                soak: soak.clone(),
                begun,
            }),
        }
    }

    fn look(&self, now: Timestamp) -> Result<Evidence, Failure> {
        let over = self.soak.over(self.begun);
        if over.is_some_and(|over| over <= now) {
            return Ok(Evidence::new().with("verdict", "passed"));
        }
        let (message, next) = match (over, self.soak.after.as_str()) {
            (Some(over), _) => {
                let over = over.strftime("%a %Y-%m-%d %H:%M UTC");
                (
                    format!("the soak time is not over until {over}"),
                    format!("run the command again after {over}; nothing is done twice"),
                )
            }
            (None, PRE_RELEASE) => (
                "the soak time has not begun: no pre-release of this version is published"
                    .to_owned(),
                "publish a pre-release first, such as 1.0rc1".to_owned(),
            ),
            (None, index) => (
                format!("the soak time has not begun: these files are not on {index}"),
                format!("run `pubflow publish --index {index}` first"),
            ),
        };
        let report = Report::new(message)
            .code("E306")
            .place("release.soak")
            .why(self.soak.text())
            .next(next);
        let evidence = match over {
            Some(over) => Evidence::new().with("opens", over.to_string()),
            None => Evidence::new(),
        };
        Err(Failure::new(FailureClass::Waiting, report).with_evidence(evidence))
    }
}

impl Work for SoakStage {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(async { self.look(Timestamp::now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_over_to_the_second() {
        let begun: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let stage = |begun| SoakStage {
            soak: Soak {
                min: Duration::from_secs(7 * 86_400),
                after: "testpypi".to_owned(),
            },
            begun,
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let early = stage(Some(begun))
            .look(at("2026-11-07T23:59:59Z"))
            .unwrap_err();
        assert_eq!(early.class, FailureClass::Waiting);
        assert_eq!(
            early.report.message,
            "the soak time is not over until Sun 2026-11-08 00:00 UTC"
        );
        assert!(stage(Some(begun)).look(at("2026-11-08T00:00:00Z")).is_ok());
        let never = stage(None).look(at("2026-11-08T00:00:00Z")).unwrap_err();
        assert!(never.report.message.contains("not on testpypi"));
    }
}
