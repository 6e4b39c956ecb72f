use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::SignRequestId;
use crate::sign_request::SignRequest;

/// A value and the version it was read at.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// 1 when created, one more at each save.
    pub version: u64,
}

/// What `Idempotency-Key` stands for: the request that was made with it, and of which body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Idempotency {
    /// The key as sent, unique for one e-service.
    pub key: String,
    /// SHA-256 of the body, hexadecimal.
    pub body: String,
    /// The request created.
    pub id: SignRequestId,
}

/// What `create` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The request is stored.
    New,
    /// The idempotency key was used before; nothing was stored.
    Existing(Idempotency),
}

/// Sign requests, each one item with a version.
#[async_trait]
pub trait SignRequestStore: Send + Sync {
    /// Stores a new request and its idempotency key in one step.
    async fn create(&self, request: &SignRequest, key: Option<&Idempotency>) -> Result<Created, StoreError>;

    /// Reads a request, consistently.
    async fn load(&self, id: &SignRequestId) -> Result<Option<Versioned<SignRequest>>, StoreError>;

    /// Replaces the request if its version is still the one read, and its wake-up time (`SignRequest::wake_at`) with it.
    async fn save(&self, request: &Versioned<SignRequest>) -> Result<(), StoreError>;

    /// Deletes the request and its idempotency key; idempotent.
    async fn forget(&self, id: &SignRequestId) -> Result<(), StoreError>;
}

/// One page of a list, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// 1 and up.
    pub number: u32,
    /// 1 to 100.
    pub limit: u32,
}

/// Lists over sign requests; may lag behind the store by seconds.
#[async_trait]
pub trait SignRequestIndex: Send + Sync {
    /// An e-service's requests, newest first, and how many there are in all.
    async fn page(&self, requester: &str, page: Page) -> Result<(Vec<SignRequest>, u64), StoreError>;

    /// Requests whose wake-up time has passed, oldest first.
    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<SignRequestId>, StoreError>;
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else saved first: read again and decide anew.
    #[error("the sign request changed meanwhile")]
    Conflict,
    /// Worth trying again.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
}
