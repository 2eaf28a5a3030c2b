//! Integration tests: one binary, one module for each user story, `tidy` for the house rules.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod adoption;
mod backends;
mod browser;
mod canary;
mod check;
mod cli;
mod config;
mod consent;
mod crash;
mod failures;
mod faults;
mod fuzzed;
mod parse;
mod peers;
mod promote;
mod rehearse;
mod state;
mod support;
mod tidy;
mod tools;
mod yank;
