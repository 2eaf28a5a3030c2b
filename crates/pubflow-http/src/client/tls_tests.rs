//! TLS against a server on loopback whose certificate was signed by an authority of the test's own.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use url::Url;

use pubflow_testkit::certificates::{AUTHORITY, CERTIFICATE, KEY};

use super::*;
use crate::Secret;

/// A server that answers one request, if the handshake succeeds; its address and what it read.
fn server() -> (Url, mpsc::Receiver<String>) {
    server_that(None)
}

/// The same, asking for a certificate of the client's where `verifier` is one.
fn server_that(verifier: Option<Arc<dyn ClientCertVerifier>>) -> (Url, mpsc::Receiver<String>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match verifier {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let config = builder
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let mut head = [0; 2048];
        // A client that does not trust the certificate ends the handshake.
        if let Ok(n_bytes) = stream.read(&mut head) {
            let head = String::from_utf8_lossy(&head[..n_bytes]).into_owned();
            tell.send(head).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
            stream.write_all(answer).unwrap();
        }
    });
    (Url::parse(&url).unwrap(), told)
}

fn client(ca_file: Option<&Path>) -> HttpClient {
    let mut policy = HttpPolicy::new("pubflow-tests");
    policy.ca_file = ca_file.map(Path::to_owned);
    HttpClient::new(&policy).unwrap()
}

/// Asks every client for a certificate and takes the one of the test alone.
#[derive(Debug)]
struct OneClient(rustls::crypto::WebPkiSupportedAlgorithms);

impl ClientCertVerifier for OneClient {
    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: rustls::pki_types::UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let expected = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
        match *certificate == expected {
            true => Ok(ClientCertVerified::assertion()),
            false => Err(rustls::Error::General("another client".to_owned())),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.supported_schemes()
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_asks_for_it() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let authority = write("authority.pem", AUTHORITY.to_owned());
    let own = write("own.pem", format!("{CERTIFICATE}\n{KEY}\n"));
    let mut policy = HttpPolicy::new("pubflow-tests");
    policy.ca_file = Some(authority);
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
    for (certificate, status) in [(None, None), (Some(own.clone()), Some(200))] {
        policy.client_certificate = certificate;
        let client = HttpClient::new(&policy).unwrap();
        let (url, _told) = server_that(Some(Arc::new(OneClient(algorithms))));
        let answer = client.send(request(url)).await;
        assert_eq!(answer.ok().map(|answer| answer.status()), status);
    }
    std::fs::write(&own, "no certificate").unwrap();
    let error = HttpClient::new(&policy).unwrap_err();
    assert!(matches!(error, HttpError::Certificates { .. }), "{error}");
}

fn request(url: Url) -> Request {
    let secret = Secret::from_text("canary").unwrap();
    Request::get(url).bearer(&secret)
}

#[tokio::test]
async fn a_certificate_of_the_given_authority_is_trusted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("authority.pem");
    std::fs::write(&path, AUTHORITY).unwrap();
    let (url, told) = server();
    let response = client(Some(&path)).send(request(url)).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.read(10).await.unwrap(), b"hi");
    assert!(told.recv().unwrap().contains("Bearer canary"));
}

#[tokio::test]
async fn an_unknown_certificate_gets_no_request() {
    let (url, told) = server();
    let error = client(None).send(request(url)).await.unwrap_err();
    assert_eq!(error.moment(), Some(Moment::Connecting), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(told.recv().is_err());
}

#[tokio::test]
async fn the_authority_counts_beside_the_trust_store_of_the_machine() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("authority.pem");
    std::fs::write(&path, AUTHORITY).unwrap();
    let client = client(Some(&path));
    // The pool for addresses outside, without the proxy that the machine may have for it.
    let outward = client.inner.outward_builder().no_proxy().build().unwrap();
    let (url, told) = server();
    assert_eq!(outward.get(url).send().await.unwrap().status(), 200);
    assert!(told.recv().is_ok());
}
