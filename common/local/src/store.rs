//! Sign requests and idempotency keys in SQLite, each change one transaction on disk.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use sigill_core::ports::{Clock, Created, Idempotency, Page, SignRequestIndex, SignRequestStore, StoreError, Versioned};
use sigill_core::{SignRequest, SignRequestId};

use crate::sqlite::{OpenError, open};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS sign_request (
  id TEXT PRIMARY KEY, version INTEGER NOT NULL, requester TEXT NOT NULL, created INTEGER NOT NULL,
  wake_at INTEGER, state TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sign_request_by_requester ON sign_request (requester, created DESC);
CREATE INDEX IF NOT EXISTS sign_request_by_wake ON sign_request (wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency (key TEXT PRIMARY KEY, body TEXT NOT NULL, id TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS idempotency_by_id ON idempotency (id);
";

/// The database.
pub struct Database {
    connection: Mutex<Connection>,
    clock: Arc<dyn Clock>,
}

impl Database {
    /// Opens or creates the file.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let connection = open(path, SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection), clock })
    }

    /// Ids of the e-services that have requests here.
    pub fn requesters(&self) -> Result<Vec<String>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT DISTINCT requester FROM sign_request ORDER BY requester").map_err(failed)?;
        let rows = statement.query_map([], |row| row.get(0)).map_err(failed)?;
        rows.map(|row| row.map_err(failed)).collect()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_at(&self, request: &SignRequest) -> Option<i64> {
        request.wake_at(self.clock.now()).map(Timestamp::as_millisecond)
    }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(failed)
}

#[async_trait]
impl SignRequestStore for Database {
    async fn create(&self, request: &SignRequest, key: Option<&Idempotency>) -> Result<Created, StoreError> {
        let state = serde_json::to_string(request).map_err(failed)?;
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(failed)?;
        if let Some(key) = key {
            let known = transaction
                .query_row("SELECT body, id FROM idempotency WHERE key = ?1", [&key.key], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
                .optional()
                .map_err(failed)?;
            if let Some((body, id)) = known {
                let id = SignRequestId::try_from(id).map_err(failed)?;
                return Ok(Created::Existing(Idempotency { key: key.key.clone(), body, id }));
            }
            let row = params![key.key, key.body, key.id.as_str()];
            transaction.execute("INSERT INTO idempotency (key, body, id) VALUES (?1, ?2, ?3)", row).map_err(failed)?;
        }
        let row = params![request.id.as_str(), request.requester, request.created.as_millisecond(), self.wake_at(request), state];
        let insert = "INSERT INTO sign_request (id, version, requester, created, wake_at, state) VALUES (?1, 1, ?2, ?3, ?4, ?5)";
        transaction.execute(insert, row).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(Created::New)
    }

    async fn load(&self, id: &SignRequestId) -> Result<Option<Versioned<SignRequest>>, StoreError> {
        let query = "SELECT version, state FROM sign_request WHERE id = ?1";
        let row = self.connection().query_row(query, [id.as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        let Some((version, state)) = row.optional().map_err(failed)? else { return Ok(None) };
        Ok(Some(Versioned { value: read(&state)?, version: version.unsigned_abs() }))
    }

    async fn save(&self, request: &Versioned<SignRequest>) -> Result<(), StoreError> {
        let state = serde_json::to_string(&request.value).map_err(failed)?;
        let version = i64::try_from(request.version).map_err(failed)?;
        let row = params![state, self.wake_at(&request.value), request.value.id.as_str(), version];
        let update = "UPDATE sign_request SET state = ?1, wake_at = ?2, version = version + 1 WHERE id = ?3 AND version = ?4";
        match self.connection().execute(update, row).map_err(failed)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict),
        }
    }

    async fn forget(&self, id: &SignRequestId) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(failed)?;
        for delete in ["DELETE FROM idempotency WHERE id = ?1", "DELETE FROM sign_request WHERE id = ?1"] {
            transaction.execute(delete, [id.as_str()]).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }
}

#[async_trait]
impl SignRequestIndex for Database {
    async fn page(&self, requester: &str, page: Page) -> Result<(Vec<SignRequest>, u64), StoreError> {
        let connection = self.connection();
        let count = "SELECT count(*) FROM sign_request WHERE requester = ?1";
        let total: i64 = connection.query_row(count, [requester], |row| row.get(0)).map_err(failed)?;
        let query = "SELECT state FROM sign_request WHERE requester = ?1 ORDER BY created DESC, id LIMIT ?2 OFFSET ?3";
        let mut statement = connection.prepare_cached(query).map_err(failed)?;
        let offset = i64::from(page.number.saturating_sub(1)) * i64::from(page.limit);
        let rows = statement.query_map(params![requester, page.limit, offset], |row| row.get::<_, String>(0)).map_err(failed)?;
        let requests = rows.map(|row| read(&row.map_err(failed)?)).collect::<Result<_, _>>()?;
        Ok((requests, total.unsigned_abs()))
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<SignRequestId>, StoreError> {
        let connection = self.connection();
        let query = "SELECT id FROM sign_request WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2";
        let mut statement = connection.prepare_cached(query).map_err(failed)?;
        let rows = statement.query_map(params![now.as_millisecond(), limit], |row| row.get::<_, String>(0)).map_err(failed)?;
        rows.map(|row| SignRequestId::try_from(row.map_err(failed)?).map_err(failed)).collect()
    }
}
