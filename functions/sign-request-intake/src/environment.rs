//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, optional, variable};

/// Names of infrastructure.
pub struct Environment {
    /// `SIGILL_TABLE`: the table.
    pub table: String,
    /// `SIGILL_DOCUMENTS`: the bucket of documents.
    pub documents: String,
    /// `SIGILL_SERVICE_HOST`: the host for client certificates, if e-services must come by one.
    pub service_host: Option<String>,
}

impl Environment {
    /// Reads the variables.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: variable("SIGILL_TABLE")?,
            documents: variable("SIGILL_DOCUMENTS")?,
            service_host: optional("SIGILL_SERVICE_HOST")?,
        })
    }
}
