//! What the deployment tells this function.

use sigill_aws::environment::{EnvironmentError, variable};

/// Names of infrastructure.
pub struct Environment {
    /// `SIGILL_TABLE`: the table.
    pub table: String,
    /// `SIGILL_CA_KEY`: ARN of the CA's key.
    pub ca_key: String,
    /// `SIGILL_STACK`: the stack's name, a tag of every one-time key.
    pub stack: String,
    /// `SIGILL_ROLE`: ARN of this function's role, which alone may use one-time keys.
    pub role: String,
}

impl Environment {
    /// Reads the variables.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: variable("SIGILL_TABLE")?,
            ca_key: variable("SIGILL_CA_KEY")?,
            stack: variable("SIGILL_STACK")?,
            role: variable("SIGILL_ROLE")?,
        })
    }
}
