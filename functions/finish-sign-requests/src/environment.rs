//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, variable};

/// Names of infrastructure.
pub struct Environment {
    /// `SIGILL_TABLE`: the table.
    pub table: String,
    /// `SIGILL_DOCUMENTS`: the bucket of documents.
    pub documents: String,
    /// `SIGILL_QUEUE_URL`: the queue of work to finish.
    pub queue_url: String,
    /// `SIGILL_ASSEMBLE_PADES`: that function's name.
    pub assemble_pades: String,
    /// `SIGILL_SIGN_DOCUMENT_HASH`: that function's name.
    pub sign_document_hash: String,
}

impl Environment {
    /// Reads the variables.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: variable("SIGILL_TABLE")?,
            documents: variable("SIGILL_DOCUMENTS")?,
            queue_url: variable("SIGILL_QUEUE_URL")?,
            assemble_pades: variable("SIGILL_ASSEMBLE_PADES")?,
            sign_document_hash: variable("SIGILL_SIGN_DOCUMENT_HASH")?,
        })
    }
}
