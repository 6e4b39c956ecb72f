//! A revision is appended: the bytes before it stay, and it can be read, and signed, again.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sigill_fuzz::{cms, parameters};

fuzz_target!(|data: &[u8]| {
    let (Ok(before), Ok(prepared)) = (pades::inspect(data), pades::prepare(data, &parameters(pades::Visibility::Automatic))) else {
        return;
    };
    let update = pades::complete(&pades::Hashed::of(data), &prepared, &cms(&prepared)).unwrap();
    let after = pades::inspect(&[data, &update].concat()).unwrap();
    // A signature without a free place gets a page of its own.
    assert!((before.pages.len()..=before.pages.len() + 1).contains(&after.pages.len()));
    assert_eq!((after.revisions, after.signatures.len()), (before.revisions + 1, before.signatures.len() + 1));
});
