//! Integration tests: one binary, one module for each user story, `tidy` for the house rules.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says what it compared and what it left out"
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
mod defects;
mod differential;
mod failures;
mod fault_matrix;
mod faults;
mod fuzzed;
mod inspect;
mod login;
mod mutations;
mod parse;
mod peers;
mod preflight;
mod promote;
mod readiness;
mod readme;
mod rehearse;
mod release;
mod release_crash;
mod release_trouble;
mod servers;
mod serving;
mod state;
mod support;
mod tidy;
mod tools;
mod trusted;
mod units;
mod verify;
mod watch;
mod yank;
