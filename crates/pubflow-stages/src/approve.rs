//! Approve: enough people said yes to these very bytes.
//!
//! An approval names the digest of the sealed manifest and the index, so any other byte makes it
//! worthless. It stands in the journal as a note; what the journal says is read when the step is made,
//! because nobody can write to it while a run holds the lock.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use pubflow_pipeline::{
    BoxFuture, Evidence, Facts, Failure, FailureClass, Kind, Note, ReleaseKey, Report, Reporter,
    Step, StepId, Unit, UnitId, Work, step_key,
};
use pubflow_spec::Sha256;

pub(crate) const NAME: &str = "approve";
/// Topic of the notes.
pub const APPROVAL: &str = "approval";

/// One person's yes to one set of bytes on one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Digest of the manifest.
    pub manifest: Sha256,
    /// The index that the files may go to.
    pub index: String,
    /// Who approved.
    pub by: String,
    /// When it ends, if it does.
    pub until: Option<Timestamp>,
    /// What they had to say.
    pub comment: Option<String>,
}

impl Approval {
    /// The note for the journal.
    #[must_use]
    pub fn note(&self) -> Note {
        let details = Evidence::new()
            .with("manifest", self.manifest.to_string())
            .with("index", &self.index)
            .with("by", &self.by);
        let details = match self.until {
            Some(until) => details.with("until", until.to_string()),
            None => details,
        };
        let details = match &self.comment {
            Some(comment) => details.with("comment", comment),
            None => details,
        };
        Note {
            topic: APPROVAL.to_owned(),
            details,
        }
    }

    /// All approvals of a journal, in the order of their time. A note that is no approval says
    /// nothing.
    #[must_use]
    pub fn all(facts: &Facts) -> Vec<Self> {
        let notes = facts.notes(APPROVAL);
        notes
            .filter_map(|(_, note)| Self::read(&note.details))
            .collect()
    }

    fn read(details: &Evidence) -> Option<Self> {
        let until = match details.get("until") {
            // An end that cannot be read is no end that lies in the future.
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        Some(Self {
            manifest: Sha256::parse(details.get("manifest")?).ok()?,
            index: details.get("index")?.to_owned(),
            by: details.get("by")?.to_owned(),
            until,
            comment: details.get("comment").map(str::to_owned),
        })
    }

    fn counts(&self, release: &ReleaseKey, index: &str, now: Timestamp) -> bool {
        let is_in_time = self.until.is_none_or(|until| now < until);
        self.manifest == release.manifest && self.index == index && is_in_time
    }
}

/// Whether enough people approved.
pub struct ApproveStage {
    release: ReleaseKey,
    index: String,
    /// Whose approval counts, and until when.
    by: BTreeMap<String, Option<Timestamp>>,
    n_wanted: usize,
}

impl ApproveStage {
    /// The step: `n_wanted` different people have to stand in the journal for these bytes and this
    /// index.
    #[must_use]
    pub fn step(
        release: &ReleaseKey,
        index: &str,
        n_wanted: usize,
        facts: &Facts,
        now: Timestamp,
    ) -> Step {
        let counting = Approval::all(facts)
            .into_iter()
            .filter(|approval| approval.counts(release, index, now));
        let by: BTreeMap<String, Option<Timestamp>> = counting
            .map(|approval| (approval.by, approval.until))
            .collect();
        let names: Vec<&str> = by.keys().map(String::as_str).collect();
        // Who has approved until now belongs to the inputs: a yes that ended does not stay a yes.
        let key = step_key(&[
            ("manifest", &release.manifest.to_string()),
            ("index", index),
            ("wanted", &n_wanted.to_string()),
            ("by", &names.join("\n")),
        ]);
        let title = format!("approval for {index}");
        Step {
            id: StepId::new(format!("{NAME}:{index}")),
            title: title.clone(),
            kind: Kind::Gate,
            key,
            waves: vec![vec![Unit {
                id: UnitId::new("people"),
                title,
                identity: Some(release.manifest),
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                release: release.clone(),
                index: index.to_owned(),
                by,
                n_wanted,
            }),
        }
    }

    fn decide(&self) -> Result<Evidence, Failure> {
        if self.by.len() >= self.n_wanted {
            let evidence = Evidence::new().with("manifest", self.release.manifest.to_string());
            return Ok(self.by.iter().fold(evidence, |evidence, (by, until)| {
                let until = until.map_or_else(|| "no end".to_owned(), |until| until.to_string());
                evidence.with(format!("approved by {by}"), until)
            }));
        }
        let ReleaseKey {
            project,
            version,
            manifest,
        } = &self.release;
        let report = Report::new(format!(
            "{project} {version} waits for approval: {} of {}",
            self.by.len(),
            self.n_wanted
        ))
        .code("E310")
        .why(format!(
            "`release.approvals` asks for {}; only those for the manifest {manifest} and {} count, while they are in time",
            self.n_wanted, self.index
        ))
        .next(format!(
            "somebody who has looked at it runs `pubflow approve {project}=={version} --index {}`, then `pubflow resume`",
            self.index
        ));
        Err(Failure::new(FailureClass::Waiting, report))
    }
}

impl Work for ApproveStage {
    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(std::future::ready(self.decide()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pubflow_spec::{ProjectName, Version};

    fn approval(by: &str, text: &str, index: &str, until: Option<i64>) -> Approval {
        Approval {
            manifest: Sha256::of(text.as_bytes()),
            index: index.to_owned(),
            by: by.to_owned(),
            until: until.map(|second| Timestamp::from_second(second).unwrap()),
            comment: None,
        }
    }

    #[test]
    fn only_an_approval_of_these_bytes_for_this_index_in_time_counts() {
        let release = ReleaseKey {
            project: ProjectName::parse("demo").unwrap(),
            version: Version::parse("1").unwrap(),
            manifest: Sha256::of(b"ours"),
        };
        let now = Timestamp::from_second(100).unwrap();
        let counts = |approval: Approval| approval.counts(&release, "pypi", now);
        assert!(counts(approval("ann", "ours", "pypi", None)));
        assert!(counts(approval("ann", "ours", "pypi", Some(101))));
        assert!(!counts(approval("ann", "ours", "pypi", Some(100))));
        assert!(!counts(approval("ann", "other", "pypi", None)));
        assert!(!counts(approval("ann", "ours", "testpypi", None)));
    }

    #[test]
    fn an_approval_is_read_back_from_its_note() {
        let mut approval = approval("ann", "ours", "pypi", Some(5));
        approval.comment = Some("looked at the wheel".to_owned());
        assert_eq!(Approval::read(&approval.note().details), Some(approval));
        let broken = Evidence::new().with("by", "ann").with("index", "pypi");
        assert_eq!(Approval::read(&broken), None);
    }
}
