//! The file for tokens where the system has no keyring: mode 0600 in a directory of mode 0700,
//! replaced as a whole, and not read when others could have read it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::VaultError;
use super::stored::Tokens;

pub(super) fn read(path: &Path) -> Result<Tokens, VaultError> {
    let unreadable = |source| VaultError::File {
        path: path.to_owned(),
        done: "read",
        source,
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Tokens::default()),
        Err(error) => return Err(unreadable(error)),
    };
    let mode = mode_for_others(path).map_err(unreadable)?;
    if mode & 0o077 != 0 {
        return Err(VaultError::TooOpen {
            path: path.to_owned(),
            mode,
        });
    }
    Tokens::parse(&bytes).ok_or_else(|| VaultError::Damaged {
        path: path.to_owned(),
    })
}

/// Reads, changes and replaces the file; two processes do so one after the other.
pub(super) fn change(path: &Path, change: impl FnOnce(&mut Tokens)) -> Result<(), VaultError> {
    let unwritable = |source| VaultError::File {
        path: path.to_owned(),
        done: "written",
        source,
    };
    let directory = path.parent().unwrap_or(Path::new("."));
    make_private_directory(directory).map_err(unwritable)?;
    let lock = File::create(directory.join("tokens.lock")).map_err(unwritable)?;
    lock.lock().map_err(unwritable)?;
    let mut tokens = read(path)?;
    change(&mut tokens);
    let text = tokens.render();
    let replace = || -> io::Result<()> {
        // Temporary files are made with mode 0600 whatever the umask.
        let mut new = tempfile::NamedTempFile::new_in(directory)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(path)?;
        Ok(())
    };
    replace().map_err(unwritable)
}

#[cfg(unix)]
fn make_private_directory(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // The directory is pubflow's own.
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
        }
        other => other,
    }
}

#[cfg(not(unix))]
fn make_private_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
}

/// The permissions of a file; those of other systems say nothing here.
#[cfg(unix)]
fn mode_for_others(path: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode_for_others(_: &Path) -> io::Result<u32> {
    Ok(0)
}
