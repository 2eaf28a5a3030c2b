#![no_main]
#[path = "../../it/fuzzed/request.rs"]
mod request;
#[path = "../../it/fuzzed/multipart.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
