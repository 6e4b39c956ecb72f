//! Any text as a municipality's configuration.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let _ = sigill_core::config::parse("fuzz.toml", "fuzz", data, jiff::Timestamp::UNIX_EPOCH);
});
