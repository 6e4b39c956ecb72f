//! Secrets in the configuration: given in the file, or named and kept in a store of secrets.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::ports::Secret;

/// Prefix of a Standard Webhooks secret.
const WEBHOOK_PREFIX: &str = "whsec_";
/// Prefix of a name in the store of secrets.
const KEPT_PREFIX: &str = "secretsmanager:";

/// The name of a secret in its store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// A name as the store knows it.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secret that signs an e-service's notifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookSecret {
    /// It stands in the file.
    Given(WebhookKey),
    /// It is kept in a store of secrets, in the same form.
    Kept(SecretName),
}

impl WebhookSecret {
    /// `whsec_…`, or `secretsmanager:` and a name.
    pub(super) fn parse(text: &str) -> Result<Self, NotAWebhookSecret> {
        match text.strip_prefix(KEPT_PREFIX) {
            Some("") => Err(NotAWebhookSecret),
            Some(name) => Ok(Self::Kept(SecretName::new(name))),
            None => WebhookKey::parse(&Secret::new(text.to_owned())).map(Self::Given),
        }
    }
}

/// A Standard Webhooks key, decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKey(Vec<u8>);

impl WebhookKey {
    /// `whsec_` and base64.
    pub fn parse(secret: &Secret) -> Result<Self, NotAWebhookSecret> {
        let encoded = secret.expose().strip_prefix(WEBHOOK_PREFIX).ok_or(NotAWebhookSecret)?;
        BASE64_STANDARD.decode(encoded).map(Self).map_err(|_| NotAWebhookSecret)
    }

    /// The key of the HMAC.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey(…)")
    }
}

/// The text is no webhook secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a webhook secret is whsec_ and base64, or secretsmanager: and a name")]
pub struct NotAWebhookSecret;
