//! JUnit XML, as pytest, nextest, surefire and others write it.
//!
//! Counts are taken from the test cases, not from the attributes of the suites, which tools fill
//! differently. A case that is there twice, failed and passed, was run again and is flaky; so is one
//! that says so by `flakyFailure` or `flakyError`.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{Attributes, Node, walk};
use super::{Measured, ReportError, Tests, shape, shown};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Skipped,
    Passed,
    Failed,
    Error,
}

/// The case that is being read.
struct Case {
    name: String,
    outcome: Outcome,
    is_flaky: bool,
    message: Option<String>,
    /// Text of the failure's element, taken where it has no message.
    reads_text: bool,
}

/// All that was said about one name.
#[derive(Default)]
struct Runs {
    outcomes: BTreeSet<Outcome>,
    is_flaky: bool,
    message: Option<String>,
}

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let mut cases: BTreeMap<String, Runs> = BTreeMap::new();
    let mut case: Option<Case> = None;
    let mut is_junit = false;
    walk(bytes, &mut |node| {
        match node {
            Node::Open("testsuite" | "testsuites", _) => is_junit = true,
            Node::Open("testcase", attributes) if is_junit => {
                case = Some(Case {
                    name: name(attributes),
                    outcome: Outcome::Passed,
                    is_flaky: false,
                    message: None,
                    reads_text: false,
                });
            }
            Node::Open(element, attributes) => {
                if let Some(case) = &mut case {
                    case.judge(element, attributes);
                }
            }
            Node::Text(text) => {
                if let Some(case) = &mut case
                    && case.reads_text
                    && case.message.is_none()
                {
                    case.message = last_line(text);
                }
            }
            Node::Close("testcase") => {
                if let Some(case) = case.take() {
                    let runs = cases.entry(case.name).or_default();
                    runs.outcomes.insert(case.outcome);
                    runs.is_flaky |= case.is_flaky;
                    runs.message = runs.message.take().or(case.message);
                }
            }
            Node::Close("failure" | "error") => {
                if let Some(case) = &mut case {
                    case.reads_text = false;
                }
            }
            Node::Close(_) => {}
        }
        Ok(())
    })?;
    if !is_junit {
        return Err(shape("is no JUnit report: it has no `testsuite`"));
    }
    Ok(Measured::Tests(sum(cases)))
}

impl Case {
    fn judge(&mut self, element: &str, attributes: &Attributes<'_>) {
        let outcome = match element {
            "failure" => Outcome::Failed,
            "error" => Outcome::Error,
            "skipped" | "disabled" => Outcome::Skipped,
            "flakyFailure" | "flakyError" => {
                self.is_flaky = true;
                return;
            }
            _ => return,
        };
        // A test that passed and whose clean-up failed has both.
        self.outcome = match self.outcome {
            Outcome::Passed => outcome,
            known => known.max(outcome),
        };
        if outcome != Outcome::Skipped && self.message.is_none() {
            let message = attributes.get("message").or_else(|| attributes.get("type"));
            self.message = message.and_then(|text| first_line(&text));
            self.reads_text = self.message.is_none();
        }
    }
}

fn name(attributes: &Attributes<'_>) -> String {
    let name = attributes.get("name").unwrap_or_default();
    let name = match attributes
        .get("classname")
        .filter(|class| !class.is_empty())
    {
        Some(class) => format!("{class}::{name}"),
        None => name,
    };
    shown(&name)
}

/// Failures of one kind differ in addresses; those are taken out so that they form one group.
fn first_line(text: &str) -> Option<String> {
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    Some(without_addresses(&shown(line)))
}

/// The text of a failure is a traceback, and its last line says what happened.
fn last_line(text: &str) -> Option<String> {
    let line = text.lines().rfind(|line| !line.trim().is_empty())?;
    Some(without_addresses(&shown(line)))
}

fn without_addresses(line: &str) -> String {
    let mut parts = line.split("0x");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        let is_address = part.len() - rest.len() >= 6;
        text.push_str(if is_address { "0x…" } else { "0x" });
        text.push_str(if is_address { rest } else { part });
    }
    text
}

fn sum(cases: BTreeMap<String, Runs>) -> Tests {
    let mut tests = Tests::default();
    for (name, runs) in cases {
        let has = |outcome| runs.outcomes.contains(&outcome);
        let is_bad = has(Outcome::Failed) || has(Outcome::Error);
        if has(Outcome::Passed) && (is_bad || runs.is_flaky) {
            tests.flaky.insert(name.clone());
        }
        if has(Outcome::Error) && !has(Outcome::Passed) {
            tests.errors.insert(name.clone());
        } else if has(Outcome::Failed) && !has(Outcome::Passed) {
            tests.failed.insert(name.clone());
        } else if has(Outcome::Passed) {
            tests.passed += 1;
        } else {
            tests.skipped += 1;
        }
        if is_bad {
            let message = runs.message.unwrap_or_else(|| "(no message)".to_owned());
            tests.messages.entry(message).or_default().push(name);
        }
    }
    tests
}
