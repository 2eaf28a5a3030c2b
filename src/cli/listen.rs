//! Where `pubflow index serve` is reached, as clap sees it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

/// Where the embedded index is reached.
#[derive(Debug, Args)]
pub(crate) struct Listening {
    /// Listen on this address of the machine; one beyond 127.0.0.1 needs a certificate
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    pub(crate) listen: IpAddr,
    /// The host name under which clients reach it there [default: the address]
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub(crate) host_name: Option<String>,
    /// Serve https with this certificate, followed by those that sign it, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// A name that can stand in an address.
fn host_name(text: &str) -> Result<String, String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if text.is_empty() || !text.chars().all(is_letter) {
        return Err("a host name has letters, digits, `-` and `.` alone".to_owned());
    }
    Ok(text.to_owned())
}
