//! `--format sarif`: SARIF 2.1.0, for code scanning.
//!
//! Spec: OASIS Static Analysis Results Interchange Format 2.1.0.

use std::path::Path;

use pubflow_finding::{Finding, Rule, Severity};
use pubflow_stages::rule_as_markdown;
use serde::Serialize;

use super::clean::clean;
use super::findings::next_step;
use super::formats::{CheckResult, json_text};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Debug, Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    artifacts: Vec<Artifact>,
    results: Vec<Outcome>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<RuleSarif>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleSarif {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Text {
    text: String,
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct Artifact {
    location: Uri,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Uri {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
}

/// A member of an archive, or a field: SARIF knows no line of a file inside of a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

pub(super) fn render(result: &CheckResult) -> String {
    let findings: Vec<&Finding> = result
        .subjects
        .iter()
        .flat_map(|subject| result.shown(subject))
        .collect();
    let mut rules: Vec<&'static Rule> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| (rule.code.len(), rule.code));
    rules.dedup_by_key(|rule| rule.code);
    let index = |code: &str| rules.iter().position(|rule| rule.code == code).unwrap_or(0);
    let results = findings
        .iter()
        .map(|finding| outcome(finding, index(finding.rule.code)))
        .collect();
    let artifacts = result.subjects.iter().map(|subject| Artifact {
        location: uri(&subject.path),
    });
    json_text(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            column_kind: "unicodeCodePoints",
            artifacts: artifacts.collect(),
            results,
            tool: Tool {
                driver: Driver {
                    name: "pubflow",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.iter().map(|rule| rule_sarif(rule)).collect(),
                },
            },
        }],
    })
}

fn rule_sarif(rule: &'static Rule) -> RuleSarif {
    let text = |text: &str| Text {
        text: text.to_owned(),
    };
    RuleSarif {
        id: rule.code,
        name: rule.name,
        short_description: text(&rule.name.replace('-', " ")),
        full_description: text(rule.about),
        help: Help {
            text: format!("{} {} {}", rule.about, rule.why, rule.cure),
            markdown: rule_as_markdown(rule),
        },
        default_configuration: Configuration {
            level: rule.severity.as_str(),
        },
    }
}

fn outcome(finding: &Finding, rule_index: usize) -> Outcome {
    let place = &finding.place;
    let mut message = finding.message.clone();
    for part in finding
        .why
        .as_deref()
        .into_iter()
        .chain([next_step(finding)])
    {
        message.push_str(&format!("\n{part}"));
    }
    let is_plain = place.member.is_none();
    let region = place.line.filter(|_| is_plain).map(|start_line| Region {
        start_line,
        start_column: place.column,
    });
    let member = place.member.iter().map(|member| Logical {
        fully_qualified_name: clean(member).into_owned(),
        kind: "member",
    });
    let field = place.field.iter().map(|field| Logical {
        fully_qualified_name: clean(field).into_owned(),
        kind: "property",
    });
    Outcome {
        rule_id: finding.rule.code,
        rule_index,
        level: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: Text {
            text: clean(&message).into_owned(),
        },
        locations: [Location {
            physical_location: Physical {
                artifact_location: uri(Path::new(&place.path)),
                region,
            },
            logical_locations: member.chain(field).collect(),
        }],
    }
}

/// A path as a URI: relative to where the program ran, unless it is absolute.
fn uri(path: &Path) -> Uri {
    let text = path.display().to_string().replace('\\', "/");
    let text = text.strip_prefix("./").unwrap_or(&text);
    let mut uri = String::from(if path.is_absolute() { "file://" } else { "" });
    if path.is_absolute() && !text.starts_with('/') {
        uri.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri { uri }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("./dist/a b.whl", "dist/a%20b.whl"),
            ("dist/ü.whl", "dist/%C3%BC.whl"),
            ("/tmp/x", "file:///tmp/x"),
            ("a:b", "a%3Ab"),
        ] {
            assert_eq!(uri(Path::new(path)).uri, expected);
        }
    }
}
