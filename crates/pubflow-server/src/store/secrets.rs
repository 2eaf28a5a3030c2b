//! The nonce and the tokens of a data directory, made once and kept readable by their owner alone.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::stored::{self, RealmSecretsFile, SecretsFile};
use super::sync_directory;
use crate::credential::{new_token, random_hex};
use crate::{Realm, ServerError};

/// What a server of this directory knows and nobody else does.
pub(crate) struct Secrets {
    /// The key of the identity proof.
    pub(crate) nonce: String,
    test: RealmSecrets,
    production: RealmSecrets,
}

/// The tokens of one realm.
#[derive(Clone)]
pub(crate) struct RealmSecrets {
    pub(crate) token: String,
    pub(crate) admin_token: String,
}

impl Secrets {
    pub(crate) fn realm(&self, realm: Realm) -> &RealmSecrets {
        match realm {
            Realm::Test => &self.test,
            Realm::Production => &self.production,
        }
    }
}

pub(super) fn read_or_create(path: &Path) -> Result<Secrets, ServerError> {
    let file = match fs::read(path) {
        Ok(bytes) => {
            stored::secrets_from_bytes(&bytes).map_err(|source| ServerError::DamagedSecrets {
                path: path.to_owned(),
                source,
            })?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
        Err(source) => {
            return Err(ServerError::Data {
                path: path.to_owned(),
                source,
            });
        }
    };
    let realm = |file: RealmSecretsFile| RealmSecrets {
        token: file.token,
        admin_token: file.admin_token,
    };
    Ok(Secrets {
        nonce: file.nonce,
        test: realm(file.test),
        production: realm(file.production),
    })
}

fn create(path: &Path) -> Result<SecretsFile, ServerError> {
    let realm = |realm| -> Result<RealmSecretsFile, ServerError> {
        Ok(RealmSecretsFile {
            token: new_token(realm)?,
            admin_token: random_hex()?,
        })
    };
    let file = SecretsFile {
        v: 1,
        nonce: random_hex()?,
        test: realm(Realm::Test)?,
        production: realm(Realm::Production)?,
    };
    write_private(path, &stored::secrets_to_bytes(&file)).map_err(ServerError::data(path))?;
    Ok(file)
}

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Temporary files are created with mode 0600, so the secrets are never readable by others, not even for a moment.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_directory(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_and_are_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets.json");
        let first = read_or_create(&path).unwrap();
        let again = read_or_create(&path).unwrap();
        assert_eq!(first.nonce, again.nonce);
        assert_eq!(first.test.token, again.test.token);
        assert_ne!(first.test.token, first.production.token);
        assert_ne!(first.test.admin_token, first.production.admin_token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_damaged_file_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secrets.json");
        fs::write(&path, "{}").unwrap();
        assert!(matches!(
            read_or_create(&path),
            Err(ServerError::DamagedSecrets { .. })
        ));
        assert_eq!(fs::read(&path).unwrap(), b"{}");
    }
}
