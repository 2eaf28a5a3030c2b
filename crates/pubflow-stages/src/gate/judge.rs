//! From what was measured to a verdict: every threshold, all at once.

use pubflow_pipeline::Evidence;

use super::report::{Coverage, Measured, RuleCounts, Tests, count};
use super::settings::{Flaky, Rating, Thresholds};

/// Groups of failures that are told; the rest is counted.
const GROUPS: usize = 5;
/// Rules that are told one by one.
const RULES: usize = 12;

/// What a gate thinks of what it saw.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Why it says no.
    pub(super) faults: Vec<String>,
    /// What passed only sometimes; a fault or not, as [`Self::rate_flaky`] is told.
    pub(super) flaky: Option<String>,
    /// What it lets pass, and says.
    pub(super) cautions: Vec<String>,
    /// What it saw, for people who ask why.
    pub(super) details: Vec<String>,
    /// Whether what was measured can be why a tool ended with status 1.
    pub(super) explains_status: bool,
    /// Counts and rates.
    pub(super) evidence: Evidence,
}

impl Judgement {
    fn note(&mut self, name: &str, value: impl ToString) {
        let evidence = std::mem::take(&mut self.evidence);
        self.evidence = evidence.with(name, value.to_string());
    }

    /// Lets what is flaky cost what the thresholds say.
    pub(super) fn rate_flaky(mut self, thresholds: &Thresholds) -> Self {
        let texts = self.flaky.take();
        match thresholds.flaky.unwrap_or(Flaky::Fail) {
            Flaky::Fail => self.faults.extend(texts),
            Flaky::Warn => self.cautions.extend(texts),
        }
        self
    }

    fn at_most(&mut self, found: u64, limit: u64, what: &str) {
        if found > limit {
            let limit = match limit {
                0 => String::new(),
                limit => format!(" (at most {limit})"),
            };
            self.faults.push(format!("{found} {what}{limit}"));
        }
    }
}

/// Judges what was measured.
pub(super) fn judge(measured: &Measured, thresholds: &Thresholds) -> Judgement {
    let mut judgement = Judgement::default();
    match measured {
        Measured::Tests(tests) => judge_tests(tests, thresholds, &mut judgement),
        Measured::Coverage(coverage) => judge_coverage(*coverage, thresholds, &mut judgement),
        Measured::Findings(counts) => judge_findings(counts, thresholds, &mut judgement),
        Measured::Number(number) => judge_number(*number, thresholds, &mut judgement),
    }
    judgement
}

fn judge_tests(tests: &Tests, thresholds: &Thresholds, judgement: &mut Judgement) {
    let (n_failed, n_errors) = (count(&tests.failed), count(&tests.errors));
    let n_flaky = count(&tests.flaky);
    judgement.note("passed", tests.passed);
    judgement.note("failed", n_failed);
    judgement.note("errors", n_errors);
    judgement.note("skipped", tests.skipped);
    judgement.note("flaky", n_flaky);
    judgement.note("pass-rate", percent(tests.passed, tests.ran()));
    judgement.explains_status = n_failed + n_errors > 0;

    let collected = tests.collected();
    let wanted = thresholds.min_collected.unwrap_or(1);
    if collected < wanted {
        judgement.faults.push(match collected {
            0 => "no test was collected".to_owned(),
            n => format!("{n} tests were collected (at least {wanted})"),
        });
    }
    // A pass rate says itself how many may fail.
    let failed_limit = match (thresholds.max_failed, thresholds.min_pass_rate) {
        (Some(limit), _) => Some(limit),
        (None, Some(_)) => None,
        (None, None) => Some(0),
    };
    if let Some(limit) = failed_limit {
        judgement.at_most(n_failed, limit, "failed");
    }
    judgement.at_most(n_errors, thresholds.max_errors.unwrap_or(0), "with errors");
    if let Some(limit) = thresholds.max_skipped {
        judgement.at_most(tests.skipped, limit, "skipped");
    }
    if let Some(rate) = thresholds.min_pass_rate
        && !reaches(tests.passed, tests.ran(), rate)
    {
        judgement.faults.push(format!(
            "{} of the tests passed (at least {} %)",
            percent(tests.passed, tests.ran()),
            trimmed(rate * 100.0)
        ));
    }
    if n_flaky > 0 {
        let names: Vec<&str> = tests.flaky.iter().take(3).map(String::as_str).collect();
        let more = if n_flaky > 3 { ", …" } else { "" };
        judgement.flaky = Some(format!("{n_flaky} flaky: {}{more}", names.join(", ")));
    }
    let groups = tests.groups();
    for (message, names) in groups.iter().take(GROUPS) {
        let first = names.first().map_or("", String::as_str);
        let others = match names.len() {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        judgement
            .details
            .push(format!("{} x {message} ({first}{others})", names.len()));
    }
    if groups.len() > GROUPS {
        let more = groups.len() - GROUPS;
        judgement
            .details
            .push(format!("… and {more} other messages"));
    }
}

fn judge_coverage(coverage: Coverage, thresholds: &Thresholds, judgement: &mut Judgement) {
    let shown = percent(coverage.covered, coverage.total);
    judgement.note("coverage", &shown);
    judgement.note("covered", coverage.covered);
    judgement.note("measured", coverage.total);
    if let Some(min) = thresholds.min
        && !reaches(coverage.covered, coverage.total, min / 100.0)
    {
        judgement
            .faults
            .push(format!("coverage is {shown} (at least {} %)", trimmed(min)));
    }
}

fn judge_findings(counts: &RuleCounts, thresholds: &Thresholds, judgement: &mut Judgement) {
    let (mut n_blocking, mut n_warned) = (0_u64, 0_u64);
    let mut rows = Vec::new();
    for (rule, found) in counts {
        let (blocking, warned) = match rating(rule, thresholds) {
            Some(Rating::Block) => (found.errors + found.warnings, 0),
            Some(Rating::Warn) => (0, found.errors + found.warnings),
            Some(Rating::Ignore) => (0, 0),
            None => (found.errors, found.warnings),
        };
        judgement.explains_status |= found.errors + found.warnings > 0;
        n_blocking += blocking;
        n_warned += warned;
        if blocking + warned > 0 {
            rows.push((blocking, warned, rule, found));
        }
    }
    rows.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(b.2)));
    judgement.note("findings", n_blocking + n_warned);
    judgement.note("blocking", n_blocking);
    judgement.note("warnings", n_warned);
    for (blocking, warned, rule, found) in rows.iter().take(RULES) {
        let n = blocking + warned;
        judgement.note(&format!("rule {rule}"), n);
        judgement
            .details
            .push(format!("{n} x {rule}: {}", found.first));
    }
    let limit = thresholds.max.unwrap_or(0.0);
    if n_blocking as f64 > limit {
        let most = match thresholds.max {
            Some(limit) if limit > 0.0 => format!(" (at most {})", trimmed(limit)),
            _ => String::new(),
        };
        let codes: Vec<String> = rows
            .iter()
            .filter(|row| row.0 > 0)
            .take(4)
            .map(|row| format!("{} {}", row.0, row.2))
            .collect();
        let noun = if n_blocking == 1 {
            "finding"
        } else {
            "findings"
        };
        judgement.faults.push(format!(
            "{n_blocking} blocking {noun}{most}: {}",
            codes.join(", ")
        ));
    }
    if n_warned > 0 {
        judgement.cautions.push(format!("{n_warned} warnings"));
    }
}

/// What settings say of a rule: the entry with its name, else the longest that begins it.
fn rating(rule: &str, thresholds: &Thresholds) -> Option<Rating> {
    let fitting = thresholds.severity.iter();
    fitting
        .filter(|(code, _)| rule.starts_with(code.as_str()))
        .max_by_key(|(code, _)| code.len())
        .map(|(_, rating)| *rating)
}

fn judge_number(number: f64, thresholds: &Thresholds, judgement: &mut Judgement) {
    judgement.note("value", number);
    if let Some(min) = thresholds.min
        && number < min
    {
        judgement.faults.push(format!("{number} (at least {min})"));
    }
    if let Some(max) = thresholds.max
        && number > max
    {
        judgement.faults.push(format!("{number} (at most {max})"));
    }
}

/// Whether `part` of `whole` is at least `rate`. Nothing of nothing is not.
fn reaches(part: u64, whole: u64, rate: f64) -> bool {
    // Beside the rounding of a rate that has no exact form, such as 0.824.
    const ROUNDING: f64 = 1e-9;
    whole > 0 && part as f64 / whole as f64 >= rate - ROUNDING
}

/// A share in percent with two digits, rounded down so that 84.999 never looks like 85.
fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let hundredths = u128::from(part) * 10_000 / u128::from(whole);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// A number without the zeros that say nothing.
fn trimmed(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::report::RuleCount;
    use super::*;

    fn names(prefix: &str, n: u64) -> BTreeSet<String> {
        (0..n).map(|n| format!("{prefix}{n}")).collect()
    }

    fn tests(passed: u64, failed: u64, errors: u64, skipped: u64) -> Measured {
        Measured::Tests(Tests {
            passed,
            failed: names("f", failed),
            errors: names("e", errors),
            skipped,
            ..Tests::default()
        })
    }

    #[track_caller]
    fn check(measured: &Measured, thresholds: Thresholds, faults: &[&str]) {
        let judgement = judge(measured, &thresholds).rate_flaky(&thresholds);
        assert_eq!(judgement.faults, faults, "{thresholds:?}");
    }

    #[test]
    fn tests_are_judged_at_the_edges() {
        let none = Thresholds::default;
        check(&tests(1, 0, 0, 0), none(), &[]);
        check(&tests(0, 0, 0, 3), none(), &[]);
        check(&tests(0, 0, 0, 0), none(), &["no test was collected"]);
        check(&tests(9, 1, 0, 0), none(), &["1 failed"]);
        check(&tests(9, 0, 1, 0), none(), &["1 with errors"]);
        let two = || Thresholds {
            max_failed: Some(2),
            ..none()
        };
        check(&tests(9, 2, 0, 0), two(), &[]);
        check(&tests(9, 3, 0, 0), two(), &["3 failed (at most 2)"]);
        let rate = |rate| Thresholds {
            min_pass_rate: Some(rate),
            max_errors: Some(5),
            ..none()
        };
        check(&tests(19, 1, 0, 40), rate(0.95), &[]);
        check(&tests(824, 176, 0, 0), rate(0.824), &[]);
        let low = ["94.99 % of the tests passed (at least 95 %)"];
        check(&tests(94_999, 5_000, 1, 0), rate(0.95), &low);
        check(
            &tests(0, 0, 0, 5),
            rate(0.5),
            &["- of the tests passed (at least 50 %)"],
        );
        let skipped = Thresholds {
            max_skipped: Some(0),
            min_collected: Some(10),
            ..none()
        };
        let faults = ["9 tests were collected (at least 10)", "1 skipped"];
        check(&tests(8, 0, 0, 1), skipped, &faults);
    }

    #[test]
    fn a_flaky_test_is_not_green() {
        let flaky = Measured::Tests(Tests {
            passed: 2,
            flaky: names("t", 1),
            ..Tests::default()
        });
        check(&flaky, Thresholds::default(), &["1 flaky: t0"]);
        let warn = Thresholds {
            flaky: Some(Flaky::Warn),
            ..Thresholds::default()
        };
        let judgement = judge(&flaky, &warn).rate_flaky(&warn);
        assert!(judgement.faults.is_empty());
        assert_eq!(judgement.cautions, ["1 flaky: t0"]);
    }

    #[test]
    fn coverage_is_judged_without_rounding() {
        let of = |covered, total| Measured::Coverage(Coverage { covered, total });
        let min = |min| Thresholds {
            min: Some(min),
            ..Thresholds::default()
        };
        check(&of(57, 100), min(57.0), &[]);
        check(&of(824, 1000), min(82.4), &[]);
        let low = ["coverage is 84.99 % (at least 85 %)"];
        check(&of(84_999, 100_000), min(85.0), &low);
        check(&of(1, 2), Thresholds::default(), &[]);
    }

    #[test]
    fn rules_are_rated_by_the_longest_beginning() {
        let count = |errors, warnings| RuleCount {
            errors,
            warnings,
            first: "a.py:1 x".to_owned(),
        };
        let counts: RuleCounts = BTreeMap::from([
            ("F401".to_owned(), count(3, 0)),
            ("F821".to_owned(), count(1, 0)),
            ("E501".to_owned(), count(9, 0)),
            ("note".to_owned(), count(0, 2)),
        ]);
        let measured = Measured::Findings(counts);
        let severity = |rows: &[(&str, Rating)]| Thresholds {
            severity: rows.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect(),
            ..Thresholds::default()
        };
        let all = ["13 blocking findings: 9 E501, 3 F401, 1 F821"];
        check(&measured, Thresholds::default(), &all);
        let rated = severity(&[
            ("F", Rating::Block),
            ("F401", Rating::Warn),
            ("E", Rating::Ignore),
        ]);
        check(&measured, rated.clone(), &["1 blocking finding: 1 F821"]);
        assert_eq!(judge(&measured, &rated).cautions, ["5 warnings"]);
        let max = |max| Thresholds {
            max: Some(max),
            ..severity(&[("E", Rating::Ignore)])
        };
        check(&measured, max(4.0), &[]);
        let over = ["4 blocking findings (at most 3): 3 F401, 1 F821"];
        check(&measured, max(3.0), &over);
    }

    #[test]
    fn numbers_have_two_bounds() {
        let bounds = || Thresholds {
            min: Some(1.0),
            max: Some(2.5),
            ..Thresholds::default()
        };
        check(&Measured::Number(1.0), bounds(), &[]);
        check(&Measured::Number(2.5), bounds(), &[]);
        check(&Measured::Number(0.5), bounds(), &["0.5 (at least 1)"]);
        check(&Measured::Number(2.6), bounds(), &["2.6 (at most 2.5)"]);
    }
}
