//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, variable};

/// Names of infrastructure.
pub struct Environment {
    /// `SIGILL_DOCUMENTS`: the bucket of documents.
    pub documents: String,
}

impl Environment {
    /// Reads the variable.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self { documents: variable("SIGILL_DOCUMENTS")? })
    }
}
