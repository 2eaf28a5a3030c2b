//! Checklists: items that a gate or a rule answers, and items that a person decides.
//!
//! A decision is a note in the journal and names the digest of the manifest, so it is about these
//! bytes and no others. A conditional yes brings its conditions as new items.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use pubflow_check::{CheckOptions, check_paths};
use pubflow_pipeline::{
    BoxFuture, Evidence, Facts, Failure, FailureClass, Kind, Note, Report, Reporter, Step, StepId,
    Unit, UnitId, Work, step_key,
};
use pubflow_spec::Sha256;

/// The step's name.
pub const CHECKLIST: &str = "gate:checklist";
/// Topic of the notes.
pub const DECISION: &str = "decision";

/// What a person can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approved,
    /// Not now; the release waits.
    Deferred,
    /// Yes, once the conditions are met.
    Conditional,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Approved, Self::Deferred, Self::Conditional];

    /// The word for it in settings, notes and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::Deferred => "DEFERRED",
            Self::Conditional => "CONDITIONAL",
        }
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|answer| answer.word().eq_ignore_ascii_case(text))
    }
}

/// Who answers an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnsweredBy {
    /// The gate of this name.
    Gate(String),
    /// The check with this code: no finding is a yes.
    Rule(String),
    /// A person, by one of these answers.
    Person(Vec<Answer>),
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistItem {
    /// What decisions name it by.
    pub id: String,
    /// The group it is shown in.
    pub group: String,
    /// What has to be true.
    pub text: String,
    /// Whose item it is.
    pub owner: Option<String>,
    /// Who answers.
    pub by: AnsweredBy,
}

/// What somebody decided about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The item.
    pub item: String,
    /// The answer.
    pub answer: Answer,
    /// Who.
    pub by: String,
    /// The bytes it is about.
    pub manifest: Sha256,
    /// What has to be met, for a conditional yes.
    pub conditions: Vec<String>,
}

impl Decision {
    /// The note for the journal.
    #[must_use]
    pub fn note(&self) -> Note {
        let details = Evidence::new()
            .with("item", &self.item)
            .with("answer", self.answer.word())
            .with("by", &self.by)
            .with("manifest", self.manifest.to_string());
        let details = self
            .conditions
            .iter()
            .fold(details, |details, text| details.with("condition", text));
        Note {
            topic: DECISION.to_owned(),
            details,
        }
    }

    /// The last decision on every item, for the bytes of `manifest`, and when it was taken.
    #[must_use]
    pub fn all(facts: &Facts, manifest: &Sha256) -> BTreeMap<String, (Self, Timestamp)> {
        let mut decisions = BTreeMap::new();
        for (record, note) in facts.notes(DECISION) {
            if let Some(decision) = Self::read(&note.details)
                && decision.manifest == *manifest
            {
                decisions.insert(decision.item.clone(), (decision, record.at));
            }
        }
        decisions
    }

    fn read(details: &Evidence) -> Option<Self> {
        let conditions = details.iter().filter(|(name, _)| *name == "condition");
        Some(Self {
            item: details.get("item")?.to_owned(),
            answer: Answer::parse(details.get("answer")?)?,
            by: details.get("by")?.to_owned(),
            manifest: Sha256::parse(details.get("manifest")?).ok()?,
            conditions: conditions.map(|(_, text)| text.to_owned()).collect(),
        })
    }
}

/// The items with those that conditions bring, each conditional one followed by its own.
#[must_use]
pub fn with_conditions(
    items: &[ChecklistItem],
    decisions: &BTreeMap<String, (Decision, Timestamp)>,
) -> Vec<ChecklistItem> {
    let mut all = Vec::new();
    for item in items {
        all.push(item.clone());
        let Some((decision, _)) = decisions.get(&item.id) else {
            continue;
        };
        if decision.answer != Answer::Conditional {
            continue;
        }
        for (text, number) in decision.conditions.iter().zip(1..) {
            all.push(ChecklistItem {
                id: format!("{}.{number}", item.id),
                group: item.group.clone(),
                text: text.clone(),
                owner: item.owner.clone(),
                // A condition is met or not; conditions of conditions would have no end.
                by: AnsweredBy::Person(vec![Answer::Approved, Answer::Deferred]),
            });
        }
    }
    all
}

/// Whether people decided everything, and rules are kept.
pub struct ChecklistStage {
    items: Vec<ChecklistItem>,
    decisions: BTreeMap<String, (Decision, Timestamp)>,
    files: Vec<PathBuf>,
}

impl ChecklistStage {
    /// The step `gate:checklist` for the bytes of `manifest`; `files` are the sealed ones. Items that
    /// a gate answers are the gate's to judge.
    #[must_use]
    pub fn step(
        items: &[ChecklistItem],
        facts: &Facts,
        manifest: &Sha256,
        files: &[PathBuf],
    ) -> Step {
        let title = "checklist".to_owned();
        let decisions = Decision::all(facts, manifest);
        Step {
            id: StepId::new(CHECKLIST),
            title: title.clone(),
            kind: Kind::Probe,
            key: step_key(&[("manifest", &manifest.to_string())]),
            waves: vec![vec![Unit {
                id: UnitId::new("checklist"),
                title,
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                items: with_conditions(items, &decisions),
                decisions,
                files: files.to_vec(),
            }),
        }
    }

    async fn look(&self) -> Result<Evidence, Failure> {
        let found = self.findings().await?;
        let (mut broken, mut open) = (Vec::new(), Vec::new());
        for item in &self.items {
            match &item.by {
                AnsweredBy::Gate(_) => {}
                AnsweredBy::Rule(code) => {
                    if let Some(n) = found.get(code) {
                        broken.push(format!("{} ({n} x {code})", item.text));
                    }
                }
                AnsweredBy::Person(_) => match self.decisions.get(&item.id) {
                    Some((decision, _)) if decision.answer != Answer::Deferred => {}
                    Some((decision, _)) => {
                        open.push(format!(
                            "{}: {} (deferred by {})",
                            item.id, item.text, decision.by
                        ));
                    }
                    None => open.push(format!("{}: {}{}", item.id, item.text, owned(item))),
                },
            }
        }
        let evidence = Evidence::new()
            .with("items", self.items.len().to_string())
            .with("open", open.len().to_string())
            .with("broken", broken.len().to_string());
        if !broken.is_empty() {
            let report = Report::new(format!(
                "the checklist does not hold: {}",
                broken.join("; ")
            ))
            .code("E304")
            .place("checklist")
            .next("`pubflow check` shows the findings; mend them and build again");
            return Err(Failure::new(FailureClass::Refused, report).with_evidence(evidence));
        }
        if open.is_empty() {
            return Ok(evidence.with("verdict", "passed"));
        }
        let report = Report::new(format!("{} items of the checklist are open", open.len()))
            .code("E307")
            .place("checklist")
            .why(open.join("\n"))
            .next("decide each with `pubflow readiness --decide ITEM=APPROVED`, then run the command again");
        Err(Failure::new(FailureClass::Waiting, report).with_evidence(evidence))
    }

    /// How many findings there are of each rule that an item is about.
    async fn findings(&self) -> Result<BTreeMap<String, usize>, Failure> {
        let needs_rules = |item: &ChecklistItem| matches!(item.by, AnsweredBy::Rule(_));
        if !self.items.iter().any(needs_rules) {
            return Ok(BTreeMap::new());
        }
        let files = self.files.clone();
        let checked =
            tokio::task::spawn_blocking(move || check_paths(&files, &CheckOptions::default()))
                .await;
        let wrong = |why: String| {
            let report = Report::new("the sealed files could not be checked")
                .code("E602")
                .why(why)
                .next("run `pubflow state verify`, then run the command again");
            Failure::new(FailureClass::Machine, report)
        };
        let subjects = checked
            .map_err(|_| wrong("the check was cut short".to_owned()))?
            .map_err(|error| wrong(error.to_string()))?;
        let mut found = BTreeMap::new();
        for finding in subjects.iter().flat_map(|subject| &subject.findings) {
            *found.entry(finding.rule.code.to_owned()).or_default() += 1;
        }
        Ok(found)
    }
}

fn owned(item: &ChecklistItem) -> String {
    let owner = item.owner.as_deref();
    owner.map_or_else(String::new, |owner| format!(" ({owner})"))
}

impl Work for ChecklistStage {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.look())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str) -> ChecklistItem {
        ChecklistItem {
            id: id.to_owned(),
            group: "process".to_owned(),
            text: format!("{id} is done"),
            owner: Some("lead".to_owned()),
            by: AnsweredBy::Person(Answer::ALL.to_vec()),
        }
    }

    fn decisions(rows: &[(&str, Answer, &[&str])]) -> BTreeMap<String, (Decision, Timestamp)> {
        let row = |(item, answer, conditions): &(&str, Answer, &[&str])| {
            let decision = Decision {
                item: (*item).to_owned(),
                answer: *answer,
                by: "Ann".to_owned(),
                manifest: Sha256::of(b"x"),
                conditions: conditions.iter().map(|text| (*text).to_owned()).collect(),
            };
            ((*item).to_owned(), (decision, Timestamp::UNIX_EPOCH))
        };
        rows.iter().map(row).collect()
    }

    #[track_caller]
    fn look(rows: &[(&str, Answer, &[&str])]) -> Result<Evidence, Failure> {
        let decisions = decisions(rows);
        let stage = ChecklistStage {
            items: with_conditions(&[item("legal")], &decisions),
            decisions,
            files: Vec::new(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(stage.look())
    }

    #[test]
    fn a_conditional_yes_brings_its_conditions_as_items() {
        let waits = |rows: &[(&str, Answer, &[&str])], words: &str| {
            let failure = look(rows).unwrap_err();
            assert_eq!(failure.class, FailureClass::Waiting);
            let why = failure.report.why.unwrap();
            assert!(why.contains(words), "{why}");
        };
        waits(&[], "legal: legal is done (lead)");
        waits(&[("legal", Answer::Deferred, &[])], "deferred by Ann");
        let conditional: (&str, Answer, &[&str]) =
            ("legal", Answer::Conditional, &["notice added"]);
        waits(&[conditional], "legal.1: notice added");
        assert!(look(&[conditional, ("legal.1", Answer::Approved, &[])]).is_ok());
        assert!(look(&[("legal", Answer::Approved, &[])]).is_ok());
    }

    #[test]
    fn a_note_holds_all_of_a_decision() {
        let rows = decisions(&[("legal", Answer::Conditional, &["a", "b"])]);
        let decision = &rows["legal"].0;
        assert_eq!(
            Decision::read(&decision.note().details).as_ref(),
            Some(decision)
        );
    }
}
