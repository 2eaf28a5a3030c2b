//! Files and directories that are still there, and whole, after the power failed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::StateError;

/// Creates a directory and those above it, for this user alone; one that exists is left as it is.
pub(crate) fn create_private_dir(path: &Path) -> Result<(), StateError> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_private_dir(parent)?;
    }
    match make_dir(path) {
        Ok(()) => sync_dir(parent.unwrap_or(Path::new("."))),
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(StateError::write(path, error)),
    }
}

#[cfg(unix)]
fn make_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// Makes the names in a directory durable.
#[cfg(unix)]
pub(crate) fn sync_dir(path: &Path) -> Result<(), StateError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(|error| StateError::write(path, error))
}

/// Directories cannot be synced here; the file system orders names by itself.
#[cfg(not(unix))]
pub(crate) fn sync_dir(_path: &Path) -> Result<(), StateError> {
    Ok(())
}

/// Writes a whole file under its name, or nothing.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = temporary_in(dir)?;
    file.write_all(bytes)
        .map_err(|error| StateError::write(path, error))?;
    persist(file, path)
}

/// Writes a whole file under its name, or nothing; it can be appended to afterwards.
pub(crate) fn write_appendable(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let wrong = |error| StateError::write(path, error);
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = temporary_in(dir)?;
    file.write_all(bytes).map_err(wrong)?;
    file.as_file().sync_all().map_err(wrong)?;
    file.persist(path).map_err(|error| wrong(error.error))?;
    sync_dir(dir)
}

/// A temporary file that only this user can read, in the directory where it will stay.
pub(crate) fn temporary_in(dir: &Path) -> Result<NamedTempFile, StateError> {
    tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(dir)
        .map_err(|error| StateError::write(dir, error))
}

/// Makes a temporary file durable, read-only, and gives it its name.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> Result<(), StateError> {
    let wrong = |error| StateError::write(path, error);
    set_read_only(file.as_file()).map_err(wrong)?;
    file.as_file().sync_all().map_err(wrong)?;
    if let Err(error) = file.persist(path) {
        // Where a read-only file cannot be replaced, the one that is there is what we wanted.
        if !(cfg!(windows) && path.is_file()) {
            return Err(wrong(error.error));
        }
    }
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

fn set_read_only(file: &File) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    file.set_permissions(permissions)
}
