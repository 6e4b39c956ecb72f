use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_sdk_kms::types::{KeyUsageType, Tag};
use aws_types::SdkConfig;
use pades::SignatureAlgorithm;
use sigill_core::TransactionId;
use sigill_core::ports::{KeyError, OneTimeKey, OneTimeKeys, ToBeSigned};

use super::policy::SigningRole;
use super::sign::{failed, public_key, sign};
use super::suite::{Suite, suite};
use crate::error::is;

/// Tag that says whose a key is.
const STACK: &str = "sigill:stack";
/// Tag that says what a key is for.
const PURPOSE: &str = "sigill:purpose";
/// Its value.
const ONE_TIME: &str = "one-time";
/// The shortest that KMS takes, in days. The key can do nothing meanwhile, and costs nothing.
const DELETION_DAYS: i32 = 7;

/// A KMS key for each transaction: no process ever holds it.
pub struct KmsOneTimeKeys {
    client: Client,
    stack: String,
    role: SigningRole,
}

impl KmsOneTimeKeys {
    /// Keys of `stack`, for `role` alone.
    pub fn new(config: &SdkConfig, stack: String, role: SigningRole) -> Self {
        Self { client: Client::new(config), stack, role }
    }

    /// Has the key deleted; idempotent.
    async fn schedule_deletion(&self, key: &str) -> Result<(), KeyError> {
        match self.client.schedule_key_deletion().key_id(key).pending_window_in_days(DELETION_DAYS).send().await {
            Ok(_) => Ok(()),
            // It waits for its deletion already, or is gone.
            Err(error) if is(&error, "KMSInvalidStateException") || is(&error, "NotFoundException") => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

#[async_trait]
impl OneTimeKeys for KmsOneTimeKeys {
    async fn create(&self, transaction: &TransactionId, algorithm: SignatureAlgorithm) -> Result<OneTimeKey, KeyError> {
        let tag = |key: &str, value: &str| Tag::builder().tag_key(key).tag_value(value).build().map_err(|_| KeyError::WrongAnswer);
        let Suite { spec, signing } = suite(algorithm)?;
        let created = self
            .client
            .create_key()
            .key_spec(spec)
            .key_usage(KeyUsageType::SignVerify)
            .description(format!("Sigill one-time key of transaction {transaction}"))
            .policy(self.role.key_policy(&signing).to_string())
            // The check wants that whoever makes the key may replace its policy. This role may not; administrators may.
            .bypass_policy_lockout_safety_check(true)
            .tags(tag(STACK, &self.stack)?)
            .tags(tag(PURPOSE, ONE_TIME)?)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let reference = created.key_metadata.and_then(|metadata| metadata.arn).ok_or(KeyError::WrongAnswer)?;
        match public_key(&self.client, &reference).await {
            Ok(public_key) => Ok(OneTimeKey { reference, public_key, algorithm }),
            Err(error) => {
                // Nobody will ever know of this key.
                let _ = self.schedule_deletion(&reference).await;
                Err(error)
            }
        }
    }

    async fn sign(&self, key: &OneTimeKey, message: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        sign(&self.client, &key.reference, key.algorithm, message).await
    }

    async fn destroy(&self, key: &OneTimeKey) -> Result<(), KeyError> {
        self.schedule_deletion(&key.reference).await
    }
}
