//! This machine has no store of secrets.

use async_trait::async_trait;
use sigill_core::config::SecretName;
use sigill_core::ports::{Secret, SecretError, Secrets};

/// Knows no secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSecrets;

#[async_trait]
impl Secrets for NoSecrets {
    async fn secret(&self, name: &SecretName) -> Result<Secret, SecretError> {
        Err(SecretError::Missing(name.clone()))
    }
}
