//! One table for everything. An item's partition key begins with what it is, so that a role can be confined to its own
//! kinds (`dynamodb:LeadingKeys`):
//!
//! | partition key | sort key | item | who |
//! |---|---|---|---|
//! | `REQUEST#<id>` | `STATE` | a sign request | intake, callback, finishing |
//! | `IDEMPOTENCY#<e-service>/<key>` | `KEY` | what an idempotency key stands for | intake, finishing |
//! | `SIGNING#<transaction>` | `INTENT#<key>`, `OUTCOME` | the signing journal | signing |
//! | `AUTHORITY` | `ROOT` | the CA's root certificate | signing; intake reads it |
//! | `TIMESTAMP` | `LAST` | the size of the last timestamp token | callback, finishing |
//!
//! Two indexes over requests hold keys alone: `by-requester` (newest first) and `due` (only what has a wake-up time).

mod index;
mod item;
mod journal;
mod last_token;
mod requests;
mod root;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use sigill_core::ports::Clock;

pub use journal::DynamoJournal;
pub use last_token::DynamoLastToken;
pub use root::DynamoRoot;

/// Sign requests in the table.
pub struct DynamoRequests {
    client: Client,
    table: String,
    clock: Arc<dyn Clock>,
}

impl DynamoRequests {
    /// Requests in `table`.
    pub fn new(config: &SdkConfig, table: String, clock: Arc<dyn Clock>) -> Self {
        Self { client: Client::new(config), table, clock }
    }
}
