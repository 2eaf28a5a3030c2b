//! The list of all projects, made once for each state of the index and form: it is long, and clients ask for it often.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use super::{API_VERSION, opening, wire};
use crate::caching::Tagged;
use crate::catalog::{Catalog, Entry};
use crate::html::escape;
use crate::store::stored::Status;

/// The lists as they were last asked for.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    json: Mutex<Kept>,
    html: Mutex<Kept>,
}

/// A list, and the number of the last event that it shows.
type Kept = Option<(u64, Tagged)>;

impl Listings {
    pub(super) fn json(&self, catalog: &Catalog) -> Tagged {
        kept(&self.json, catalog, |catalog| {
            wire::root(API_VERSION, catalog.serial(), listed(catalog))
        })
    }

    pub(super) fn html(&self, catalog: &Catalog) -> Tagged {
        kept(&self.html, catalog, |catalog| {
            let mut html = opening("Simple index", None);
            for (normalized, entry) in listed(catalog) {
                let _ = writeln!(
                    html,
                    "    <a href=\"/simple/{}/\">{}</a>",
                    escape(normalized),
                    escape(&entry.name)
                );
            }
            html.push_str("  </body>\n</html>\n");
            html.into_bytes()
        })
    }
}

/// Whoever asks while the list is made waits for it instead of making another.
fn kept(kept: &Mutex<Kept>, catalog: &Catalog, make: impl Fn(&Catalog) -> Vec<u8>) -> Tagged {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    match &*kept {
        Some((serial, list)) if *serial == catalog.serial() => list.clone(),
        _ => {
            let list = Tagged::of(make(catalog));
            *kept = Some((catalog.serial(), list.clone()));
            list
        }
    }
}

fn listed(catalog: &Catalog) -> impl Iterator<Item = (&str, &Entry)> {
    catalog
        .entries()
        .filter(|(_, entry)| entry.status != Status::Quarantined)
}
