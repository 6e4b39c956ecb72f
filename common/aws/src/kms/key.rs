use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_types::SdkConfig;
use sigill_core::certificate::CA_ALGORITHM;
use sigill_core::ports::{KeyError, SigningKey, ToBeSigned};
use tokio::sync::OnceCell;

use super::sign::{public_key, sign};

/// A long-lived P-256 key, by its ARN.
pub struct KmsKey {
    client: Client,
    arn: String,
    public_key: OnceCell<Vec<u8>>,
}

impl KmsKey {
    /// The key at `arn`.
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self { client: Client::new(config), arn, public_key: OnceCell::new() }
    }
}

#[async_trait]
impl SigningKey for KmsKey {
    async fn public_key(&self) -> Result<Vec<u8>, KeyError> {
        self.public_key.get_or_try_init(|| public_key(&self.client, &self.arn)).await.cloned()
    }

    async fn sign(&self, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        sign(&self.client, &self.arn, CA_ALGORITHM, message).await
    }
}
