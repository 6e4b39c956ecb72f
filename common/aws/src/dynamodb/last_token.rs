use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use sigill_core::ports::LastToken;

use super::item::{key, number, number_of};
use crate::error::reason;

const BYTES: &str = "bytes";

/// The size of the last timestamp token in the table.
pub struct DynamoLastToken {
    client: Client,
    table: String,
}

impl DynamoLastToken {
    /// The size in `table`.
    pub fn new(config: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(config), table }
    }
}

#[async_trait]
impl LastToken for DynamoLastToken {
    async fn bytes(&self) -> Option<usize> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key("TIMESTAMP", "LAST"))).send().await;
        match get {
            Ok(got) => number_of(&got.item?, BYTES).ok(),
            Err(error) => {
                tracing::warn!(error = reason(&error), "the size of the last timestamp token is not known");
                None
            }
        }
    }

    async fn keep(&self, bytes: usize) {
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key("TIMESTAMP", "LAST")));
        let update = update.update_expression("SET #bytes = :bytes").expression_attribute_names("#bytes", BYTES);
        if let Err(error) = update.expression_attribute_values(":bytes", number(bytes)).send().await {
            tracing::warn!(error = reason(&error), "the size of the last timestamp token is not kept");
        }
    }
}
