//! A place to verify wheels in, and what is expected of them.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use pubflow_finding::{Finding, Severity};
use pubflow_process::Inherited;
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_python::interpreter::{Choice, Interpreter, find};
use pubflow_python::verify::{
    Outcome, SmokeTest, VerifyError, VerifyLimits, VerifyRequest, VerifySubject, verify,
};
use pubflow_testkit::WheelBuilder;

/// The interpreters of this machine; the tests need one at least.
pub(crate) fn interpreters() -> &'static [Interpreter] {
    static FOUND: OnceLock<Vec<Interpreter>> = OnceLock::new();
    FOUND.get_or_init(|| find(&inherited()).unwrap())
}

/// A place to verify in, and how.
pub(crate) struct Bench {
    pub(crate) scratch: tempfile::TempDir,
    pub(crate) inherited: Inherited,
    pub(crate) network: Network,
    pub(crate) choice: Choice,
    pub(crate) smoke: SmokeTest,
    pub(crate) previous: Vec<PathBuf>,
    pub(crate) limits: VerifyLimits,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            scratch: tempfile::tempdir().unwrap(),
            inherited: inherited(),
            network: Network::Offline,
            choice: Choice::Newest,
            smoke: SmokeTest::default(),
            previous: Vec::new(),
            limits: VerifyLimits {
                import: Duration::from_secs(20),
                ..VerifyLimits::default()
            },
        }
    }

    /// A bench on which distributions are had from the directory of an index with these wheels.
    pub(crate) fn with_index(wheels: &[WheelBuilder]) -> Self {
        let mut bench = Self::new();
        let root = bench.scratch.path().join("index");
        for wheel in wheels {
            assert!(add_to_index(&root, wheel).is_file());
        }
        let address = format!("file://{}", root.display());
        bench.network = Network::Online;
        bench.inherited = bench
            .inherited
            .with("PIP_INDEX_URL", &address)
            .with("UV_DEFAULT_INDEX", &address)
            .with("PIP_NO_CACHE_DIR", "1");
        bench
    }

    pub(crate) fn run(&self, wheel: &WheelBuilder) -> Result<Vec<VerifySubject>, VerifyError> {
        let file = wheel.build_in(self.scratch.path());
        self.run_on(&[file])
    }

    pub(crate) fn run_on(&self, files: &[PathBuf]) -> Result<Vec<VerifySubject>, VerifyError> {
        verify(&VerifyRequest {
            files,
            interpreters: interpreters(),
            choice: self.choice,
            installer: InstallerChoice::Auto,
            network: self.network,
            inherited: &self.inherited,
            scratch: self.scratch.path(),
            smoke: &self.smoke,
            previous: &self.previous,
            limits: self.limits,
            jobs: NonZeroUsize::new(2).unwrap(),
            cancel: None,
        })
    }

    pub(crate) fn one(&self, wheel: &WheelBuilder) -> VerifySubject {
        let mut subjects = self.run(wheel).unwrap();
        assert_eq!(subjects.len(), 1);
        subjects.remove(0)
    }
}

/// Puts a wheel into an index that lies in a directory, as installers read it.
pub(crate) fn add_to_index(root: &Path, wheel: &WheelBuilder) -> PathBuf {
    let filename = wheel.filename_text();
    let project = filename.split('-').next().unwrap().replace('_', "-");
    let directory = root.join(project);
    std::fs::create_dir_all(&directory).unwrap();
    let file = wheel.build_in(&directory);
    let page =
        format!("<!DOCTYPE html><html><body><a href=\"{filename}\">{filename}</a></body></html>");
    std::fs::write(directory.join("index.html"), page).unwrap();
    file
}

/// A wheel of the project `demo` with the package `demo`.
pub(crate) fn demo(init: &str) -> WheelBuilder {
    WheelBuilder::new("demo", "1.0").file("demo/__init__.py", init)
}

pub(crate) fn shown(findings: &[Finding]) -> Vec<(&'static str, Severity)> {
    findings
        .iter()
        .map(|finding| (finding.rule.code, finding.severity))
        .collect()
}

/// The findings of `wheel` are exactly these.
#[track_caller]
pub(crate) fn check(wheel: &WheelBuilder, expected: &[(&str, Severity)]) -> VerifySubject {
    check_on(&Bench::new(), wheel, expected)
}

#[track_caller]
pub(crate) fn check_on(
    bench: &Bench,
    wheel: &WheelBuilder,
    expected: &[(&str, Severity)],
) -> VerifySubject {
    let subject = bench.one(wheel);
    assert_eq!(
        shown(&subject.findings),
        expected,
        "{:#?}",
        subject.findings
    );
    subject
}

#[track_caller]
pub(crate) fn outcome(subject: &VerifySubject, name: &str) -> Outcome {
    let check = subject.checks.iter().find(|check| check.name == name);
    check
        .unwrap_or_else(|| panic!("no check `{name}` in {:#?}", subject.checks))
        .outcome
}

/// What this process was started with, and a cache that all tests share.
pub(crate) fn inherited() -> Inherited {
    Inherited::capture().with(
        "PUBFLOW_CACHE_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"),
    )
}
