//! Any answer of an OCSP responder about a certificate: what openssl said of it, or an error.
#![no_main]
use libfuzzer_sys::fuzz_target;

const CERTIFICATE: &[u8] = include_bytes!("../ocsp/certificate.der");
const ISSUER: &[u8] = include_bytes!("../ocsp/issuer.der");
/// A day after the one seed was made.
const NOW: i64 = 1_795_650_000;

fuzz_target!(|data: &[u8]| {
    if let Ok(answer) = pades::ocsp_answer(data, CERTIFICATE, ISSUER, NOW) {
        assert_eq!(answer.status, pades::OcspStatus::Good, "nobody can sign that it was revoked");
    }
});
