//! What a caller decides about the embedded index: where it keeps its files, its ports, its limits, its tokens.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use jiff::SignedDuration;

use crate::{FaultPlan, Profile, TlsFiles};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// How to start the embedded index.
pub struct ServerOptions {
    /// The directory that keeps files, log and secrets; `None` is a temporary directory that goes away at shutdown.
    pub data: Option<PathBuf>,
    /// Where the realms are reached.
    pub listen: Listen,
    /// The port of the test realm; 0 lets the system choose.
    pub test_port: u16,
    /// The port of the production realm; 0 lets the system choose.
    pub production_port: u16,
    /// Sizes at which uploads are refused.
    pub limits: Limits,
    /// The upload token of the test realm, instead of the random one of the data directory.
    pub test_token: Option<String>,
    /// The upload token of the production realm, instead of the random one of the data directory.
    pub production_token: Option<String>,
    /// Which of PyPI's answers are given.
    pub profile: Profile,
    /// How far the realms' clocks are ahead of the system's, or behind it.
    pub clock_offset: SignedDuration,
    /// What the production realm holds from the start.
    pub seed: Option<Seed>,
    /// What goes wrong, from the first request on.
    pub faults: Option<FaultPlan>,
}

/// Where an index listens, and under which name it is reached there.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The address; one beyond loopback needs TLS.
    pub address: IpAddr,
    /// The host name that clients use, when they do not use the address.
    pub name: Option<String>,
    /// The certificate; without one plain HTTP is spoken.
    pub tls: Option<TlsFiles>,
}

impl Listen {
    /// This machine alone, without TLS.
    #[must_use]
    pub fn loopback() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            name: None,
            tls: None,
        }
    }
}

/// A file of users, tokens and projects, loaded into the production realm before the first request.
pub struct Seed {
    /// The seed file; `fixtures/` beside it holds the files that it names.
    pub file: PathBuf,
    /// Where the secrets that the server makes for it are written.
    pub credentials: Option<PathBuf>,
}

impl ServerOptions {
    /// Free ports, PyPI's limits and the tokens of the data directory.
    #[must_use]
    pub fn on_free_ports(data: Option<PathBuf>) -> Self {
        Self {
            data,
            listen: Listen::loopback(),
            test_port: 0,
            production_port: 0,
            limits: Limits::pypi(),
            test_token: None,
            production_token: None,
            profile: Profile::pypi(),
            clock_offset: SignedDuration::ZERO,
            seed: None,
            faults: None,
        }
    }
}

/// Sizes at which uploads are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The largest sum of a project's files, in bytes.
    pub project_bytes: u64,
    /// The largest sum of a form's text fields, in bytes; also the largest single one.
    pub form_bytes: u64,
    /// How much of a file beyond `file_bytes` is read and thrown away before the connection is given up, in bytes:
    /// a client that is still sending reads no answer.
    pub drain_bytes: u64,
}

impl Limits {
    /// What PyPI allows a project without raised limits: 100 MiB a file, 10 GiB a project.
    #[must_use]
    pub fn pypi() -> Self {
        Self {
            file_bytes: 100 * MIB,
            project_bytes: 10 * GIB,
            form_bytes: 16 * MIB,
            drain_bytes: GIB,
        }
    }
}
