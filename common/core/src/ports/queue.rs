use async_trait::async_trait;
use jiff::SignedDuration;

use crate::ids::SignRequestId;

/// A durable queue of sign requests with work to finish. Delivery is at least once: the work is idempotent.
#[async_trait]
pub trait WorkQueue: Send + Sync {
    /// Has `id` looked at after the time given, which is minutes at most.
    async fn finish_later(&self, id: &SignRequestId, after: SignedDuration) -> Result<(), QueueError>;
}

/// The queue does not answer. The sweep finds the work again.
#[derive(Debug, thiserror::Error)]
#[error("the queue does not answer: {0}")]
pub struct QueueError(pub String);
