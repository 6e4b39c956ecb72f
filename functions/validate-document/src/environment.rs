//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, variable};

/// Names of infrastructure.
pub struct Environment {
    /// `SIGILL_TABLE`: the table.
    pub table: String,
}

impl Environment {
    /// Reads the variable.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self { table: variable("SIGILL_TABLE")? })
    }
}
