//! Any bytes: facts or a refusal.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = pades::inspect(data);
    let _ = pades::verify_signatures(data);
});
