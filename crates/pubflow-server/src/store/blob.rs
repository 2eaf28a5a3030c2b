//! Files by their SHA-256: written aside, synced, renamed, never changed afterwards.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pubflow_spec::Sha256;
use tempfile::TempDir;

use super::{create_private, sync_directory};
use crate::ServerError;

/// The files of one realm.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    blobs: PathBuf,
    incoming: PathBuf,
}

/// Bytes under way; they go away when this is dropped without [`Blobs::keep`].
#[derive(Debug)]
pub(crate) struct Incoming {
    /// A directory of its own, so that the file can bear the name under which it was sent.
    directory: TempDir,
    path: PathBuf,
    file: File,
}

impl Incoming {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Gives the file its own name, from which an archive's reader takes project and version. The name must have been
    /// found free of separators.
    pub(crate) fn name(&mut self, filename: &str) -> io::Result<&Path> {
        let path = self.directory.path().join(filename);
        fs::rename(&self.path, &path)?;
        self.path = path;
        Ok(&self.path)
    }
}

impl Blobs {
    /// Opens the directories below `root` and throws away uploads that a crash interrupted.
    pub(super) fn open(root: &Path) -> Result<Self, ServerError> {
        let opened = Self {
            blobs: root.join("blobs"),
            incoming: root.join("incoming"),
        };
        if opened.incoming.exists() {
            fs::remove_dir_all(&opened.incoming).map_err(ServerError::data(&opened.incoming))?;
        }
        for directory in [&opened.blobs, &opened.incoming] {
            create_private(directory).map_err(ServerError::data(directory))?;
        }
        Ok(opened)
    }

    /// A place for bytes under way.
    pub(crate) fn incoming(&self) -> io::Result<Incoming> {
        let directory = TempDir::new_in(&self.incoming)?;
        let path = directory.path().join("upload");
        let file = File::create_new(&path)?;
        Ok(Incoming {
            directory,
            path,
            file,
        })
    }

    /// Where the bytes with this digest are, whether or not they are there.
    fn path(&self, sha256: &Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.blobs.join(&name[..2]).join(name)
    }

    /// Makes whole, received bytes durable under their digest.
    pub(crate) fn keep(&self, upload: Incoming, sha256: &Sha256) -> io::Result<()> {
        let path = self.path(sha256);
        let directory = path
            .parent()
            .expect("a blob lies in the directory of its first digits");
        // Only whole, synced files are ever renamed to this name, so what is there is the same.
        if !path.exists() {
            upload.file.sync_all()?;
            if !directory.exists() {
                create_private(directory)?;
                sync_directory(&self.blobs)?;
            }
            fs::rename(&upload.path, &path)?;
        }
        sync_directory(directory)
    }

    /// Makes bytes in memory durable under their digest.
    pub(crate) fn keep_bytes(&self, bytes: &[u8], sha256: &Sha256) -> io::Result<()> {
        let mut upload = self.incoming()?;
        upload.write(bytes)?;
        self.keep(upload, sha256)
    }

    /// Opens stored bytes and tells their size.
    pub(crate) fn open_blob(&self, sha256: &Sha256) -> io::Result<(File, u64)> {
        let file = File::open(self.path(sha256))?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }

    /// Removes what the log does not name: bytes whose log line a crash prevented, and deleted files.
    pub(crate) fn sweep(&self, is_named: impl Fn(&Sha256) -> bool) -> io::Result<()> {
        for directory in fs::read_dir(&self.blobs)? {
            let directory = directory?;
            if !directory.file_type()?.is_dir() {
                continue;
            }
            for blob in fs::read_dir(directory.path())? {
                let blob = blob?;
                let digest = blob
                    .file_name()
                    .to_str()
                    .and_then(|name| Sha256::parse(name).ok());
                // What is not named by a digest is not ours to remove.
                if digest.is_some_and(|digest| !is_named(&digest)) {
                    fs::remove_file(blob.path())?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs() -> (TempDir, Blobs) {
        let root = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(root.path()).unwrap();
        (root, blobs)
    }

    #[test]
    fn kept_bytes_survive_and_abandoned_ones_do_not() {
        let (root, blobs) = blobs();
        let digest = Sha256::of(b"kept");
        blobs.keep_bytes(b"kept", &digest).unwrap();
        blobs.keep_bytes(b"kept", &digest).unwrap();
        let mut abandoned = blobs.incoming().unwrap();
        abandoned.write(b"half").unwrap();
        // As after a crash: nothing of the running process cleans up.
        std::mem::forget(abandoned);
        let blobs = Blobs::open(root.path()).unwrap();
        assert_eq!(blobs.open_blob(&digest).unwrap().1, 4);
        assert_eq!(
            fs::read_dir(root.path().join("incoming")).unwrap().count(),
            0
        );
    }

    #[test]
    fn sweeping_removes_what_no_event_names_and_nothing_else() {
        let (root, blobs) = blobs();
        let [named, orphan] = [Sha256::of(b"named"), Sha256::of(b"orphan")];
        blobs.keep_bytes(b"named", &named).unwrap();
        blobs.keep_bytes(b"orphan", &orphan).unwrap();
        let foreign = root.path().join("blobs").join("README");
        fs::write(&foreign, "not ours").unwrap();
        blobs.sweep(|digest| *digest == named).unwrap();
        assert!(blobs.open_blob(&named).is_ok());
        assert!(blobs.open_blob(&orphan).is_err());
        assert!(foreign.exists());
    }
}
