//! Any body of `POST /v1/sign-requests`.
#![no_main]
use libfuzzer_sys::fuzz_target;
use sign_request_intake::CreateBody;

fuzz_target!(|data: &[u8]| {
    if let Ok(body) = serde_json::from_slice::<CreateBody>(data) {
        let _ = body.decode();
    }
});
