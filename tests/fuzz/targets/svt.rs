//! Any bytes as a Signature Validation Token, and as the timestamp that holds one: read, or refused; never by no key.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pades::svt::{of_token, read};

fuzz_target!(|data: &[u8]| {
    let _ = of_token(data).map(|jwt| read(&jwt, &[]));
    let header = b"eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsIng1YyI6W119.";
    assert_ne!(read(&[header, data].concat(), &[]).map(|_| ()), Ok(()));
    let _ = read(data, &[]);
});
