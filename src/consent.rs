//! Who agreed that something is published to PyPI, and whether to ask.

use std::io::IsTerminal;

use pubflow_http::is_loopback;
use pubflow_index::known::Known;
use pubflow_index::{IndexAddress, IndexKind};

use crate::context::Context;

/// What was said about one target.
pub(crate) struct Consent<'a> {
    /// Where files go.
    pub(crate) target: &'a IndexAddress,
    /// `--yes` was given.
    pub(crate) yes: bool,
    /// The index was named on the command line.
    pub(crate) named: bool,
}

impl Consent<'_> {
    /// PyPI asks once, on a terminal, unless `--yes` was given.
    pub(crate) fn asks(&self, ctx: &Context) -> bool {
        is_production(self.target) && !self.yes && !ctx.json() && has_terminal()
    }

    /// Whether somebody said that this index is meant, or will be asked.
    pub(crate) fn is_given(&self, ctx: &Context) -> bool {
        !is_production(self.target)
            || self.yes
            || self.named
            || ambient_identity(ctx)
            || self.asks(ctx)
    }
}

/// Whether a person can be asked.
pub(crate) fn has_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether this job can mint publishing identities, as CI jobs for publishing can.
pub(crate) fn ambient_identity(ctx: &Context) -> bool {
    pubflow_index::trusted::provider::is_anywhere(ctx.env.variables())
}

/// How sentences call an index.
pub(crate) fn title(address: &IndexAddress) -> String {
    match Known::by_name(&address.name) {
        Some(known) if !is_loopback(&address.upload) => known.title().to_owned(),
        _ => address.name.to_string(),
    }
}

/// PyPI itself or what stands in its place, but nothing on this machine and no trial index. What an
/// index is called, and of which kind a file says that it is, does not hide where it is.
pub(crate) fn is_production(address: &IndexAddress) -> bool {
    if is_loopback(&address.upload) {
        return false;
    }
    match known_place(address) {
        Some(known) => known == Known::Pypi,
        None => {
            address.kind == IndexKind::Pypi
                && Known::by_name(&address.name) != Some(Known::TestPypi)
        }
    }
}

/// Reads the answer to a question on the terminal. What is no yes is a no.
///
/// # Errors
/// The terminal's.
pub(crate) fn says_yes() -> std::io::Result<bool> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(["y", "yes"].contains(&line.trim().to_ascii_lowercase().as_str()))
}

/// The public index that takes the uploads of this address.
pub(crate) fn known_place(address: &IndexAddress) -> Option<Known> {
    let origin = address.upload_origin().ok()?;
    Known::by_upload_origin(&origin)
}
