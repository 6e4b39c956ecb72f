//! A key set and a token, separated by a line's end: nothing verifies that nobody signed.
#![no_main]
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sigill_core::jose::{Algorithm, verify};

fuzz_target!(|data: &str| {
    let (keys, token) = data.split_once('\n').unwrap_or(("{}", data));
    let keys = serde_json::from_str(keys).unwrap_or(Value::Null);
    let accepted = [Algorithm::ES256, Algorithm::ES384, Algorithm::PS256, Algorithm::RS256];
    let _ = verify::<Value>(token, &keys, &accepted);
});
