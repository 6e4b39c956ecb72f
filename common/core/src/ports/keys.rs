use async_trait::async_trait;
use pades::{DigestAlgorithm, MessageDigest, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use crate::ids::TransactionId;

/// Bytes that are to be signed as a whole: SignedAttributes, a TBSCertificate, a JWS signing input, a TBSCertList.
/// Never a document. An adapter for a key service sends only the digest.
pub struct ToBeSigned(Vec<u8>);

impl ToBeSigned {
    /// Wraps the bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, for a key in this process.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The digest of the bytes, for a key service (MessageType DIGEST).
    pub fn digest(&self, algorithm: DigestAlgorithm) -> MessageDigest {
        algorithm.digest(&self.0)
    }
}

/// A long-lived P-256 key: the CA's, or the key that signs our requests to an e-ID provider.
#[async_trait]
pub trait SigningKey: Send + Sync {
    /// SubjectPublicKeyInfo, DER.
    async fn public_key(&self) -> Result<Vec<u8>, KeyError>;

    /// ECDSA with SHA-256, DER (`Ecdsa-Sig-Value`). Randomised: two calls give two valid values.
    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError>;
}

/// Keys that live for one transaction.
#[async_trait]
pub trait OneTimeKeys: Send + Sync {
    /// Makes a key of the suite `algorithm` for `transaction`.
    async fn create(&self, transaction: &TransactionId, algorithm: SignatureAlgorithm) -> Result<OneTimeKey, KeyError>;

    /// A signature by that key and its suite: ECDSA as DER (`Ecdsa-Sig-Value`), RSA as it is.
    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError>;

    /// Destroys the key; idempotent.
    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError>;
}

/// Names a one-time key in its custody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OneTimeKey {
    /// The custody's own name of it: a key identifier, never key material.
    pub reference: String,
    /// SubjectPublicKeyInfo, DER.
    #[serde(with = "crate::octets")]
    pub public_key: Vec<u8>,
    /// The suite that it signs by.
    #[serde(default, skip_serializing_if = "SignatureAlgorithm::is_default")]
    pub algorithm: SignatureAlgorithm,
}

/// Why a key was not used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No such key: destroyed, or lost with the process that held it.
    #[error("the key is gone")]
    Gone,
    /// The key service does not answer now; worth trying again.
    #[error("the key service does not answer: {0}")]
    Unavailable(String),
    /// The key service answered something that is not a signature of this key.
    #[error("the key service gave a wrong answer")]
    WrongAnswer,
}
