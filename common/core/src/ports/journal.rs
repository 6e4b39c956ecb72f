use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{OneTimeKey, SignOutcome};
use crate::ids::TransactionId;

/// What the signing function is about to do, stored before a key is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Intent {
    /// Nonce of the manifest that was verified.
    pub manifest: String,
    /// The key made for it.
    pub key: OneTimeKey,
    /// The certificate that will be issued (TBSCertificate, DER): no certificate is ever unrecorded.
    #[serde(with = "crate::octets")]
    pub certificate: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// What the journal holds of one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalEntry {
    /// One for each attempt; all but the last were cut short.
    pub intents: Vec<Intent>,
    /// The first stored outcome.
    pub outcome: Option<SignOutcome>,
}

/// The signing function's own memory, one entry a transaction.
#[async_trait]
pub trait SigningJournal: Send + Sync {
    /// Adds an intent; several attempts of one transaction may each add one.
    async fn intend(&self, transaction: &TransactionId, intent: &Intent) -> Result<(), JournalError>;

    /// Stores the outcome unless one is there, and answers the stored one: the first wins.
    async fn settle(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<SignOutcome, JournalError>;

    /// The entry; empty when nothing was intended.
    async fn read(&self, transaction: &TransactionId) -> Result<JournalEntry, JournalError>;
}

/// The journal does not answer; worth trying again.
#[derive(Debug, thiserror::Error)]
#[error("the signing journal does not answer: {0}")]
pub struct JournalError(pub String);
