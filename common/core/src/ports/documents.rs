use async_trait::async_trait;
use pades::Digest;

use crate::ids::SignRequestId;

/// Documents of a sign request by content: the name of bytes is their SHA-256, so a stored document can never change.
/// Requests share nothing, so that one can be forgotten whole.
#[async_trait]
pub trait DocumentStore: Send + Sync {
    /// Stores `bytes` unless they are there; idempotent. Answers their digest.
    async fn put(&self, request: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError>;

    /// The bytes, checked against their digest.
    async fn get(&self, request: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError>;

    /// Deletes everything of `request`; idempotent.
    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError>;
}

/// Why a document could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentStoreError {
    /// No such bytes: never stored, or deleted by retention.
    #[error("no document {0}")]
    Missing(Digest),
    /// The stored bytes are not the named ones.
    #[error("document {0} is damaged in the store")]
    Damaged(Digest),
    /// Worth trying again.
    #[error("the document store does not answer: {0}")]
    Unavailable(String),
}
