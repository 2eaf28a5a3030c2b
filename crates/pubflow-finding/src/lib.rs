//! What a check says about a project: [`Finding`], [`Severity`], [`Place`], [`Fix`], and the
//! [`Rule`] behind it as data.
//!
//! A finding says that the user's project is wrong; an error says that pubflow could not do its
//! work. Checks never fail: they look at an already parsed subject and add findings. Which findings
//! are shown, and what they cost, is decided by the caller.

mod finding;
mod rule;

pub use finding::{Edit, Finding, Findings, Fix, Place};
pub use rule::{Check, Refuser, Rule, Severity};
