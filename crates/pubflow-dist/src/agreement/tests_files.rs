//! The files of sdist and wheel, and the wheels of one release, side by side.

use pubflow_finding::{Finding, Findings};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use super::*;
use crate::{Distribution, Limits};

fn open(filename: &str, bytes: &[u8]) -> Distribution {
    Distribution::from_bytes(filename, bytes, &Limits::default())
}

#[track_caller]
fn check_files(sdist: &SdistBuilder, wheel: &WheelBuilder, expected: &[&str]) {
    let sdist = open("demo-1.0.tar.gz", &sdist.to_bytes());
    let wheel = open("demo-1.0-py3-none-any.whl", &wheel.to_bytes());
    let (Distribution::Sdist(sdist), Distribution::Wheel(wheel)) = (sdist, wheel) else {
        panic!("the names tell what they are");
    };
    let mut findings = Findings::for_path("x");
    contents::check(&sdist, &wheel, &mut findings);
    assert_eq!(said(findings), expected);
}

fn said(findings: Findings) -> Vec<String> {
    let findings = findings.into_sorted().into_iter();
    let line = |f: Finding| format!("{} {}: {}", f.rule.code, f.severity, f.message);
    findings.map(line).collect()
}

fn wheel() -> WheelBuilder {
    WheelBuilder::new("demo", "1.0").file("demo/__init__.py", "x = 1\n")
}

#[test]
fn the_same_sources_in_any_layout_are_quiet() {
    let sdist = SdistBuilder::new("demo", "1.0");
    for directory in ["", "src/", "python/lib/"] {
        let sdist = sdist
            .clone()
            .file(&format!("{directory}demo/__init__.py"), "x = 1\n")
            .file(&format!("{directory}demo/tests/test_x.py"), "")
            .file("scripts/tool.py", "print()\n")
            .file("setup.py", "");
        let wheel = wheel()
            .file("demo/_version.py", "v = 1\n")
            .file("demo/tool.py", "print()\n");
        check_files(&sdist, &wheel, &[]);
    }
}

#[test]
fn sources_of_one_side_are_told() {
    let sdist = SdistBuilder::new("demo", "1.0")
        .file("src/demo/__init__.py", "x = 2\n")
        .file("src/demo/left.py", "")
        .file("src/demo/py.typed", "");
    check_files(
        &sdist,
        &wheel().file("demo/old.py", "old\n"),
        &[
            "P1603 note: `src/demo/left.py` is in the sdist, but not in the wheel",
            "P1603 warning: `src/demo/py.typed` is in the sdist, but not in the wheel",
            "P1603 warning: `demo/__init__.py` has other content in the sdist",
            "P1603 warning: `demo/old.py` is in the wheel, but not in the sdist",
        ],
    );
}

#[test]
fn wheels_of_one_release_are_compared() {
    let wheels = |second: &WheelBuilder| {
        let name = "demo-1.0-py3-none-any.whl";
        let (first, second) = (
            open(name, &wheel().to_bytes()),
            open(name, &second.to_bytes()),
        );
        let (Distribution::Wheel(first), Distribution::Wheel(second)) = (first, second) else {
            panic!("the names tell what they are");
        };
        let mut findings = Findings::for_path("x");
        check_wheels(&first, &second, &mut findings);
        said(findings)
    };
    assert!(wheels(&wheel()).is_empty());
    assert_eq!(
        wheels(&wheel().requires("six")),
        ["P1602 warning: Requires-Dist is `six` here and absent in `demo-1.0-py3-none-any.whl`"]
    );
}
