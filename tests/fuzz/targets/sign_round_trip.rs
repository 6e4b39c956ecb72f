//! What is accepted is signed so that it verifies, and a changed byte of it does not.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sigill_fuzz::{cms, parameters};

fuzz_target!(|data: &[u8]| {
    let Ok(prepared) = pades::prepare(data, &parameters(pades::Visibility::Invisible)) else { return };
    let mut signed = [data, &pades::complete(&pades::Hashed::of(data), &prepared, &cms(&prepared)).unwrap()].concat();
    let ours = |pdf: &[u8]| pades::verify_signatures(pdf).is_ok_and(|found| found.iter().any(|s| s.byte_range == prepared.byte_range));
    let sound = ours(&signed);
    assert!(sound || pades::verify_signatures(data).is_err(), "an accepted document does not verify after signing");
    let at = data.iter().fold(0, |sum: usize, byte| sum + usize::from(*byte)) % data.len();
    signed[at] ^= 1;
    assert!(!ours(&signed), "a change at {at} is not seen");
});
