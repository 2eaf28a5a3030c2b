#![no_main]
#[path = "../../it/fuzzed/rst.rs"]
mod rst;
#[path = "../../it/fuzzed/rst_inline.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
