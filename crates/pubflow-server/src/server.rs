//! Starts and stops the two listeners.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{self, JoinHandle};
use tokio_rustls::TlsAcceptor;

use crate::credential::random_hex;
use crate::index::{Identity, Index};
use crate::request_log::LoggedRequest;
use crate::store::DataDirectory;
use crate::trusted::Issuer;
use crate::{Listen, Realm, RealmAddress, ServerError, ServerOptions, connection, seed, tls};

/// A running embedded index.
///
/// Dropping it stops it without waiting for answers under way; [`Server::shutdown`] waits.
pub struct Server {
    nonce: String,
    realms: [Served; 2],
    stop: watch::Sender<bool>,
}

struct Served {
    address: RealmAddress,
    index: Arc<Index>,
    listener: JoinHandle<()>,
}

impl Server {
    /// Opens the data directory and listens, on loopback unless another address is asked for, one listener a realm.
    ///
    /// # Errors
    /// Every variant of [`ServerError`]: the directory cannot be used, is in use or is damaged; a port is taken.
    pub async fn start(options: ServerOptions) -> Result<Self, ServerError> {
        let tls = options.listen.check()?;
        let [test, production] = [
            bind(Realm::Test, options.test_port, &options.listen).await?,
            bind(Realm::Production, options.production_port, &options.listen).await?,
        ];
        let origins = [test.1, production.1];
        let opened = task::spawn_blocking(move || Opened::open(&options, origins))
            .await
            .expect("opening a data directory does not panic and is not cancelled")?;
        let (stop, stopped) = watch::channel(false);
        let serve = |index: Index, listener: TcpListener| {
            let index = Arc::new(index);
            let address = RealmAddress::new(
                &index.origin,
                &index.secrets.token,
                &index.secrets.admin_token,
            );
            let task = tokio::spawn(connection::accept_all(
                listener,
                tls.clone(),
                Arc::clone(&index),
                stopped.clone(),
            ));
            Served {
                address,
                index,
                listener: task,
            }
        };
        let [test_index, production_index] = opened.indexes;
        Ok(Self {
            nonce: opened.nonce,
            realms: [
                serve(test_index, test.0),
                serve(production_index, production.0),
            ],
            stop,
        })
    }

    /// Where a realm is and what opens it.
    #[must_use]
    pub fn realm(&self, realm: Realm) -> &RealmAddress {
        &self.served(realm).address
    }

    /// The key with which the index proves its identity.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The requests that a realm has answered, the last 10,000 of them, oldest first.
    #[must_use]
    pub fn requests(&self, realm: Realm) -> Vec<LoggedRequest> {
        self.served(realm).index.requests.entries()
    }

    /// Stops listening, lets requests under way finish for a few seconds, and frees the data directory.
    pub async fn shutdown(self) {
        // No receiver is an index that has stopped already.
        let _ = self.stop.send(true);
        for served in self.realms {
            // A listener that panicked is as stopped as one that ended.
            let _ = served.listener.await;
        }
    }

    fn served(&self, realm: Realm) -> &Served {
        match realm {
            Realm::Test => &self.realms[0],
            Realm::Production => &self.realms[1],
        }
    }
}

impl Listen {
    /// What answers handshakes, if there are any.
    fn check(&self) -> Result<Option<TlsAcceptor>, ServerError> {
        let address = self.address;
        if !address.is_loopback() && self.tls.is_none() {
            return Err(ServerError::NeedsTls { address });
        }
        if address.is_unspecified() && self.name.is_none() {
            return Err(ServerError::NeedsName { address });
        }
        self.tls.as_ref().map(tls::acceptor).transpose()
    }

    /// The origin that is announced.
    fn origin(&self, port: u16) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        match (&self.name, self.address) {
            (Some(name), _) => format!("{scheme}://{name}:{port}"),
            (None, IpAddr::V4(address)) => format!("{scheme}://{address}:{port}"),
            (None, IpAddr::V6(address)) => format!("{scheme}://[{address}]:{port}"),
        }
    }
}

/// Listens for one realm; the listener and the origin to announce.
async fn bind(
    realm: Realm,
    port: u16,
    listen: &Listen,
) -> Result<(TcpListener, String), ServerError> {
    let failed = |source| ServerError::Listen {
        realm,
        port,
        source,
    };
    let listener = TcpListener::bind((listen.address, port))
        .await
        .map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, listen.origin(bound.port())))
}

/// What is read from the data directory before the first request.
struct Opened {
    nonce: String,
    indexes: [Index; 2],
}

impl Opened {
    fn open(options: &ServerOptions, [test, production]: [String; 2]) -> Result<Self, ServerError> {
        let data = Arc::new(DataDirectory::open(options.data.as_deref())?);
        let secrets = data.secrets()?;
        let open = |realm, [origin, sibling]: [String; 2], token: &Option<String>| {
            let mut realm_secrets = secrets.realm(realm).clone();
            if let Some(token) = token {
                realm_secrets.token.clone_from(token);
            }
            let identity = Identity {
                realm,
                issuer: Issuer::new(&origin)?,
                origin,
                sibling,
                nonce: secrets.nonce.clone(),
                secrets: realm_secrets,
                form_key: random_hex()?,
                limits: options.limits,
                profile: options.profile,
                clock_offset: options.clock_offset,
            };
            Index::open(&data, identity)
        };
        let indexes = [
            open(
                Realm::Test,
                [test.clone(), production.clone()],
                &options.test_token,
            )?,
            open(
                Realm::Production,
                [production, test],
                &options.production_token,
            )?,
        ];
        if let Some(wanted) = &options.seed {
            seed::load(&indexes[1], wanted)?;
        }
        if let Some(plan) = &options.faults {
            for index in &indexes {
                index.faults.set(plan, index.realm);
            }
        }
        Ok(Self {
            nonce: secrets.nonce,
            indexes,
        })
    }
}
