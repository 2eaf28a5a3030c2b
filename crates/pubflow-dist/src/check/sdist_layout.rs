//! P803: one directory at the top of the sdist, of the right name.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::archive::ArchiveForm;
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    code: "P803",
    name: "sdist-layout",
    severity: Severity::Error,
    source: "R114, PEP 517, PEP 625",
    refused_by: &[Refuser::Pypi, Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "An sdist holds exactly one directory, `{name}-{version}`, with everything below it.",
    why: "With several directories, files beside it, or member names that begin with `./`, \
            installers do not find the project and the index finds no PKG-INFO.",
    cure: "Let the build backend write the archive instead of packing a directory by hand.",
    bad: "./pyproject.toml\n./demo/__init__.py",
    good: "demo-1.0/PKG-INFO\ndemo-1.0/pyproject.toml\ndemo-1.0/demo/__init__.py",
};

pub(super) fn check(sdist: &Sdist, findings: &mut Findings) {
    let archive = sdist.archive();
    if !archive.is_readable() {
        return;
    }
    let Some(root) = sdist.root() else {
        findings.add(finding_about_tops(sdist));
        return;
    };
    let n_below = archive
        .entries()
        .iter()
        .filter(|entry| entry.path.below(root).is_some())
        .count();
    let is_lonely = archive.entries().len() < 2 && archive.form() == ArchiveForm::TarGz;
    if n_below == 0 || is_lonely {
        let message = format!(
            "the sdist holds nothing but `{}`",
            archive.entries()[0].path
        );
        findings.add(
            Finding::new(&RULE, message)
                .refused_by(&[Refuser::Pypi])
                .why("the index takes the longest path that all members share for the top"),
        );
        return;
    }
    if let Ok(filename) = sdist.filename() {
        let expected = format!("{}-{}", filename.name.underscored(), filename.version);
        let stem = archive
            .filename()
            .trim_end_matches(".tar.gz")
            .trim_end_matches(".zip");
        if root != expected && root != stem {
            findings.add(
                Finding::new(
                    &RULE,
                    format!("the top directory is `{root}`, not `{expected}`"),
                )
                .severity(Severity::Warning)
                .refused_by(&[])
                .next("build the sdist with a current build backend"),
            );
        }
    }
}

fn finding_about_tops(sdist: &Sdist) -> Finding {
    let tops: Vec<&str> = sdist.tops().iter().map(String::as_str).collect();
    if tops == ["."] {
        return Finding::new(&RULE, "the member names begin with `./`")
            .refused_by(&[Refuser::Pypi, Refuser::Spec])
            .why("the index does not find PKG-INFO under such a name");
    }
    let shown: Vec<String> = tops.iter().take(3).map(|top| format!("`{top}`")).collect();
    let more = if tops.len() > 3 { " and others" } else { "" };
    Finding::new(
        &RULE,
        format!(
            "there is not one directory at the top but {}{more}",
            shown.join(", ")
        ),
    )
    .next("put everything below one directory `{name}-{version}`")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;
    use pubflow_testkit::{SdistBuilder, TarMember};

    #[test]
    fn one_directory_of_the_right_name_is_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn a_file_beside_the_directory_is_refused_by_everybody() {
        let builder = sdist().member(TarMember::file("other.txt", b"x"));
        expect(
            &in_sdist(&builder, check),
            &[
                "error pypi,pip,uv,spec: there is not one directory at the top but `demo-1.0`, `other.txt`",
            ],
        );
    }

    #[test]
    fn a_leading_dot_stops_the_index() {
        let builder = SdistBuilder::new("demo", "1.0").root("./demo-1.0");
        expect(
            &in_sdist(&builder, check),
            &["error pypi,spec: the member names begin with `./`"],
        );
    }

    #[test]
    fn a_lonely_file_has_no_directory_for_the_index() {
        let builder = SdistBuilder::new("demo", "1.0").without("pyproject.toml");
        expect(
            &in_sdist(&builder, check),
            &["error pypi: the sdist holds nothing but `demo-1.0/PKG-INFO`"],
        );
    }

    #[test]
    fn another_name_is_a_warning() {
        let builder = SdistBuilder::new("demo", "1.0").root("Demo-1.0");
        expect(
            &in_sdist(&builder, check),
            &["warning -: the top directory is `Demo-1.0`, not `demo-1.0`"],
        );
    }
}
