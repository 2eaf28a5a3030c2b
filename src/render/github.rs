//! `--format github`: workflow commands that GitHub Actions shows beside the lines they are about.

use pubflow_finding::{Finding, Severity};

use super::clean::clean;
use super::findings::next_step;
use super::formats::CheckResult;

pub(crate) fn render(result: &CheckResult) -> String {
    let shown = result
        .subjects
        .iter()
        .flat_map(|subject| result.shown(subject));
    shown.map(annotation).collect()
}

fn annotation(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = &finding.place;
    let mut properties = vec![format!("file={}", property(&place.path))];
    for (name, number) in [("line", place.line), ("col", place.column)] {
        // Lines of an archive's members are none of the file.
        if let Some(number) = number.filter(|_| place.member.is_none()) {
            properties.push(format!("{name}={number}"));
        }
    }
    let title = format!("{} {}", finding.rule.code, finding.rule.name);
    properties.push(format!("title={}", property(&title)));
    let mut message = finding.message.clone();
    if let Some(member) = &place.member {
        message.push_str(&format!(" (in {member})"));
    }
    for part in finding
        .why
        .as_deref()
        .into_iter()
        .chain([next_step(finding)])
    {
        message.push_str(&format!("\n{part}"));
    }
    format!("::{level} {}::{}\n", properties.join(","), data(&message))
}

/// The text of a command: a line end in it would begin another command.
fn data(text: &str) -> String {
    let text = clean(text).replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma and a colon besides.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_its_command_or_property() {
        assert_eq!(data("50 %\n::error::x"), "50 %25%0A::error::x");
        assert_eq!(property("a,b:c\nd"), "a%2Cb%3Ac%0Ad");
    }
}
