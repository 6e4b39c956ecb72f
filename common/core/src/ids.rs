//! Identifiers and capabilities.

use std::fmt;

use ring::{digest, hmac};
use serde::{Deserialize, Serialize};

use crate::ports::Random;

/// Lower-case hexadecimal of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new one from 128 random bits.
            pub fn random(random: &dyn Random) -> Self {
                let mut bytes = [0; 16];
                random.fill(&mut bytes);
                Self(hex(&bytes))
            }

            /// 32 lower-case hexadecimal digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                let valid = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if valid { Ok(Self(text)) } else { Err(NotAnId) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

hex_id!(
    /// Names one sign request, for ever. It is no secret: knowing it opens nothing.
    SignRequestId
);
hex_id!(
    /// Names one attempt of one signer: one e-ID transaction, one manifest, one key.
    TransactionId
);

impl SignRequestId {
    /// The one that `requester` makes with idempotency key `key`: the first 128 bits of a SHA-256.
    pub fn named(requester: &str, key: &str) -> Self {
        let name = format!("sigill sign request\0{requester}\0{key}");
        Self(hex(&digest::digest(&digest::SHA256, name.as_bytes()).as_ref()[..16]))
    }
}

/// The text is not 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of 32 lower-case hexadecimal digits")]
pub struct NotAnId;

/// The secret part of a signing link: opens the page of one signer, never stands for identity.
///
/// It is derived from the bearer key of the e-service that asked, so that a replayed create can give the same
/// links while only their hashes are stored.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSecret(String);

impl LinkSecret {
    /// HMAC-SHA-256 over request and signer, keyed by the presented bearer key; 160 bits of it.
    pub fn derive(bearer_key: &str, id: &SignRequestId, signer: usize) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, bearer_key.as_bytes());
        let tag = hmac::sign(&key, format!("sigill signing link\0{id}\0{signer}").as_bytes());
        Self(hex(&tag.as_ref()[..20]))
    }

    /// A secret as it came in a link.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What goes into the link.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(…)")
    }
}

/// SHA-256 of a high-entropy secret, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// The hash of `secret`.
    pub fn of(secret: &str) -> Self {
        Self(hex(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref()))
    }

    /// A hash as it stands in the configuration.
    pub(crate) fn from_hex(hash: String) -> Self {
        Self(hash)
    }

    /// Whether `secret` is the hashed one. Comparing hashes in variable time reveals nothing usable.
    pub fn matches(&self, secret: &str) -> bool {
        Self::of(secret) == *self
    }
}
