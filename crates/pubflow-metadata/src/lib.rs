//! pyproject.toml, core metadata and the upload form: read, write, check.
//!
//! The index's upload rules stand here as data, so that the checks, the upload client and the
//! embedded index cannot disagree about them. Archives, the rendering of descriptions and the
//! project's tree are left to other crates.

pub mod check;
pub mod classifier;
pub mod content_type;
pub mod core_metadata;
mod email_address;
pub mod pyproject;
mod quoted;
mod spelling;
pub mod upload_form;
pub mod upload_rule;
mod web_address;
