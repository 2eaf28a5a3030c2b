//! The embedded index: a twin of PyPI's upload and simple APIs for rehearsals and tests.
//!
//! One process serves two realms, *test* and *production*, each on a listener of its own on loopback, so that a
//! whole release (upload, wait, install, promote, yank) can be run for real and offline. It answers with the
//! statuses, words and body shapes that clients of PyPI meet, keeps what it accepts in a directory that survives a
//! crash, and proves its identity before a client trusts it with a token.
//!
//! It leaves to others: judging core metadata (`pubflow-metadata`), opening archives (`pubflow-dist`), the client
//! side (`pubflow-index`) and every printed word (the program).
//!
//! Specifications: the legacy upload API, the simple repository API (PEP 503, 592, 629, 658, 691, 700, 714, 792).

mod accept;
mod account;
mod admin;
mod answer;
mod caching;
mod catalog;
mod connection;
mod credential;
mod error;
mod fault;
mod files;
mod html;
mod identity;
mod index;
mod options;
mod patience;
mod profile;
mod project_json;
mod provenance;
mod realm;
mod refusal;
mod request_log;
mod route;
mod seed;
mod server;
mod simple;
mod socket;
mod store;
mod tls;
mod trusted;
mod upload;
mod web;

pub use error::{LogDamage, ServerError};
pub use fault::{FaultPlan, FaultPlanError};
pub use options::{Limits, Listen, Seed, ServerOptions};
pub use profile::Profile;
pub use realm::{Realm, RealmAddress};
pub use request_log::LoggedRequest;
pub use server::Server;
pub use tls::TlsFiles;
