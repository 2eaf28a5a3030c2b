//! Integration tests: one binary, one module for each user story, `tidy` for the house rules.

mod tidy;
