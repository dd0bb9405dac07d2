#![no_main]

#[path = "bodies/log_line.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::take(bytes));
