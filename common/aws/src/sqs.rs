//! The work queue in SQS. A message is the id of a sign request, and nothing else.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use jiff::SignedDuration;
use sigill_core::SignRequestId;
use sigill_core::ports::{QueueError, WorkQueue};

use crate::error::reason;

/// The longest delay that SQS takes, in seconds.
const LONGEST_DELAY: i64 = 900;

/// A queue, by its URL.
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// The queue at `url`.
    pub fn new(config: &SdkConfig, url: String) -> Self {
        Self { client: Client::new(config), url }
    }
}

#[async_trait]
impl WorkQueue for SqsQueue {
    async fn finish_later(&self, id: &SignRequestId, after: SignedDuration) -> Result<(), QueueError> {
        let delay = i32::try_from(after.as_secs().clamp(0, LONGEST_DELAY)).unwrap_or_default();
        let message = self.client.send_message().queue_url(&self.url).message_body(id.as_str()).delay_seconds(delay);
        message.send().await.map(|_| ()).map_err(|error| QueueError(reason(&error)))
    }
}
