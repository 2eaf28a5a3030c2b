//! Integration tests: one binary, one module for each user story, `tidy` for the house rules.

mod backends;
mod canary;
mod cli;
mod config;
mod consent;
mod crash;
mod failures;
mod faults;
mod peers;
mod support;
mod tidy;
