//! A signing journal that lives as long as the process: for signing one file, where there is nobody to come back.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use sigill_core::TransactionId;
use sigill_core::ports::{Intent, JournalEntry, JournalError, SignOutcome, SigningJournal};

/// The journal.
#[derive(Default)]
pub struct MemoryJournal(Mutex<HashMap<TransactionId, JournalEntry>>);

impl MemoryJournal {
    fn entries(&self) -> MutexGuard<'_, HashMap<TransactionId, JournalEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SigningJournal for MemoryJournal {
    async fn intend(&self, transaction: &TransactionId, intent: &Intent) -> Result<(), JournalError> {
        self.entries().entry(transaction.clone()).or_default().intents.push(intent.clone());
        Ok(())
    }

    async fn settle(&self, transaction: &TransactionId, outcome: &SignOutcome) -> Result<SignOutcome, JournalError> {
        let mut entries = self.entries();
        Ok(entries.entry(transaction.clone()).or_default().outcome.get_or_insert_with(|| outcome.clone()).clone())
    }

    async fn read(&self, transaction: &TransactionId) -> Result<JournalEntry, JournalError> {
        Ok(self.entries().get(transaction).cloned().unwrap_or_default())
    }
}
