//! `finish-sign-requests`: finishes what somebody began and a process did not end, delivers notifications, and forgets
//! what has been kept long enough. It takes work from the queue, and looks for work that never got there.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sigill_core::SignRequestId;
use sigill_core::ports::{SignRequestIndex, WorkQueue};
use sigill_core::use_case::{Finishing, finish, sweep};

/// What the function is called with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Work {
    /// By the schedule: put what is due into the queue.
    #[serde(rename = "sweep")]
    Sweep {},
    /// By the queue (an SQS event).
    Records(Vec<Message>),
}

/// A message of the queue; of its fields only these are used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// SQS's name of the message.
    pub message_id: String,
    /// The id of a sign request.
    pub body: String,
}

/// Which messages are to come again, and in the end to the dead letters (`ReportBatchItemFailures`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// The others are done.
    pub batch_item_failures: Vec<Failed>,
}

/// One message that is to come again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// SQS's name of the message.
    pub item_identifier: String,
}

/// The function.
pub struct Worker {
    /// What finishing needs.
    pub finishing: Finishing,
    /// What is due.
    pub index: Arc<dyn SignRequestIndex>,
    /// Where it goes.
    pub queue: Arc<dyn WorkQueue>,
}

impl Worker {
    /// One call.
    pub async fn handle(&self, work: Work) -> BatchAnswer {
        let mut answer = BatchAnswer::default();
        match work {
            Work::Sweep {} => {
                let found = sweep(&*self.index, &*self.queue, &*self.finishing.clock).await;
                tracing::info!(found, "swept");
            }
            Work::Records(messages) => {
                for message in messages {
                    match SignRequestId::try_from(message.body) {
                        // What could not be done now is found again by the sweep; a message that came again too
                        // would only multiply the tries.
                        Ok(id) => finish(&self.finishing, &id).await,
                        Err(error) => {
                            tracing::error!(message = message.message_id, %error, "a message that is not ours");
                            answer.batch_item_failures.push(Failed { item_identifier: message.message_id });
                        }
                    }
                }
            }
        }
        answer
    }
}
