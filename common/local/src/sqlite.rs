//! Opening SQLite files so that what is committed is on disk.

use std::path::Path;

use rusqlite::Connection;

/// Counts up with every change of a schema or of the JSON in it.
const VERSION: i64 = 2;

/// Why a file is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite's own reason.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Written by another version of Sigill.
    #[error("{file} was written by another version of Sigill (data version {found}, not {VERSION}): choose another --data folder")]
    Version {
        /// The file.
        file: String,
        /// Its version.
        found: i64,
    },
}

/// Opens or makes the file at `path` with the tables of `schema`, which may be there already.
pub fn open(path: &Path, schema: &str) -> Result<Connection, OpenError> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;")?;
    match connection.query_row("PRAGMA user_version", [], |row| row.get(0))? {
        0 | VERSION => {}
        found => return Err(OpenError::Version { file: path.display().to_string(), found }),
    }
    connection.execute_batch(&format!("{schema} PRAGMA user_version = {VERSION};"))?;
    Ok(connection)
}
