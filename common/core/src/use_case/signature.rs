//! A key service's answer is believed only when it verifies.

use pades::SignatureAlgorithm;

use crate::ports::{KeyError, ToBeSigned};

/// Whether `signature` is that of `message` by `public_key` (SubjectPublicKeyInfo, DER), a key of that suite.
pub(super) fn check(public_key: &[u8], algorithm: SignatureAlgorithm, message: &ToBeSigned, signature: &[u8]) -> Result<(), KeyError> {
    algorithm.check(public_key, message.bytes(), signature).map_err(|_| KeyError::WrongAnswer)
}
