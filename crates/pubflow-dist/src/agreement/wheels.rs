//! P1602: whether the wheels of one release say the same about it.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_metadata::core_metadata::FIELDS;

use super::{compare_field, quoted};
use crate::wheel::Wheel;

/// P1602: METADATA of two wheels of one release.
pub static WHEEL_WHEEL: Rule = Rule {
    code: "P1602",
    name: "wheels-disagree",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A field of METADATA has other values in another wheel of the same release.",
    why: "The index shows what the first file says, and resolvers take the metadata of one wheel \
          for all: dependencies that only some wheels name are missed on the other platforms.",
    cure: "Say in each wheel the same, with environment markers for what depends on the platform.",
    bad: "demo-1.0-…-win_amd64.whl   Requires-Dist: pywin32\ndemo-1.0-…-x86_64.whl      (none)",
    good: "both wheels   Requires-Dist: pywin32; sys_platform == \"win32\"",
};

/// Compares two wheels of one release; what differs is told about the second.
pub fn check_wheels(first: &Wheel, second: &Wheel, findings: &mut Findings) {
    let (Some(ours), Some(theirs)) = (first.metadata(), second.metadata()) else {
        return;
    };
    let fields = FIELDS.iter().map(|spec| spec.header);
    let told = fields.filter(|field| !matches!(*field, "Metadata-Version" | "Dynamic"));
    for difference in told.filter_map(|field| compare_field(ours, theirs, field)) {
        let field = difference.field;
        let other = first.archive().filename();
        let message = if field == "Description" {
            format!("the description differs from that of `{other}`")
        } else {
            format!(
                "{field} is {} here and {} in `{other}`",
                quoted(&difference.second),
                quoted(&difference.first)
            )
        };
        findings.add(
            Finding::new(&WHEEL_WHEEL, message)
                .field(field)
                .next("build all wheels of a release from one tree with one backend"),
        );
    }
}
