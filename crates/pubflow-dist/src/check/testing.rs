//! What the tests of checks share: build, open, check.

use pubflow_finding::{Finding, Findings};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use crate::comparison::Comparison;
use crate::distribution::Distribution;
use crate::limits::Limits;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

/// A wheel with one module and nothing wrong.
pub(super) fn wheel() -> WheelBuilder {
    WheelBuilder::new("demo", "1.0").file("demo/__init__.py", "x = 1\n")
}

/// An sdist with one module and nothing wrong.
pub(super) fn sdist() -> SdistBuilder {
    SdistBuilder::new("demo", "1.0").file("demo/__init__.py", "x = 1\n")
}

/// What `check` finds in the wheel.
pub(super) fn in_wheel(builder: &WheelBuilder, check: fn(&Wheel, &mut Findings)) -> Vec<Finding> {
    let dir = tempfile::tempdir().unwrap();
    let path = builder.build_in(dir.path());
    let Distribution::Wheel(wheel) = Distribution::open(&path, &Limits::default()).unwrap() else {
        panic!("{} is no wheel", path.display());
    };
    let mut findings = Findings::for_path("x.whl");
    check(&wheel, &mut findings);
    findings.into_sorted()
}

/// What `check` finds in the sdist.
pub(super) fn in_sdist(builder: &SdistBuilder, check: fn(&Sdist, &mut Findings)) -> Vec<Finding> {
    let dir = tempfile::tempdir().unwrap();
    let path = builder.build_in(dir.path());
    let Distribution::Sdist(sdist) = Distribution::open(&path, &Limits::default()).unwrap() else {
        panic!("{} is no sdist", path.display());
    };
    let mut findings = Findings::for_path("x.tar.gz");
    check(&sdist, &mut findings);
    findings.into_sorted()
}

/// What `check` finds in what changed from one wheel to another.
pub(super) fn in_comparison(
    old: &WheelBuilder,
    new: &WheelBuilder,
    check: fn(&Comparison, &mut Findings),
) -> Vec<Finding> {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let open = |path: &std::path::Path| Distribution::open(path, &Limits::default()).unwrap();
    let (old, new) = (old.build_in(a.path()), new.build_in(b.path()));
    let mut findings = Findings::for_path("x.whl");
    check(
        &Comparison::of(&open(&old), &open(&new)).unwrap(),
        &mut findings,
    );
    findings.into_sorted()
}

/// Each finding as `severity refusers: message`, the form that tests compare.
pub(super) fn lines(found: &[Finding]) -> Vec<String> {
    found
        .iter()
        .map(|finding| {
            let who: Vec<_> = finding.refused_by.iter().map(|r| r.as_str()).collect();
            let member = finding.place.member.as_ref();
            let member = member.map_or_else(String::new, |member| format!(" ({member})"));
            let who = if who.is_empty() {
                "-".to_owned()
            } else {
                who.join(",")
            };
            format!("{} {who}: {}{member}", finding.severity, finding.message)
        })
        .collect()
}

/// Compares findings with the expected lines.
#[track_caller]
pub(super) fn expect(found: &[Finding], expected: &[&str]) {
    assert_eq!(lines(found), expected);
}
