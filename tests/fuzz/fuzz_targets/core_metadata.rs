#![no_main]
#[path = "../../it/fuzzed/core_metadata.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
