//! P409: the licence files that the metadata name are at their place.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_metadata::core_metadata::CoreMetadata;

use crate::archive::Archive;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P409",
    name: "licence-file-missing",
    severity: Severity::Error,
    source: "R119, R128, PEP 639",
    refused_by: &[Refuser::Pypi, Refuser::Spec],
    about: "The metadata name a `License-File` that is not where it must be: below \
            `{name}-{version}.dist-info/licenses/` in a wheel, below the top directory in an \
            sdist.",
    why: "The index refuses the file, and users do not get the licence they were promised. In \
            wily#254 the build had found the licence for the wheel and left it out of the sdist.",
    cure: "Check `license-files` in pyproject.toml and what the backend leaves out.",
    bad: "METADATA: License-File: LICENSE\ndemo-1.0.dist-info/LICENSE",
    good: "METADATA: License-File: LICENSE\ndemo-1.0.dist-info/licenses/LICENSE",
};

pub(super) fn check_wheel(wheel: &Wheel, findings: &mut Findings) {
    let Some(metadata) = wheel.metadata() else {
        return;
    };
    let directory = format!("{}/licenses", wheel.expected_dist_info());
    let member = wheel.member("METADATA");
    check_files(wheel.archive(), metadata, (&directory, &member), findings);
}

pub(super) fn check_sdist(sdist: &Sdist, findings: &mut Findings) {
    let (Some(metadata), Some(root)) = (sdist.metadata(), sdist.root()) else {
        return;
    };
    let member = sdist.member("PKG-INFO");
    check_files(sdist.archive(), metadata, (root, &member), findings);
}

fn check_files(
    archive: &Archive,
    metadata: &CoreMetadata,
    (directory, member): (&str, &str),
    findings: &mut Findings,
) {
    // Older metadata have no such field; uploaders drop stray ones.
    let version = metadata.metadata_version().unwrap_or_default().trim();
    if !archive.is_complete()
        || matches!(
            version,
            "1.0" | "1.1" | "1.2" | "2.0" | "2.1" | "2.2" | "2.3"
        )
    {
        return;
    }
    for field in metadata.named("License-File") {
        let file = field.value.trim();
        let path = format!("{directory}/{file}");
        if archive.file(&path).is_none() {
            findings.add(
                Finding::new(
                    &RULE,
                    format!("the licence file `{file}` is not at `{path}`"),
                )
                .why(format!(
                    "the index refuses it: License-File {file} does not exist"
                ))
                .next("check `license-files` in pyproject.toml and build again")
                .member(member)
                .field("License-File")
                .line(field.line),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn files_at_their_place_are_quiet() {
        let builder = wheel()
            .metadata_line("License-File: sub/LICENSE")
            .info_file("licenses/sub/LICENSE", "text");
        expect(&in_wheel(&builder, check_wheel), &[]);
        let builder = sdist()
            .metadata_line("License-File: LICENSE")
            .file("LICENSE", "text");
        expect(&in_sdist(&builder, check_sdist), &[]);
        let old = wheel()
            .metadata_version("2.1")
            .metadata_line("License-File: LICENSE");
        expect(&in_wheel(&old, check_wheel), &[]);
    }

    #[test]
    fn files_elsewhere_are_refused_by_the_index() {
        let builder = wheel()
            .metadata_line("License-File: LICENSE")
            .info_file("LICENSE", "text");
        expect(
            &in_wheel(&builder, check_wheel),
            &[
                "error pypi,spec: the licence file `LICENSE` is not at `demo-1.0.dist-info/licenses/LICENSE` (demo-1.0.dist-info/METADATA)",
            ],
        );
        let builder = sdist()
            .metadata_line("License-File: license")
            .file("LICENSE", "x");
        expect(
            &in_sdist(&builder, check_sdist),
            &[
                "error pypi,spec: the licence file `license` is not at `demo-1.0/license` (demo-1.0/PKG-INFO)",
            ],
        );
    }
}
