use std::fmt;

use async_trait::async_trait;

use crate::config::SecretName;

/// A store of secrets by name.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret called `name`. Asked when it is needed, so that a start never waits for it.
    async fn secret(&self, name: &SecretName) -> Result<Secret, SecretError>;
}

/// A secret text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps the text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// No secret of this name, or none that this function may read.
    #[error("there is no secret {0}")]
    Missing(SecretName),
    /// Worth trying again.
    #[error("the store of secrets does not answer: {0}")]
    Unavailable(String),
}
