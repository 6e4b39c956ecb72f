//! Secrets in Secrets Manager, read when they are first needed and kept for the life of the process.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use sigill_core::config::SecretName;
use sigill_core::ports::{KeyError, Secret, SecretError, Secrets, SigningKey, ToBeSigned};
use sigill_machine::SoftwareKey;
use tokio::sync::{Mutex, OnceCell};

use crate::error::{is, reason};

/// The store of secrets. A replaced secret is seen by new processes.
pub struct SecretsManager {
    client: Client,
    known: Mutex<HashMap<SecretName, Secret>>,
}

impl SecretsManager {
    /// The store of this account and region.
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config), known: Mutex::default() }
    }

    async fn ask(&self, name: &SecretName) -> Result<Secret, SecretError> {
        let answer = self.client.get_secret_value().secret_id(name.as_str()).send().await.map_err(|error| {
            if is(&error, "ResourceNotFoundException") {
                SecretError::Missing(name.clone())
            } else {
                SecretError::Unavailable(reason(&error))
            }
        })?;
        answer.secret_string.map(Secret::new).ok_or_else(|| SecretError::Missing(name.clone()))
    }
}

#[async_trait]
impl Secrets for SecretsManager {
    async fn secret(&self, name: &SecretName) -> Result<Secret, SecretError> {
        let mut known = self.known.lock().await;
        if let Some(secret) = known.get(name) {
            return Ok(secret.clone());
        }
        let secret = self.ask(name).await?;
        known.insert(name.clone(), secret.clone());
        Ok(secret)
    }
}

/// A software key whose PKCS #8 (PEM) is a secret: the key of our e-ID client, which may not be in KMS because only the
/// signing function may have KMS sign.
pub struct SecretKey {
    secrets: Arc<dyn Secrets>,
    name: SecretName,
    key: OnceCell<SoftwareKey>,
}

impl SecretKey {
    /// The key in the secret called `name`.
    pub fn new(secrets: Arc<dyn Secrets>, name: SecretName) -> Self {
        Self { secrets, name, key: OnceCell::new() }
    }

    async fn key(&self) -> Result<&SoftwareKey, KeyError> {
        self.key
            .get_or_try_init(|| async {
                let secret = self.secrets.secret(&self.name).await.map_err(|error| KeyError::Unavailable(error.to_string()))?;
                SoftwareKey::from_pem(secret.expose())
            })
            .await
    }
}

#[async_trait]
impl SigningKey for SecretKey {
    async fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        self.key().await?.public_key().await
    }

    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        self.key().await?.sign(message).await
    }
}
