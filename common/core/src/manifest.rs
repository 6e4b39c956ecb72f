//! The manifest: one salted hash binds documents, signer, requester and expiry to one e-ID transaction.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use pades::{Digest, MessageDigest, SignatureAlgorithm};
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::identity::PersonalIdentityNumber;
use crate::ids::{SignRequestId, TransactionId};

/// What one signer agrees to in one e-ID transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// 1.
    pub version: u8,
    /// The municipality whose service this is.
    pub municipality: String,
    /// The sign request.
    pub sign_request: SignRequestId,
    /// This attempt.
    pub transaction: TransactionId,
    /// The e-service that asks.
    pub requester: String,
    /// The e-ID provider that is to authenticate.
    pub provider: String,
    /// Every document, in order.
    pub documents: Vec<ManifestDocument>,
    /// How the documents are prepared to be signed; the default is left out.
    #[serde(default, skip_serializing_if = "SignatureAlgorithm::is_default")]
    pub algorithm: SignatureAlgorithm,
    /// Who alone may sign; absent when the request names nobody.
    pub signer: Option<PersonalIdentityNumber>,
    /// The e-ID transaction started at this time.
    pub started: Timestamp,
    /// No signature after this time.
    pub expires: Timestamp,
    /// 256 random bits in hexadecimal, so that the hash tells nothing of the content.
    pub salt: String,
}

/// One document of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManifestDocument {
    /// Its file name.
    pub name: String,
    /// SHA-256 of the bytes shown to the signer.
    pub shown: Digest,
    /// The digest over the prepared revision's ByteRange, by the suite: what the signature will cover.
    pub to_be_signed: MessageDigest,
}

impl Manifest {
    /// The bytes that are hashed and kept: JSON in the order of the fields above.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes back. They are the truth, so they must be exactly what this manifest would be written as.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAManifest> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| NotAManifest)?;
        if manifest.version == 1 && manifest.to_bytes() == bytes { Ok(manifest) } else { Err(NotAManifest) }
    }

    /// The hash that goes into the e-ID transaction.
    pub fn hash(&self) -> ManifestHash {
        ManifestHash::of(&self.to_bytes())
    }
}

/// The bytes are no manifest of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not a manifest")]
pub struct NotAManifest;

/// SHA-256 of a manifest's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestHash([u8; 32]);

impl ManifestHash {
    /// The hash of manifest bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(hash)
    }

    /// As the OpenID Connect `nonce`: base64url without padding.
    pub fn nonce(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}
