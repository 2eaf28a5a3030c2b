//! The certificate with which an index is served beyond this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

use crate::ServerError;

/// Where the certificate and its key are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate and the ones that sign it, in PEM, its own first.
    pub certificate: PathBuf,
    /// Its private key in PEM.
    pub key: PathBuf,
}

/// What answers handshakes with this certificate.
///
/// # Errors
/// [`ServerError::Tls`] when a file cannot be read, or the key does not belong to the certificate.
pub(crate) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ServerError> {
    let wrong = |path: &Path, why: String| ServerError::Tls {
        path: path.to_owned(),
        why,
    };
    let (certificate, key) = (files.certificate.as_path(), files.key.as_path());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(certificate, "it holds no certificate".to_owned()));
    }
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, secret))
        .map_err(|error| wrong(key, error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_something_else_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        std::fs::write(at("empty.pem"), "").unwrap();
        let cases = [("missing.pem", "missing.pem"), ("empty.pem", "empty.pem")];
        for (certificate, expected) in cases {
            let files = TlsFiles {
                certificate: at(certificate),
                key: at("missing.key"),
            };
            match acceptor(&files).err() {
                Some(ServerError::Tls { path, .. }) => assert_eq!(path, at(expected)),
                other => panic!("{other:?}"),
            }
        }
    }
}
