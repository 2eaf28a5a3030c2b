//! Integration tests: one binary, one module for each user story, `tidy` for the house rules.

mod crash;
mod faults;
mod support;
mod tidy;
