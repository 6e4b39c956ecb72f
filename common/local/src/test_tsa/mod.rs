//! A timestamp authority for trying out and testing: a real RFC 3161 endpoint with a key that nobody need trust.

mod response;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use sigill_core::ports::Clock;

/// A TimeStampReq is about a hundred bytes.
const LARGEST_REQUEST: usize = 4 * 1024;

/// The authority.
pub struct TestTsa {
    certificate: Vec<u8>,
    key: EcdsaKeyPair,
    random: SystemRandom,
    clock: Arc<dyn Clock>,
}

/// The key is not a P-256 PKCS#8 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the timestamp key is not a P-256 key in PKCS #8")]
pub struct WrongKey;

impl TestTsa {
    /// An authority with `certificate` (DER) for the key in `pkcs8`.
    pub fn new(certificate: Vec<u8>, pkcs8: &[u8], clock: Arc<dyn Clock>) -> Result<Self, WrongKey> {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random).map_err(|_| WrongKey)?;
        Ok(Self { certificate, key, random, clock })
    }

    /// The answer to a TimeStampReq (DER): a TimeStampResp (DER), granted or rejected.
    pub fn respond(&self, request: &[u8]) -> Vec<u8> {
        response::respond(self, request, None)
    }

    /// The same, with a Signature Validation Token (a JWT) in the timestamp (RFC 9321, B.1).
    pub fn respond_with_svt(&self, request: &[u8], jwt: &str) -> Vec<u8> {
        response::respond(self, request, Some(jwt))
    }
}

/// `POST /` with `application/timestamp-query` (RFC 3161, 3.4).
pub fn router(tsa: Arc<TestTsa>) -> Router {
    Router::new().route("/", post(answer)).layer(DefaultBodyLimit::max(LARGEST_REQUEST)).with_state(tsa)
}

async fn answer(State(tsa): State<Arc<TestTsa>>, request: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/timestamp-reply")], tsa.respond(&request))
}
