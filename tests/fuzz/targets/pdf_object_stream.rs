//! Any bytes as an object stream that all objects are said to be in.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = pades::inspect(&sigill_fuzz::with_object_stream(data));
});
