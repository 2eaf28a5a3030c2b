//! Bad days: what an index does to a client when it does not answer as it should.
//!
//! A plan is a list of rules; the first that applies to a request decides what happens to it. Which requests those
//! are depends on the rule, the plan's seed and the order of the requests alone, so a bad day can be had again.

mod inflict;
mod wire;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::Realm;

pub(crate) use inflict::{Aborted, after, before};
pub(crate) use wire::PlanJson;

/// A plan of faults, read from its file.
#[derive(Debug, Clone, Default)]
pub struct FaultPlan {
    seed: u64,
    rules: Vec<Rule>,
}

impl FaultPlan {
    /// Reads a faults file (`index-faults/1`, see docs/index-faults.md).
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(json: &[u8]) -> Result<Self, FaultPlanError> {
        let read: PlanJson = serde_json::from_slice(json).map_err(FaultPlanError::Json)?;
        Self::try_from(read)
    }

    fn for_realm(&self, realm: Realm) -> Self {
        let here = |rule: &&Rule| rule.realm.is_none_or(|only| only == realm);
        Self {
            seed: self.seed,
            rules: self.rules.iter().filter(here).cloned().collect(),
        }
    }
}

/// Why a text is no plan of faults.
#[derive(Debug, thiserror::Error)]
pub enum FaultPlanError {
    /// It is not JSON of the documented shape.
    #[error("{0}")]
    Json(#[source] serde_json::Error),
    /// It is of another format.
    #[error("its format is `{0}`, not `index-faults/1`")]
    Format(String),
    /// A value of a rule is out of range.
    #[error("rule {rule}: {why}")]
    Rule {
        /// Counted from 1.
        rule: usize,
        /// What is wrong.
        why: &'static str,
    },
}

/// Which requests, and what happens to them.
#[derive(Debug, Clone)]
struct Rule {
    realm: Option<Realm>,
    method: Option<String>,
    route: Option<Route>,
    path: Option<String>,
    file: Option<String>,
    when: When,
    fault: Fault,
}

/// Which of the requests that a rule fits are hit.
#[derive(Debug, Clone, PartialEq)]
enum When {
    Always,
    /// These, counted from 1.
    Nth(Vec<u64>),
    /// Each with this probability, by the plan's seed.
    Probability(f64),
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Upload,
    Simple,
    File,
    Metadata,
    Json,
    Provenance,
    Mint,
    Page,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        match path.split('/').nth(1).unwrap_or_default() {
            "legacy" => Self::Upload,
            "simple" => Self::Simple,
            "files" if path.ends_with(".metadata") => Self::Metadata,
            "files" => Self::File,
            "pypi" => Self::Json,
            "integrity" => Self::Provenance,
            "_" if path.starts_with("/_/oidc/") => Self::Mint,
            _ => Self::Page,
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// Another status; after the request was served as usual, or without serving it.
    Status {
        status: StatusCode,
        retry_after: Option<u64>,
        commit: bool,
    },
    /// The answer begins later.
    Latency(Duration),
    /// The body of the answer trickles: bytes a second.
    Throttle(u64),
    /// The answer stops after so many bytes of its body, and never ends.
    Stall(usize),
    /// The connection is reset.
    Reset(Moment),
    /// The connection ends after so many bytes of the answer's body.
    Truncate(usize),
    /// Bytes of the body are other than promised.
    Corrupt,
    /// The listing names other digests than the files have.
    WrongDigest,
    /// The listing is as it was so long ago, on one of several nodes that the requests fall to.
    Lag { lag: Duration, nodes: u64 },
    /// Files and their metadata are there only so long after they were uploaded.
    FileLag(Duration),
    /// An upload is stored, but answered as if the file had been there before.
    Duplicate,
}

/// When a connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before the body of the request is read.
    BeforeBody,
    /// After so many bytes of it.
    InBody(usize),
    /// When it was read whole, and thrown away.
    AfterBody,
    /// When the request was served, instead of the answer.
    AfterCommit,
}

/// What rules are asked about.
pub(crate) struct Facts<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) file: Option<&'a str>,
}

/// The plan in force, and how often each of its rules fitted.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Running>);

#[derive(Debug, Default)]
struct Running {
    plan: FaultPlan,
    counts: Vec<u64>,
}

impl Faults {
    /// Puts a plan in force for one realm, counting from the start.
    pub(crate) fn set(&self, plan: &FaultPlan, realm: Realm) {
        let plan = plan.for_realm(realm);
        let counts = vec![0; plan.rules.len()];
        *self.running() = Running { plan, counts };
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a rule can depend on the file of an upload, which stands in the middle of its body.
    pub(crate) fn asks_for_files(&self) -> bool {
        self.running()
            .plan
            .rules
            .iter()
            .any(|rule| rule.file.is_some())
    }

    /// What happens to a request, if anything.
    pub(crate) fn pick(&self, facts: &Facts<'_>) -> Option<Fault> {
        let mut running = self.running();
        let Running { plan, counts } = &mut *running;
        for (at, (rule, count)) in plan.rules.iter().zip(counts.iter_mut()).enumerate() {
            if !rule.fits(facts) {
                continue;
            }
            *count += 1;
            let hit = match &rule.when {
                When::Always => true,
                When::Nth(nth) => nth.contains(count),
                When::Probability(probability) => chance(plan.seed, at, *count) < *probability,
            };
            if !hit {
                continue;
            }
            let mut fault = rule.fault.clone();
            if let Fault::Lag { lag, nodes } = &mut fault {
                // The first node is current, the last one lags in full.
                let node = draw(plan.seed, at, *count) % (*nodes).max(1);
                let share = if *nodes < 2 {
                    1.0
                } else {
                    ratio(node, *nodes - 1)
                };
                *lag = lag.mul_f64(share);
            }
            return Some(fault);
        }
        None
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    // Both are small counts, or 53 random bits.
    let (part, whole) = (part as f64, whole as f64);
    part / whole
}

/// A number that depends on seed, rule and count alone.
fn draw(seed: u64, rule: usize, count: u64) -> u64 {
    let digest = Sha256::digest(format!("{seed}/{rule}/{count}").as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

/// The same as a number from 0 to 1, without 1.
fn chance(seed: u64, rule: usize, count: u64) -> f64 {
    ratio(draw(seed, rule, count) >> 11, 1 << 53)
}

impl Rule {
    fn fits(&self, facts: &Facts<'_>) -> bool {
        // The doors for administration and identity stay open, or a plan could not be taken back.
        if facts.path.starts_with("/_/") && !facts.path.starts_with("/_/oidc/") {
            return false;
        }
        let fits = |wanted: &Option<String>, given: Option<&str>| match wanted {
            Some(pattern) => given.is_some_and(|given| matches(pattern, given)),
            None => true,
        };
        fits(&self.method, Some(facts.method))
            && self
                .route
                .is_none_or(|route| route == Route::of(facts.path))
            && fits(&self.path, Some(facts.path))
            && fits(&self.file, facts.file)
    }
}

/// Whether a text fits a pattern in which each `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rules: &str) -> Faults {
        let json = format!(r#"{{"format":"index-faults/1","seed":7,"rules":[{rules}]}}"#);
        let faults = Faults::default();
        faults.set(&FaultPlan::read(json.as_bytes()).unwrap(), Realm::Test);
        faults
    }

    fn hits(faults: &Faults, method: &str, path: &str, n: usize) -> Vec<bool> {
        let facts = Facts {
            method,
            path,
            file: path.rsplit('/').next(),
        };
        (0..n).map(|_| faults.pick(&facts).is_some()).collect()
    }

    #[test]
    fn rules_are_addressed_by_method_route_file_and_turn() {
        let faults = plan(
            r#"{"method":"POST","route":"upload","nth":[2],"fault":{"kind":"reset","when":"after-commit"}}"#,
        );
        assert_eq!(hits(&faults, "POST", "/legacy/", 3), [false, true, false]);
        assert_eq!(hits(&faults, "GET", "/legacy/", 2), [false, false]);
        let faults = plan(r#"{"file":"demo-*.whl","fault":{"kind":"corrupt"}}"#);
        assert_eq!(
            hits(&faults, "GET", "/files/a/b/c/demo-1.0-py3-none-any.whl", 1),
            [true]
        );
        assert_eq!(
            hits(&faults, "GET", "/files/a/b/c/demo-1.0.tar.gz", 1),
            [false]
        );
        let faults = plan(r#"{"realm":"production","fault":{"kind":"corrupt"}}"#);
        assert_eq!(
            hits(&faults, "GET", "/simple/", 1),
            [false],
            "another realm's"
        );
        let faults = plan(r#"{"fault":{"kind":"status","status":503}}"#);
        assert_eq!(hits(&faults, "POST", "/_/admin", 1), [false], "a way back");
    }

    #[test]
    fn a_seed_makes_the_same_bad_day_again() {
        let rule = r#"{"probability":0.5,"fault":{"kind":"status","status":500}}"#;
        let [first, again] =
            [plan(rule), plan(rule)].map(|faults| hits(&faults, "GET", "/simple/", 200));
        assert_eq!(first, again);
        let n_hits = first.iter().filter(|hit| **hit).count();
        assert!((70..130).contains(&n_hits), "{n_hits} of 200");
    }

    #[test]
    fn patterns_have_stars() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "axxbxxc", true),
            ("a*b*c", "axxc", false),
            ("ab*ba", "aba", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn what_is_no_plan_says_why() {
        for (json, why) in [
            ("{}", "missing field `format`"),
            (r#"{"format":"x"}"#, "not `index-faults/1`"),
            (
                r#"{"format":"index-faults/1","rules":[{"fault":{"kind":"dance"}}]}"#,
                "unknown variant",
            ),
            (
                r#"{"format":"index-faults/1","rules":[{"fault":{"kind":"status","status":42}}]}"#,
                "rule 1",
            ),
            (
                r#"{"format":"index-faults/1","rules":[{"probability":2,"fault":{"kind":"corrupt"}}]}"#,
                "rule 1",
            ),
            (
                r#"{"format":"index-faults/1","rules":[{"nht":[1],"fault":{"kind":"corrupt"}}]}"#,
                "unknown field",
            ),
        ] {
            let error = FaultPlan::read(json.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
