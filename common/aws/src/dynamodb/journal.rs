//! The signing journal: items are added and never replaced.

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sigill_core::TransactionId;
use sigill_core::ports::{Intent, JournalEntry, JournalError, SignOutcome, SigningJournal};

use super::item::{Item, SORT, key, number, packed, text, text_of, unpacked};
use crate::error::{is, reason};

const ENTRY: &str = "entry";
/// The table's time to live, in seconds since the epoch.
const EXPIRES_AT: &str = "expiresAt";
const INTENT: &str = "INTENT#";
const OUTCOME: &str = "OUTCOME";

/// The journal in the table.
pub struct DynamoJournal {
    client: Client,
    table: String,
    kept: SignedDuration,
}

impl DynamoJournal {
    /// A journal in `table`, whose entries are deleted some time after `kept`. A transaction is never read again after
    /// three days, and what ended is kept for a week at least: that a deletion comes late changes nothing.
    pub fn new(config: &SdkConfig, table: String, kept: SignedDuration) -> Self {
        Self { client: Client::new(config), table, kept }
    }

    /// Adds an item unless it is there.
    async fn add(&self, transaction: &TransactionId, sort: String, entry: &impl Serialize, at: Timestamp) -> Result<(), JournalError> {
        let mut item = key(partition(transaction), sort);
        item.insert(ENTRY.to_owned(), packed(entry).map_err(failed)?);
        item.insert(EXPIRES_AT.to_owned(), number((at + self.kept).as_second()));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Ok(_) => Ok(()),
            Err(error) if is(&error, "ConditionalCheckFailedException") => Ok(()),
            Err(error) => Err(failed(reason(&error))),
        }
    }
}

fn partition(transaction: &TransactionId) -> String {
    format!("SIGNING#{transaction}")
}

fn failed(error: impl std::fmt::Display) -> JournalError {
    JournalError(error.to_string())
}

fn entry<T: DeserializeOwned>(item: &Item) -> Result<T, JournalError> {
    unpacked(item, ENTRY).map_err(failed)
}

#[async_trait]
impl SigningJournal for DynamoJournal {
    async fn intend(&self, transaction: &TransactionId, intent: &Intent) -> Result<(), JournalError> {
        // A key is made for one intent, so the same key is the same intent sent twice.
        self.add(transaction, format!("{INTENT}{}", intent.key.reference), intent, intent.at).await
    }

    async fn settle(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<SignOutcome, JournalError> {
        self.add(transaction, OUTCOME.to_owned(), outcome, outcome.signed_at).await?;
        self.read(transaction).await?.outcome.ok_or_else(|| failed("the outcome is not there"))
    }

    async fn read(&self, transaction: &TransactionId) -> Result<JournalEntry, JournalError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :partition")
            .expression_attribute_values(":partition", text(partition(transaction)));
        let items = query.send().await.map_err(|error| failed(reason(&error)))?.items.unwrap_or_default();
        let mut found = JournalEntry::default();
        for item in &items {
            match text_of(item, SORT).map_err(failed)? {
                OUTCOME => found.outcome = Some(entry(item)?),
                _ => found.intents.push(entry(item)?),
            }
        }
        found.intents.sort_by_key(|intent: &Intent| intent.at);
        Ok(found)
    }
}
