//! P905: the tags in WHEEL are those of the file name.

use std::collections::BTreeSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::TagSet;

use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P905",
    name: "wheel-tags",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[Refuser::Spec],
    about: "The `Tag` lines in `WHEEL`, or its `Build`, are not those of the file name.",
    why: "Nobody refuses it, but tools that decide by the installed WHEEL whether a package fits \
            install it again and again, or think that it belongs to another machine. decord#356 \
            and uv#15832 are such endless reinstallations.",
    cure: "A wheel that was renamed or retagged by hand is the usual cause: use `wheel tags`, or \
            build again.",
    bad: "demo-1.0-py3-none-any.whl with \"Tag: cp312-cp312-linux_x86_64\" in WHEEL",
    good: "demo-1.0-py3-none-any.whl with \"Tag: py3-none-any\" in WHEEL",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let (Some(file), Ok(filename)) = (wheel.wheel_file(), wheel.filename()) else {
        return;
    };
    let told: BTreeSet<String> = file.all("Tag").map(str::to_ascii_lowercase).collect();
    let named: BTreeSet<String> = filename.tags.iter().map(ToString::to_string).collect();
    let member = wheel.member("WHEEL");
    let next = "build the wheel again, or retag it with a tool that changes WHEEL too";
    if told != named && expanded(&told) == named {
        let mut finding = Finding::new(&RULE, "WHEEL has a compressed tag, not its expansion")
            .severity(Severity::Warning)
            .why("readers that expand it find the tags of the file name; others find none of them")
            .member(&member)
            .field("Tag")
            .next("build the wheel with a newer build backend");
        finding.place.line = file.line("Tag");
        findings.add(finding);
    } else if told != named {
        let missing: Vec<&String> = named.difference(&told).collect();
        let extra: Vec<&String> = told.difference(&named).collect();
        let message = match (missing.first(), extra.first()) {
            (Some(missing), None) => format!("WHEEL lacks the tag `{missing}` of the file name"),
            (None, Some(extra)) => format!("WHEEL has the tag `{extra}`, the file name not"),
            (Some(missing), Some(extra)) => {
                format!("WHEEL has the tag `{extra}`, the file name `{missing}`")
            }
            (None, None) => return,
        };
        let mut finding = Finding::new(&RULE, message)
            .member(&member)
            .field("Tag")
            .next(next);
        finding.place.line = file.line("Tag");
        findings.add(finding);
    }
    let build = filename.build.as_ref().map(ToString::to_string);
    let told = file.first("Build");
    if let Some(told) = told
        && build.as_deref() != Some(told)
    {
        let named = build.unwrap_or_default();
        findings.add(
            Finding::new(
                &RULE,
                format!("WHEEL has the build tag `{told}`, the file name `{named}`"),
            )
            .member(&member)
            .field("Build")
            .next(next),
        );
    }
}

/// The tags that a set of texts stands for, compressed ones written out.
fn expanded(tags: &BTreeSet<String>) -> BTreeSet<String> {
    tags.iter()
        .filter_map(|text| TagSet::parse(text).ok())
        .flat_map(|set| set.expand())
        .map(|tag| tag.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn equal_tags_are_quiet_in_any_order() {
        expect(&in_wheel(&wheel().tag("py2.py3-none-any"), check), &[]);
        let builder = wheel().build_tag("1a").tag("cp312-cp312-win_amd64");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn differences_are_found() {
        let renamed = wheel().filename("demo-1.0-py2-none-any.whl");
        expect(
            &in_wheel(&renamed, check),
            &[
                "error spec: WHEEL has the tag `py3-none-any`, the file name `py2-none-any` (demo-1.0.dist-info/WHEEL)",
            ],
        );
        let more = wheel().tag("py3-none-any").tag("py2-none-any");
        expect(
            &in_wheel(&more, check),
            &[
                "error spec: WHEEL has the tag `py2-none-any`, the file name not (demo-1.0.dist-info/WHEEL)",
            ],
        );
        let build = wheel().build_tag("2").filename("demo-1.0-py3-none-any.whl");
        expect(
            &in_wheel(&build, check),
            &[
                "error spec: WHEEL has the build tag `2`, the file name `` (demo-1.0.dist-info/WHEEL)",
            ],
        );
    }

    #[test]
    fn a_compressed_tag_that_means_the_same_is_a_warning() {
        let builder = wheel().tag("py2.py3-none-any").wheel_file(
            "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py2.py3-none-any\n",
        );
        expect(
            &in_wheel(&builder, check),
            &[
                "warning spec: WHEEL has a compressed tag, not its expansion (demo-1.0.dist-info/WHEEL)",
            ],
        );
    }
}
