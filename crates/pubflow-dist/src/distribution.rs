//! A distribution file: opened by its name, read once, presented whole.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pubflow_finding::Findings;
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{DistributionFilename, DistributionKind};
use thiserror::Error;

use crate::archive::{Archive, ArchiveForm};
use crate::check::{CHECKS_SDIST, CHECKS_UNKNOWN, CHECKS_WHEEL};
use crate::entry::Entry;
use crate::limits::Limits;
use crate::problem::{Problem, ProblemKind};
use crate::read_at::{OpenFile, ReadAt};
use crate::sdist::Sdist;
use crate::wheel::Wheel;
use crate::window::Window;
use crate::{tar, zip};

/// A file that cannot be read at all. Bad content is no such error.
#[derive(Debug, Error)]
#[error("cannot read `{}`", path.display())]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// One distribution, or a file that its name tells to be none.
#[derive(Debug, Clone)]
pub enum Distribution {
    /// A name ending in `.whl`.
    Wheel(Box<Wheel>),
    /// A name ending in `.tar.gz` or `.zip`.
    Sdist(Box<Sdist>),
    /// Any other name: no index takes the file, whatever is in it.
    Unknown(UnknownFile),
}

/// A file whose name tells no kind of distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFile {
    pub(crate) path: PathBuf,
    pub(crate) filename: String,
}

impl UnknownFile {
    /// The last component of the path, as text.
    #[must_use]
    pub fn filename(&self) -> &str {
        &self.filename
    }
}

impl Distribution {
    /// Opens and reads the file at `path`; what it is taken for is decided by its name alone, as
    /// the index does.
    ///
    /// # Errors
    /// [`OpenError`] when the system cannot read the file.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, OpenError> {
        Self::open_on(path, limits, NonZeroUsize::MIN)
    }

    /// Like [`Distribution::open`], with the members of a wheel spread over at most `threads`
    /// threads. What is found does not depend on their number.
    ///
    /// # Errors
    /// [`OpenError`] when the system cannot read the file.
    pub fn open_on(path: &Path, limits: &Limits, threads: NonZeroUsize) -> Result<Self, OpenError> {
        File::open(path)
            .and_then(OpenFile::new)
            .and_then(|file| Self::read(path, &file, limits, threads))
            .map_err(|source| OpenError {
                path: path.to_owned(),
                source,
            })
    }

    /// Reads `bytes` as the content of a file called `filename`.
    #[must_use]
    pub fn from_bytes(filename: &str, bytes: &[u8], limits: &Limits) -> Self {
        Self::read(Path::new(filename), &bytes, limits, NonZeroUsize::MIN)
            .expect("reading from memory does not fail")
    }

    fn read<S: ReadAt>(
        path: &Path,
        source: &S,
        limits: &Limits,
        threads: NonZeroUsize,
    ) -> io::Result<Self> {
        let filename = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut archive = Archive {
            path: path.to_owned(),
            filename,
            size: source.size(),
            form: ArchiveForm::Zip,
            entries: Vec::new(),
            by_path: HashMap::new(),
            problems: Vec::new(),
            readable: false,
            contents: HashMap::new(),
        };
        let zip = |archive: &mut Archive, keep: &dyn Fn(&str) -> bool| {
            read_zip(source, archive, limits, threads, keep)
        };
        // The index takes no other spelling of these endings.
        if archive.filename.ends_with(".whl") {
            let kept = zip(&mut archive, &Wheel::wants)?;
            Ok(Self::Wheel(Box::new(Wheel::new(archive, kept))))
        } else if archive.filename.ends_with(".zip") {
            let kept = zip(&mut archive, &Sdist::wants)?;
            Ok(Self::Sdist(Box::new(Sdist::new(archive, kept))))
        } else if archive.filename.ends_with(".tar.gz") {
            archive.form = ArchiveForm::TarGz;
            let kept = read_tar(source, &mut archive, limits)?;
            Ok(Self::Sdist(Box::new(Sdist::new(archive, kept))))
        } else {
            Ok(Self::Unknown(UnknownFile {
                path: archive.path,
                filename: archive.filename,
            }))
        }
    }

    /// The wheel or sdist as an archive; none for a file of neither name.
    #[must_use]
    pub fn archive(&self) -> Option<&Archive> {
        match self {
            Self::Wheel(wheel) => Some(wheel.archive()),
            Self::Sdist(sdist) => Some(sdist.archive()),
            Self::Unknown(_) => None,
        }
    }

    /// Path of the file, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Wheel(wheel) => wheel.archive().path(),
            Self::Sdist(sdist) => sdist.archive().path(),
            Self::Unknown(file) => &file.path,
        }
    }

    /// What kind of distribution the name tells.
    #[must_use]
    pub fn kind(&self) -> Option<DistributionKind> {
        match self {
            Self::Wheel(_) => Some(DistributionKind::Wheel),
            Self::Sdist(_) => Some(DistributionKind::Sdist),
            Self::Unknown(_) => None,
        }
    }

    /// The file name, if it is one of a distribution.
    #[must_use]
    pub fn filename(&self) -> Option<DistributionFilename> {
        match self {
            Self::Wheel(wheel) => {
                let name = wheel.filename().ok()?;
                Some(DistributionFilename::Wheel(name.clone()))
            }
            Self::Sdist(sdist) => {
                let name = sdist.filename().ok()?;
                Some(DistributionFilename::Sdist(name.clone()))
            }
            Self::Unknown(_) => None,
        }
    }

    /// The core metadata, if there is a file of them in its place.
    #[must_use]
    pub fn metadata(&self) -> Option<&CoreMetadata> {
        match self {
            Self::Wheel(wheel) => wheel.metadata(),
            Self::Sdist(sdist) => sdist.metadata(),
            Self::Unknown(_) => None,
        }
    }

    /// The bytes that [`Distribution::metadata`] was read from.
    #[must_use]
    pub fn metadata_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Wheel(wheel) => wheel.metadata_bytes(),
            Self::Sdist(sdist) => sdist.metadata_bytes(),
            Self::Unknown(_) => None,
        }
    }

    /// The member that the core metadata were read from, for places of findings.
    #[must_use]
    pub fn metadata_member(&self) -> Option<String> {
        match self {
            Self::Wheel(wheel) => wheel.metadata_member(),
            Self::Sdist(sdist) => sdist.metadata_member(),
            Self::Unknown(_) => None,
        }
    }

    /// The members.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.archive().map_or(&[], Archive::entries)
    }

    /// What is wrong with the archive.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.archive().map_or(&[], Archive::problems)
    }

    /// Runs every check of this crate on it.
    pub fn check(&self, findings: &mut Findings) {
        match self {
            Self::Wheel(wheel) => {
                for check in CHECKS_WHEEL {
                    (check.run)(wheel, findings);
                }
            }
            Self::Sdist(sdist) => {
                for check in CHECKS_SDIST {
                    (check.run)(sdist, findings);
                }
            }
            Self::Unknown(file) => {
                for check in CHECKS_UNKNOWN {
                    (check.run)(file, findings);
                }
            }
        }
    }
}

fn read_zip<S: ReadAt>(
    source: &S,
    archive: &mut Archive,
    limits: &Limits,
    threads: NonZeroUsize,
    keep: &dyn Fn(&str) -> bool,
) -> io::Result<zip::Kept> {
    let scan = zip::scan(source, limits, threads, keep)?;
    archive.set_entries(scan.entries);
    archive.problems = scan.problems;
    archive.readable = scan.readable;
    archive.contents = scan.contents;
    add_odd_modes(archive);
    Ok(scan.kept)
}

fn read_tar<S: ReadAt>(
    source: &S,
    archive: &mut Archive,
    limits: &Limits,
) -> io::Result<zip::Kept> {
    let reader = Window::new(source);
    let scan = tar::scan(reader, archive.size, limits, &Sdist::wants)?;
    archive.set_entries(scan.entries);
    archive.problems = scan.problems;
    archive.readable = scan.readable;
    archive.contents = scan.contents;
    if scan.readable && zip::is_zip(source, limits)? {
        archive.problems.push(Problem {
            kind: ProblemKind::Polyglot,
            member: None,
        });
    }
    add_odd_modes(archive);
    Ok(scan.kept)
}

/// setuid and setgid, files that everybody may write, files that their owner cannot read, and
/// modes that nobody sets on purpose.
fn add_odd_modes(archive: &mut Archive) {
    // Windows knows no such bits; its tools write them as they come, and nobody there reads them.
    let stem = archive.filename.strip_suffix(".whl").unwrap_or_default();
    let is_windows = ["-win32", "-win_amd64", "-win_arm64"]
        .iter()
        .any(|platform| stem.ends_with(platform));
    let files = archive.entries.iter().filter(|entry| entry.is_file());
    for entry in files.filter(|entry| entry.has_mode) {
        let mode = entry.mode;
        let is_open = mode & 0o002 != 0 && !is_windows;
        let kind = if mode & 0o6000 != 0 || is_open || mode & 0o400 == 0 {
            ProblemKind::OddMode { mode }
        } else if is_usual(mode) {
            continue;
        } else {
            ProblemKind::UnusualMode { mode }
        };
        archive.problems.push(Problem {
            kind,
            member: Some(entry.path.as_str().to_owned()),
        });
    }
}

/// Whether a umask can have left the mode of a file: each class may do what the one before it may,
/// perhaps without writing, or nothing at all.
fn is_usual(mode: u32) -> bool {
    let [owner, group, others] = [mode >> 6 & 7, mode >> 3 & 7, mode & 7];
    let follows = |class: u32, before: u32| [before, before & !2, 0].contains(&class);
    mode & 0o7000 == 0 && owner & 4 != 0 && follows(group, owner) && follows(others, group)
}

#[cfg(test)]
mod tests {
    use pubflow_finding::Finding;
    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use super::*;

    fn check(path: &Path) -> (Distribution, Vec<Finding>) {
        let distribution = Distribution::open(path, &Limits::default()).unwrap();
        let mut findings = Findings::for_path("x");
        distribution.check(&mut findings);
        (distribution, findings.into_sorted())
    }

    #[test]
    fn good_distributions_have_no_findings() {
        let dir = tempfile::tempdir().unwrap();
        let licence = "License-Expression: MIT";
        let wheel = WheelBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "")
            .metadata_line(licence)
            .build_in(dir.path());
        let sdist = SdistBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "")
            .metadata_line(licence)
            .build_in(dir.path());
        let (wheel, findings) = check(&wheel);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(wheel.kind(), Some(DistributionKind::Wheel));
        assert_eq!(
            wheel.metadata_member().as_deref(),
            Some("demo-1.0.dist-info/METADATA")
        );
        let (sdist, findings) = check(&sdist);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(sdist.kind(), Some(DistributionKind::Sdist));
        assert_eq!(
            sdist
                .filename()
                .map(|name| name.as_str().to_owned())
                .as_deref(),
            Some("demo-1.0.tar.gz")
        );
    }

    #[test]
    fn what_a_file_is_goes_by_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let codes = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let (distribution, findings) = check(&path);
            let codes: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
            (distribution.kind(), codes)
        };
        let tar = SdistBuilder::new("demo", "1.0").to_bytes();
        let wheel = (Some(DistributionKind::Wheel), vec!["P1410"]);
        assert_eq!(codes("demo-1.0-py3-none-any.whl", &tar), wheel);
        assert_eq!(codes("demo-2.0-py3-none-any.whl", b""), wheel);
        let sdist = (Some(DistributionKind::Sdist), vec!["P802"]);
        assert_eq!(codes("demo-1.0.tar.gz", b"text"), sdist);
        assert_eq!(codes("demo-1.0.tar.bz2", &tar), (None, vec!["P801"]));
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error() {
        let error = Distribution::open(Path::new("gone.whl"), &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `gone.whl`");
    }
}
