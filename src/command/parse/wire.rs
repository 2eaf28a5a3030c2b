//! The lines of `pubflow parse --batch`: a form for each kind, so that an option of another kind is
//! an unknown key.
//!
//! The contract of scripts: an option in the line takes the place of the same option on the command
//! line, wholly.

use std::collections::BTreeMap;

use pubflow_spec::{MarkerEnvironment, Prereleases};
use serde::{Deserialize, Deserializer};

use super::question::{Candidate, Question};

/// A question with its id.
#[derive(Debug)]
pub(super) struct BatchLine {
    pub(super) id: String,
    pub(super) input: String,
    pub(super) question: Question,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainLine {
    id: String,
    input: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecifierLine {
    id: String,
    input: String,
    contains: Option<String>,
    #[serde(default, deserialize_with = "prereleases")]
    prereleases: Option<Prereleases>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkerLine {
    id: String,
    input: String,
    env: Option<BTreeMap<String, String>>,
}

/// A key that is there and null means the default; one that is not there leaves it to the command
/// line.
fn prereleases<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Prereleases>, D::Error> {
    Ok(Some(match Option::<bool>::deserialize(value)? {
        None => Prereleases::Default,
        Some(true) => Prereleases::Allow,
        Some(false) => Prereleases::Deny,
    }))
}

/// Reads a line; `asked` is what the command line asks.
///
/// # Errors
/// The line is not JSON, or not an object of the keys that the kind has.
pub(super) fn read_line(line: &[u8], asked: &Question) -> Result<BatchLine, serde_json::Error> {
    Ok(match asked {
        Question::Specifier(candidate) => {
            let line: SpecifierLine = serde_json::from_slice(line)?;
            let question = Question::Specifier(Candidate {
                contains: line.contains.or_else(|| candidate.contains.clone()),
                prereleases: line.prereleases.unwrap_or(candidate.prereleases),
            });
            BatchLine {
                id: line.id,
                input: line.input,
                question,
            }
        }
        Question::Marker(values) => {
            let line: MarkerLine = serde_json::from_slice(line)?;
            let values = line
                .env
                .as_ref()
                .map(environment)
                .or_else(|| values.clone());
            BatchLine {
                id: line.id,
                input: line.input,
                question: Question::Marker(values),
            }
        }
        Question::Version
        | Question::Requirement
        | Question::License
        | Question::Name
        | Question::Wheel
        | Question::Sdist => {
            let PlainLine { id, input } = serde_json::from_slice(line)?;
            let question = asked.clone();
            BatchLine {
                id,
                input,
                question,
            }
        }
    })
}

fn environment(values: &BTreeMap<String, String>) -> MarkerEnvironment {
    let mut environment = MarkerEnvironment::new();
    for (name, value) in values {
        environment.set(name, value);
    }
    environment
}
