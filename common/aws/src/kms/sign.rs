use std::time::{Duration, Instant};

use aws_sdk_kms::Client;
use aws_sdk_kms::error::SdkError;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MessageType;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use metrics::{counter, histogram};
use pades::SignatureAlgorithm;
use sigill_core::measure::{KEY_FAULTS, KEY_TIME};
use sigill_core::ports::{KeyError, ToBeSigned};

use super::suite::suite;
use crate::error::{is, reason};

/// Waits for a new key to be known everywhere: KMS promises that within five minutes, and it mostly takes no time.
const WAITS_MILLISECONDS: [u64; 6] = [50, 100, 200, 400, 800, 1_600];

/// A signature over the digest: ECDSA as DER, RSA as it is. For PSS the salt is as long as the digest.
pub(super) async fn sign(client: &Client, key: &str, algorithm: SignatureAlgorithm, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
    let digest = message.digest(algorithm.digest());
    let request = client.sign().key_id(key).message_type(MessageType::Digest).message(Blob::new(digest.as_bytes()));
    let request = request.signing_algorithm(suite(algorithm)?.signing);
    let asked = Instant::now();
    let answer = once_known(|| request.clone().send()).await.inspect_err(|_| counter!(KEY_FAULTS).increment(1))?;
    histogram!(KEY_TIME).record(asked.elapsed().as_secs_f64() * 1_000.0);
    answer.signature.map(Blob::into_inner).ok_or(KeyError::WrongAnswer)
}

/// SubjectPublicKeyInfo, DER.
pub(super) async fn public_key(client: &Client, key: &str) -> Result<Vec<u8>, KeyError> {
    let request = client.get_public_key().key_id(key);
    let answer = once_known(|| request.clone().send()).await?;
    answer.public_key.map(Blob::into_inner).ok_or(KeyError::WrongAnswer)
}

/// Tries again while KMS does not know the key.
async fn once_known<T, E: ProvideErrorMetadata, R, F: Future<Output = Result<T, SdkError<E, R>>>>(
    call: impl Fn() -> F,
) -> Result<T, KeyError> {
    for wait in WAITS_MILLISECONDS {
        match call().await {
            Err(error) if is(&error, "NotFoundException") => tokio::time::sleep(Duration::from_millis(wait)).await,
            done => return done.map_err(|error| failed(&error)),
        }
    }
    call().await.map_err(|error| failed(&error))
}

pub(super) fn failed<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> KeyError {
    // Unknown, disabled, or waiting for its deletion.
    let gone = ["NotFoundException", "DisabledException", "KMSInvalidStateException"].iter().any(|code| is(error, code));
    if gone { KeyError::Gone } else { KeyError::Unavailable(reason(error)) }
}
