//! What the version control knows: the commit a build is made from, and which files belong to it.
//!
//! Forges, tags and workflow files are this crate's matter too; it never edits a repository.

pub mod git;
