#![no_main]
#[path = "../../it/fuzzed/markdown.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
