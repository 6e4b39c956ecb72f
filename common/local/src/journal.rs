//! The signing journal in SQLite, a file of its own: nobody but the signing function opens it.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use sigill_core::TransactionId;
use sigill_core::ports::{Intent, JournalEntry, JournalError, SignOutcome, SigningJournal};

use crate::sqlite::{OpenError, open};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS intent (transaction_id TEXT NOT NULL, at INTEGER NOT NULL, intent TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS intent_by_transaction ON intent (transaction_id);
CREATE TABLE IF NOT EXISTS outcome (transaction_id TEXT PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT;
";

/// The journal.
pub struct Journal {
    connection: Mutex<Connection>,
    kept: SignedDuration,
}

impl Journal {
    /// Opens or creates the file. Entries older than `kept` go when a new one comes.
    pub fn open(path: &Path, kept: SignedDuration) -> Result<Self, OpenError> {
        Ok(Self { connection: Mutex::new(open(path, SCHEMA)?), kept })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep_first(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<(), JournalError> {
        let json = serde_json::to_string(outcome).map_err(failed)?;
        let row = params![transaction.as_str(), outcome.signed_at.as_millisecond(), json];
        let insert = "INSERT OR IGNORE INTO outcome (transaction_id, at, outcome) VALUES (?1, ?2, ?3)";
        self.connection().execute(insert, row).map(|_| ()).map_err(failed)
    }

    fn forget_before(&self, oldest: Timestamp) -> Result<(), JournalError> {
        let connection = self.connection();
        for delete in ["DELETE FROM intent WHERE at < ?1", "DELETE FROM outcome WHERE at < ?1"] {
            connection.execute(delete, [oldest.as_millisecond()]).map_err(failed)?;
        }
        Ok(())
    }
}

fn failed(error: impl std::fmt::Display) -> JournalError {
    JournalError(error.to_string())
}

#[async_trait]
impl SigningJournal for Journal {
    async fn intend(&self, transaction: &TransactionId, intent: &Intent) -> Result<(), JournalError> {
        self.forget_before(intent.at - self.kept)?;
        let row = params![transaction.as_str(), intent.at.as_millisecond(), serde_json::to_string(intent).map_err(failed)?];
        self.connection().execute("INSERT INTO intent (transaction_id, at, intent) VALUES (?1, ?2, ?3)", row).map_err(failed)?;
        Ok(())
    }

    async fn settle(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<SignOutcome, JournalError> {
        self.keep_first(transaction, outcome)?;
        self.read(transaction).await?.outcome.ok_or_else(|| failed("the outcome is not there"))
    }

    async fn read(&self, transaction: &TransactionId) -> Result<JournalEntry, JournalError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT intent FROM intent WHERE transaction_id = ?1 ORDER BY at").map_err(failed)?;
        let rows = statement.query_map([transaction.as_str()], |row| row.get::<_, String>(0)).map_err(failed)?;
        let intents = rows.map(|row| serde_json::from_str(&row.map_err(failed)?).map_err(failed)).collect::<Result<_, _>>()?;
        let query = "SELECT outcome FROM outcome WHERE transaction_id = ?1";
        let outcome = connection.query_row(query, [transaction.as_str()], |row| row.get::<_, String>(0)).optional().map_err(failed)?;
        let outcome = outcome.map(|json| serde_json::from_str(&json)).transpose().map_err(failed)?;
        Ok(JournalEntry { intents, outcome })
    }
}
