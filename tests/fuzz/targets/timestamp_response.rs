//! Any answer of a timestamp authority: a token over what was asked, or an error.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = pades::timestamp_token(data, &pades::Digest::of(b"sigill"), 1);
});
