use std::sync::Arc;

use async_trait::async_trait;
use pades::{Digest, Growing, Hashed, Source};

use crate::ids::SignRequestId;

/// Documents of a sign request by content: the name of bytes is their SHA-256, so a stored document can never change.
/// Requests share nothing, so that one can be forgotten whole.
#[async_trait]
pub trait DocumentStore: Send + Sync {
    /// Stores `bytes` unless they are there; idempotent. Answers their digest.
    async fn put(&self, request: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError>;

    /// The bytes, checked against their digest.
    async fn get(&self, request: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError>;

    /// Opens a document for reading in ranges; all its bytes have been checked against the digest. A store that can
    /// reads them once and keeps none in memory.
    async fn open(&self, request: &SignRequestId, digest: &Digest) -> Result<StoredDocument, DocumentStoreError> {
        let bytes = self.get(request, digest).await?;
        Ok(StoredDocument { hashed: Hashed::of(&bytes), source: Arc::new(bytes) })
    }

    /// Stores `grown`, which began as `document`; idempotent. A store that can copies the document by itself.
    async fn append(&self, request: &SignRequestId, document: &StoredDocument, grown: &Growing<'_>) -> Result<Digest, DocumentStoreError> {
        let mut whole = vec![0; usize::try_from(document.source.length()).unwrap_or(usize::MAX)];
        document.source.read_at(0, &mut whole).map_err(|error| DocumentStoreError::Unavailable(error.to_string()))?;
        whole.extend_from_slice(grown.appended());
        self.put(request, &whole).await
    }

    /// Deletes everything of `request`; idempotent.
    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError>;
}

/// An opened document.
#[derive(Clone)]
pub struct StoredDocument {
    /// Its bytes.
    pub source: Arc<dyn Source>,
    /// Their hash.
    pub hashed: Hashed,
}

impl StoredDocument {
    /// To append revisions to it.
    pub fn growing(&self) -> Growing<'_> {
        Growing::new(&*self.source, self.hashed.clone())
    }
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
