//! Unpacks an sdist, for building from it.
//!
//! The archive is scanned first and refused for every problem that is an error; then it is read
//! again and each member is judged once more, so that a file swapped in between gains nothing.
//! Links are made last: while files are written there is no link that one could be written
//! through.
//!
//! Spec: PEP 721, "data" filter.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use pubflow_finding::Severity;
use thiserror::Error;

use crate::archive::ArchiveForm;
use crate::distribution::{Distribution, OpenError};
use crate::entry::{EntryPath, PathFault};
use crate::limits::Limits;
use crate::link::{Target, hard_link_target, symlink_target};
use crate::problem::Problem;
use crate::tar::{Member, MemberKind, TarReader};

/// An sdist that was not unpacked.
#[derive(Debug, Error)]
pub enum UnpackError {
    /// The archive cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Not a file that can be built from.
    #[error("`{}` is not a `.tar.gz` sdist", path.display())]
    NotTarGz {
        /// The file.
        path: PathBuf,
    },
    /// Something is wrong with the archive.
    #[error("`{}` is not safe to unpack: {}{}", path.display(), problem.kind, of_member(problem))]
    Unsafe {
        /// The file.
        path: PathBuf,
        /// The first thing that is wrong.
        problem: Problem,
    },
    /// There is no single directory at the top.
    #[error("`{}` does not have one directory at its top", path.display())]
    NoRoot {
        /// The file.
        path: PathBuf,
    },
    /// The directory to unpack into holds something.
    #[error("the directory `{}` is not empty", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The archive changed between the two readings.
    #[error("`{}` changed while it was being unpacked", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to write.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

fn of_member(problem: &Problem) -> String {
    let member = problem.member.as_ref();
    member.map_or_else(String::new, |member| format!(" (`{member}`)"))
}

/// Unpacks the sdist `archive` into the empty or absent directory `into` and gives the directory
/// at the top of the sdist.
///
/// # Errors
/// [`UnpackError`]; what was written before is left for the caller to remove with `into`.
pub fn unpack_sdist(archive: &Path, into: &Path, limits: &Limits) -> Result<PathBuf, UnpackError> {
    let path = || archive.to_owned();
    let opened = Distribution::open(archive, limits)?;
    let Distribution::Sdist(sdist) = &opened else {
        return Err(UnpackError::NotTarGz { path: path() });
    };
    if sdist.archive().form() != ArchiveForm::TarGz {
        return Err(UnpackError::NotTarGz { path: path() });
    }
    let refused = sdist
        .archive()
        .problems()
        .iter()
        .find(|problem| problem.kind.severity() == Severity::Error);
    if let Some(problem) = refused {
        return Err(UnpackError::Unsafe {
            path: path(),
            problem: problem.clone(),
        });
    }
    let root = sdist
        .root()
        .ok_or_else(|| UnpackError::NoRoot { path: path() })?;
    require_empty(into)?;
    let unpacking = Unpacking {
        archive,
        into,
        links: Vec::new(),
    };
    unpacking.run(limits)?;
    Ok(into.join(root))
}

fn require_empty(into: &Path) -> Result<(), UnpackError> {
    let write = |source| UnpackError::Write {
        path: into.to_owned(),
        source,
    };
    fs::create_dir_all(into).map_err(write)?;
    match fs::read_dir(into).map_err(write)?.next() {
        None => Ok(()),
        Some(_) => Err(UnpackError::NotEmpty {
            path: into.to_owned(),
        }),
    }
}

struct Unpacking<'a> {
    archive: &'a Path,
    into: &'a Path,
    /// Links to make at the end.
    links: Vec<Member>,
}

impl Unpacking<'_> {
    fn run(mut self, limits: &Limits) -> Result<(), UnpackError> {
        let read = |source| {
            UnpackError::Open(OpenError {
                path: self.archive.to_owned(),
                source,
            })
        };
        let file = File::open(self.archive).map_err(read)?;
        let mut reader = TarReader::new(BufReader::new(file), limits).map_err(read)?;
        let mut total = 0u64;
        while let Some(member) = reader.next_member().map_err(read)? {
            total = total.saturating_add(member.size);
            if total > limits.total_bytes {
                return Err(self.changed());
            }
            match member.kind {
                MemberKind::File => self.file(&mut reader, &member)?,
                MemberKind::Directory => {
                    let path = self.path_of(&member)?;
                    fs::create_dir_all(&path)
                        .map_err(|source| UnpackError::Write { path, source })?;
                }
                MemberKind::Symlink | MemberKind::HardLink => self.links.push(member),
                _ => return Err(self.changed()),
            }
        }
        if !reader.problems.is_empty() && reader.is_cut() {
            return Err(self.changed());
        }
        // Hard links first: a symbolic link could stand where one of them leads through.
        let (hard, symbolic): (Vec<_>, Vec<_>) = std::mem::take(&mut self.links)
            .into_iter()
            .partition(|member| member.kind == MemberKind::HardLink);
        for member in hard.iter().chain(&symbolic) {
            self.link(member)?;
        }
        Ok(())
    }

    fn changed(&self) -> UnpackError {
        UnpackError::Changed {
            path: self.archive.to_owned(),
        }
    }

    /// Where the member goes; its directory is made.
    fn path_of(&self, member: &Member) -> Result<PathBuf, UnpackError> {
        let name = std::str::from_utf8(&member.raw_name).map_err(|_| self.changed())?;
        let relative = EntryPath::new(name);
        let harmless = |fault: &PathFault| {
            matches!(
                fault,
                PathFault::EmptyComponent | PathFault::CurrentComponent
            )
        };
        if !relative.faults().iter().all(harmless) {
            return Err(self.changed());
        }
        let mut path = self.into.to_owned();
        path.extend(
            relative
                .components()
                .filter(|part| !matches!(*part, "" | ".")),
        );
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|source| UnpackError::Write {
                path: parent.to_owned(),
                source,
            })?;
        }
        Ok(path)
    }

    fn file(
        &self,
        reader: &mut TarReader<BufReader<File>>,
        member: &Member,
    ) -> Result<(), UnpackError> {
        let path = self.path_of(member)?;
        let write = |source| UnpackError::Write {
            path: path.clone(),
            source,
        };
        // The same file twice is allowed, and the last one counts, so an old one goes first.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(write(error)),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = options.open(&path).map_err(write)?;
        let mut buffer = [0; 16 << 10];
        let mut left = member.size;
        loop {
            let got = reader.read_content(&mut buffer).map_err(write)?;
            if got == 0 {
                break;
            }
            file.write_all(&buffer[..got]).map_err(write)?;
            left -= got as u64;
        }
        if left > 0 {
            return Err(self.changed());
        }
        set_mode(&file, member.mode).map_err(write)?;
        // Later than 2106 is a mistake, and some file systems refuse it.
        let seconds = member.mtime.min(u64::from(u32::MAX));
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .map_err(write)
    }

    fn link(&self, member: &Member) -> Result<(), UnpackError> {
        let path = self.path_of(member)?;
        let name = std::str::from_utf8(&member.raw_name).map_err(|_| self.changed())?;
        let text = std::str::from_utf8(&member.raw_link).map_err(|_| self.changed())?;
        let is_hard = member.kind == MemberKind::HardLink;
        let target = if is_hard {
            hard_link_target(text)
        } else {
            symlink_target(EntryPath::new(name).as_str(), text)
        };
        let Target::Inside(inside) = target else {
            return Err(self.changed());
        };
        let made = if is_hard {
            fs::hard_link(self.into.join(inside), &path)
        } else {
            make_symlink(text, &self.into.join(inside), &path)
        };
        made.map_err(|source| UnpackError::Write { path, source })
    }
}

/// Modes as PEP 721 cleans them: the owner may read and write, others may not write, and who may
/// execute is decided by the owner's bit.
fn cleaned_mode(mode: u32) -> u32 {
    let mode = (mode & 0o755) | 0o600;
    if mode & 0o100 == 0 {
        mode & !0o111
    } else {
        mode
    }
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(cleaned_mode(mode)))
}

#[cfg(not(unix))]
fn set_mode(_file: &File, mode: u32) -> io::Result<()> {
    // Only the owner's write bit means anything here, and that is always set.
    let _ = cleaned_mode(mode);
    Ok(())
}

#[cfg(unix)]
fn make_symlink(text: &str, _target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(text, path)
}

/// Symbolic links need a privilege on Windows; a second name of the file serves as well.
#[cfg(not(unix))]
fn make_symlink(_text: &str, target: &Path, path: &Path) -> io::Result<()> {
    fs::hard_link(target, path)
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{SdistBuilder, TarMember};

    use super::*;

    fn unpack(builder: &SdistBuilder) -> (tempfile::TempDir, Result<PathBuf, UnpackError>) {
        let dir = tempfile::tempdir().unwrap();
        let archive = builder.build_in(dir.path());
        let result = unpack_sdist(&archive, &dir.path().join("out"), &Limits::default());
        (dir, result)
    }

    #[test]
    fn files_and_links_come_out_under_the_top_directory() {
        let mut script = TarMember::file("demo-1.0/bin/run", b"#!/bin/sh\n");
        script.mode = 0o6777;
        let (_dir, root) = unpack(
            &SdistBuilder::new("demo", "1.0")
                .file("demo/__init__.py", "x = 1\n")
                .member(script)
                .symlink("demo/link.py", "__init__.py")
                .member(TarMember::special(
                    b'1',
                    "demo-1.0/hard.py",
                    "demo-1.0/demo/__init__.py",
                )),
        );
        let root = root.unwrap();
        assert!(root.ends_with("out/demo-1.0"));
        assert_eq!(fs::read(root.join("demo/link.py")).unwrap(), b"x = 1\n");
        assert_eq!(fs::read(root.join("hard.py")).unwrap(), b"x = 1\n");
        assert!(root.join("PKG-INFO").is_file());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path| fs::metadata(root.join(path)).unwrap().permissions().mode();
            assert_eq!(mode("bin/run") & 0o7777, 0o755);
            assert_eq!(mode("PKG-INFO") & 0o7777, 0o644);
        }
    }

    #[track_caller]
    fn check_refused(builder: &SdistBuilder, words: &str) {
        let (dir, result) = unpack(builder);
        let error = result.unwrap_err();
        assert!(matches!(error, UnpackError::Unsafe { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!dir.path().join("out").exists(), "something was written");
    }

    #[test]
    fn what_could_leave_the_tree_is_refused_before_anything_is_written() {
        let builder = || SdistBuilder::new("demo", "1.0");
        let member = |name: &str| TarMember::file(name, b"x");
        check_refused(&builder().member(member("demo-1.0/../../x")), "`..`");
        check_refused(&builder().symlink("l", "../../x"), "out of the archive");
        check_refused(&builder().symlink("l", "/etc/passwd"), "absolute path");
        let pipe = TarMember::special(b'6', "demo-1.0/pipe", "");
        check_refused(&builder().member(pipe), "named pipe");
        let through = builder().symlink("l", "demo").file("l/x", "x");
        check_refused(&through, "which is a link");
        check_refused(&builder().cut(200), "cut off");
        let twice_sized = builder()
            .member(TarMember::pax(&[("size", "600")]))
            .member(TarMember {
                size: Some(512),
                ..TarMember::file("demo-1.0/a", &[b'x'; 600])
            });
        check_refused(&twice_sized, "disagree about the member's size");
    }

    #[test]
    fn an_occupied_directory_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let archive = SdistBuilder::new("demo", "1.0").build_in(dir.path());
        let error = unpack_sdist(&archive, dir.path(), &Limits::default()).unwrap_err();
        assert!(matches!(error, UnpackError::NotEmpty { .. }), "{error}");
    }

    #[test]
    fn modes_are_cleaned() {
        assert_eq!(cleaned_mode(0o6777), 0o755);
        assert_eq!(cleaned_mode(0o077), 0o644);
        assert_eq!(cleaned_mode(0), 0o600);
    }
}
