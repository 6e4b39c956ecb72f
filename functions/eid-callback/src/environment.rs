//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, variable};
use sigill_core::config::SecretName;

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
    /// `SIGILL_CLIENT_KEY`: the secret with the key of our e-ID client.
    pub client_key: SecretName,
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
            client_key: SecretName::new(variable("SIGILL_CLIENT_KEY")?),
        })
    }
}
