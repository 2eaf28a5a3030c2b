//! P1405: two members of one name.

use pubflow_finding::{Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1405",
    name: "duplicate-member",
    severity: Severity::Error,
    source: "R106",
    refused_by: &[Refuser::Pypi],
    about: "The archive holds two members of one name, or a file where other members need a \
            directory.",
    why: "Readers choose one of the two, not always the same; the index refuses such wheels, and \
            installers give up where a file stands in the way. dysh#963 and praatIO#67 are \
            releases that failed at the upload for it; `twine check` passes them.",
    cure: "Look for a build step that adds files a second time, often by copying package data \
            that is already included.",
    bad: "demo/__init__.py\ndemo/__init__.py",
    good: "demo/__init__.py",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "remove the step that adds the file a second time and build again";
    report::family(subject.archive(), Family::Duplicate, &RULE, next, findings);
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::TarMember;

    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn names_that_differ_are_quiet() {
        expect(&in_wheel(&wheel(), check), &[]);
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn duplicates_are_refused_by_the_index() {
        expect(
            &in_wheel(&wheel().file("demo/__init__.py", "x = 1\n"), check),
            &["error pypi: the archive holds the member more than once (demo/__init__.py)"],
        );
    }

    #[test]
    fn a_second_metadata_file_stops_uv_too() {
        let found = in_wheel(&wheel().info_file("METADATA", "Name: evil\n"), check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].refused_by, [Refuser::Pypi, Refuser::Uv]);
    }

    #[test]
    fn a_file_in_the_place_of_a_directory_stops_installers() {
        let member = TarMember::file("demo-1.0/demo", b"x");
        expect(
            &in_sdist(&sdist().member(member), check),
            &[
                "error pip,uv,spec: the member is a file, and other members lie below it as if it were a directory (demo-1.0/demo)",
            ],
        );
    }
}
