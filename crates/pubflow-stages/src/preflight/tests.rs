//! What a listing lets the preflight say, check by check.

use pubflow_spec::Sha256;

use super::*;

/// A situation: files here, and the JSON of the listing; `old` stands for a time 20 days ago.
fn situation(files: &[&str], listing: &str) -> Situation {
    let file = |name: &&str| SealedFile {
        filename: DistributionFilename::parse(name).unwrap(),
        path: name.into(),
        size: 1 << 20,
        sha256: Sha256::of(name.as_bytes()),
        attestations: Vec::new(),
    };
    let page = (!listing.is_empty()).then(|| {
        Arc::new(
            ProjectPage::parse(
                "application/vnd.pypi.simple.v1+json",
                listing.as_bytes(),
                &"https://packages.example.com/simple/demo/".parse().unwrap(),
            )
            .unwrap(),
        )
    });
    Situation {
        kind: IndexKind::Pypi,
        index: "corner".to_owned(),
        project: ProjectName::parse("demo").unwrap(),
        version: Version::parse("1.0").unwrap(),
        files: files.iter().map(file).collect(),
        page,
        lookalikes: Vec::new(),
        now: "2026-03-21T00:00:00Z".parse().unwrap(),
    }
}

/// A file of a listing, with the bytes that `of` stands for here.
fn listed(name: &str, of: &str, day: &str, size: u64) -> String {
    let sha256 = Sha256::of(of.as_bytes());
    format!(
        r#"{{"filename": "{name}", "url": "f/{name}", "hashes": {{"sha256": "{sha256}"}}, "size": {size}, "upload-time": "2026-03-{day}T00:00:00Z"}}"#
    )
}

fn page(status: &str, files: &[String]) -> String {
    format!(
        r#"{{"project-status": {{"status": "{status}"}}, "files": [{}]}}"#,
        files.join(", ")
    )
}

#[track_caller]
fn check(situation: &Situation, expected: &[&str]) {
    let found = findings(situation);
    let codes: Vec<&str> = found.iter().map(|finding| finding.rule.code).collect();
    assert_eq!(codes, expected, "{found:#?}");
}

const WHEEL: &str = "demo-1.0-py3-none-any.whl";
const SDIST: &str = "demo-1.0.tar.gz";

#[test]
fn a_new_project_and_a_release_in_its_window_pass() {
    check(&situation(&[WHEEL, SDIST], ""), &[]);
    let there = [listed(SDIST, SDIST, "20", 5)];
    check(&situation(&[WHEEL, SDIST], &page("active", &there)), &[]);
}

#[test]
fn a_closed_project_takes_nothing_but_a_finished_release_may_be_looked_at() {
    for (status, codes) in [
        ("archived", &["P1611"][..]),
        ("quarantined", &["P1611"]),
        ("deprecated", &["P1611"]),
        ("new", &[]),
    ] {
        check(&situation(&[WHEEL], &page(status, &[])), codes);
    }
    let there = [listed(WHEEL, WHEEL, "20", 5)];
    check(&situation(&[WHEEL], &page("archived", &there)), &[]);
}

#[test]
fn a_release_closes_after_fourteen_days_and_takes_one_sdist() {
    let old = [listed(SDIST, SDIST, "01", 5)];
    check(
        &situation(&[WHEEL, SDIST], &page("active", &old)),
        &["P1607"],
    );
    check(&situation(&[SDIST], &page("active", &old)), &[]);
    let other = [listed("demo-1.0.0.tar.gz", "other", "20", 5)];
    check(&situation(&[SDIST], &page("active", &other)), &["P1607"]);
    let mut elsewhere = situation(&[WHEEL], &page("active", &old));
    elsewhere.kind = IndexKind::Generic;
    check(&elsewhere, &[]);
}

#[test]
fn other_bytes_under_a_name_and_the_same_under_another_are_a_conflict() {
    let other = [listed(WHEEL, "other", "20", 5)];
    check(&situation(&[WHEEL], &page("active", &other)), &["P505"]);
    let twin = [listed("demo-0.9-py3-none-any.whl", WHEEL, "20", 5)];
    check(&situation(&[WHEEL], &page("active", &twin)), &["P505"]);
    let found = findings(&situation(&[WHEEL], &page("active", &other)));
    let failure = refusal(&situation(&[WHEEL], ""), &found);
    assert_eq!(failure.class, FailureClass::Conflict);
}

#[test]
fn the_quota_counts_what_is_there_and_what_is_to_come() {
    let almost = (10 << 30) - 5;
    let there = [listed("demo-0.1.tar.gz", "a", "20", almost)];
    check(&situation(&[WHEEL], &page("active", &there)), &["P1510"]);
    let raised = [listed("demo-0.1.tar.gz", "a", "20", 11 << 30)];
    check(&situation(&[WHEEL], &page("active", &raised)), &[]);
}

#[test]
fn lost_platforms_are_a_warning() {
    let before = [
        listed("demo-0.9-cp312-cp312-win_amd64.whl", "a", "02", 5),
        listed(
            "demo-0.9-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "b",
            "02",
            5,
        ),
        listed("demo-0.8-cp312-cp312-win32.whl", "c", "02", 5),
    ];
    let linux = "demo-1.0-cp313-cp313-manylinux_2_28_x86_64.whl";
    let found = findings(&situation(&[linux], &page("active", &before)));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].message.contains("win_amd64"),
        "{}",
        found[0].message
    );
    assert_eq!(found[0].severity, Severity::Warning);
    check(&situation(&[WHEEL], &page("active", &before)), &[]);
}

#[test]
fn a_look_alike_refuses_a_new_name() {
    let mut situation = situation(&[WHEEL], "");
    situation.lookalikes = vec!["dem0".to_owned()];
    check(&situation, &["P231"]);
}
