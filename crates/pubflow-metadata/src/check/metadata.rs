//! Core metadata as the subject of checks.

use std::sync::Arc;

use pubflow_finding::{Finding, Findings, Rule};

use crate::core_metadata::{CoreMetadata, Field, FieldSpec};
use crate::upload_rule::{Objection, objections};

/// Characters of a value that a message quotes.
const SHOWN: usize = 80;

/// A core metadata file, and the archive member it came from.
#[derive(Debug, Clone)]
pub struct MetadataSubject {
    /// The file.
    pub metadata: Arc<CoreMetadata>,
    /// Member of the archive; `None` for a bare file.
    pub member: Option<String>,
}

impl MetadataSubject {
    /// A bare metadata file.
    #[must_use]
    pub fn bare(metadata: CoreMetadata) -> Self {
        Self {
            metadata: Arc::new(metadata),
            member: None,
        }
    }

    /// The fields that a specification means.
    pub(super) fn fields(&self, spec: &FieldSpec) -> Vec<&Field> {
        self.metadata.named(spec.header).collect()
    }

    /// What the index objects to in one field, with the field where there is one.
    pub(super) fn objections(&self, header: &str) -> Vec<(Objection, Option<&Field>)> {
        let Some(spec) = FieldSpec::find(header) else {
            return Vec::new();
        };
        let fields = self.fields(spec);
        let values: Vec<_> = fields.iter().map(|field| field.value.as_str()).collect();
        objections(spec, &values)
            .into_iter()
            .map(|objection| {
                let field = fields.get(objection.value).copied();
                (objection, field)
            })
            .collect()
    }

    /// Adds a finding for each objection that rests on one of `numbers`.
    pub(super) fn report(
        &self,
        rule: &'static Rule,
        header: &'static str,
        numbers: &[&str],
        findings: &mut Findings,
    ) {
        for (objection, field) in self.objections(header) {
            if numbers.contains(&objection.rule.number) {
                let finding = self.finding(rule, header, field, &objection);
                findings.add(finding);
            }
        }
    }

    /// A finding in the words of this tool, with those of the index as its reason.
    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        header: &'static str,
        field: Option<&Field>,
        objection: &Objection,
    ) -> Finding {
        let message = match field {
            Some(field) => format!("`{header}` is refused: `{}`", shown(&field.value)),
            None => format!("`{header}` is missing"),
        };
        let why = format!("PyPI says: {}", shown(&objection.message));
        self.place(Finding::new(rule, message).why(why).field(header), field)
    }

    /// Adds the member and the line to a finding.
    pub(super) fn place(&self, finding: Finding, field: Option<&Field>) -> Finding {
        self.place_line(finding, field.map(|field| field.line))
    }

    /// Adds the member and a line to a finding; a line of 0 is none.
    pub(super) fn place_line(&self, mut finding: Finding, line: Option<usize>) -> Finding {
        finding.place.member.clone_from(&self.member);
        finding.place.line = line.filter(|line| *line > 0);
        finding
    }
}

/// A value in one line, cut where it is long.
pub(super) fn shown(value: &str) -> String {
    let mut text: String = value
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if value.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}
