//! Any bytes where the cross-reference is: the chain ends, in a table or a refusal.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = pades::inspect(&sigill_fuzz::with_section(data));
});
