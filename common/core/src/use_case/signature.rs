//! A key service's answer is believed only when it verifies.

use der::Decode;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use spki::SubjectPublicKeyInfoRef;

use crate::ports::{KeyError, ToBeSigned};

/// Whether `signature` is that of `message` by `public_key` (SubjectPublicKeyInfo, DER).
pub(super) fn check(public_key: &[u8], message: &ToBeSigned, signature: &[u8]) -> Result<(), KeyError> {
    let key = SubjectPublicKeyInfoRef::from_der(public_key).map_err(|_| KeyError::WrongAnswer)?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.subject_public_key.raw_bytes());
    key.verify(message.bytes(), signature).map_err(|_| KeyError::WrongAnswer)
}
