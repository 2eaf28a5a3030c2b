//! Puts finished files into the output directory, all or none as far as a file system can.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Files that begin like this are on their way to their names.
const HIDDEN: &str = ".pubflow-";

/// Makes the directory and proves that files can be written there, before hours of work rely on it.
pub(super) fn require_writable(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    NamedTempFile::with_prefix_in(HIDDEN, directory)?.close()
}

/// Copies files into `directory` under their own names: first all as hidden temporary files, synced,
/// then each renamed into place. Returns the new paths in order; replaces files of the same name.
pub(super) fn place<const N: usize>(
    directory: &Path,
    files: [&Path; N],
) -> io::Result<[PathBuf; N]> {
    fs::create_dir_all(directory)?;
    let copies: io::Result<Vec<NamedTempFile>> = files
        .iter()
        .map(|file| copy_aside(directory, file))
        .collect();
    let paths = files.map(|file| directory.join(file.file_name().unwrap_or_default()));
    for (copy, path) in copies?.into_iter().zip(&paths) {
        copy.persist(path).map_err(|error| error.error)?;
    }
    // The names are what must not be lost; not every system can sync a directory.
    if let Ok(opened) = File::open(directory) {
        let _ = opened.sync_all();
    }
    Ok(paths)
}

fn copy_aside(directory: &Path, file: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(HIDDEN);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut copy = builder.tempfile_in(directory)?;
    io::copy(&mut File::open(file)?, &mut copy)?;
    copy.as_file().sync_all()?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_replace_their_namesakes_and_nothing_else() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("deep/out");
        fs::create_dir_all(&out).unwrap();
        for (name, text) in [("a-1.0.tar.gz", "old"), ("a-0.9.tar.gz", "kept")] {
            fs::write(out.join(name), text).unwrap();
        }
        let file = scratch.path().join("a-1.0.tar.gz");
        fs::write(&file, "new").unwrap();
        assert_eq!(place(&out, [&file]).unwrap(), [out.join("a-1.0.tar.gz")]);
        assert_eq!(fs::read_to_string(out.join("a-1.0.tar.gz")).unwrap(), "new");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_left_when_one_file_cannot_be_copied() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("out");
        let file = scratch.path().join("there");
        fs::write(&file, "x").unwrap();
        assert!(place(&out, [&file, &scratch.path().join("missing")]).is_err());
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    }
}
