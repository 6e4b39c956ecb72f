//! What a token claims (RFC 9321, 3.2): only these claims may occur. A claim that is null is an absent one.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The JWT's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Names the token, for ever.
    pub jti: String,
    /// Who says it.
    pub iss: String,
    /// When, unix seconds.
    pub iat: i64,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// When the issuer's responsibility ends, unix seconds; what was validated stays so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// What was validated.
    pub sig_val_claims: SigValidation,
}

/// One recipient or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// `Map<String>`.
pub type Extensions = Option<BTreeMap<String, String>>;

/// `SigValidation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigValidation {
    /// `1.0`.
    pub ver: String,
    /// `PDF`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The algorithm of every hash in it, a URI.
    pub hash_algo: String,
    /// Each signature.
    pub sig: Vec<Signature>,
    /// Whatever else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Extensions,
}

/// `Signature`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which signature.
    pub sig_ref: SigReference,
    /// What it signs: exactly one in a PDF.
    pub sig_data_ref: Vec<SignedData>,
    /// By whose certificate.
    pub signer_cert_ref: CertReference,
    /// With what result, by each policy.
    pub sig_val: Vec<PolicyValidation>,
    /// Since when it is known to exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_val: Option<Vec<TimeValidation>>,
    /// Whatever else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Extensions,
}

/// `SigReference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigReference {
    /// Absent in a PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Hash of the signature value.
    pub sig_hash: Base64Binary,
    /// Hash of the SignedAttributes, DER.
    pub sb_hash: Base64Binary,
}

/// `SignedData`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedData {
    /// The ByteRange, its numbers separated by spaces.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Hash of the bytes that it covers.
    pub hash: Base64Binary,
}

/// `CertReference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertReference {
    /// What the references are.
    #[serde(rename = "type")]
    pub kind: CertReferenceKind,
    /// The signer's first.
    #[serde(rename = "ref")]
    pub references: Vec<Base64Binary>,
}

/// What certificate references are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertReferenceKind {
    /// Certificates.
    Chain,
    /// Hashes of certificates that are in the signature.
    ChainHash,
}

/// `PolicyValidation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyValidation {
    /// The policy.
    pub pol: String,
    /// The result.
    pub res: SvtResult,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg: Option<String>,
    /// Whatever else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Extensions,
}

/// Results (ETSI EN 319 102-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SvtResult {
    /// The signature is valid.
    Passed,
    /// It is not.
    Failed,
    /// That can't be told.
    Indeterminate,
}

/// `TimeValidation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeValidation {
    /// The time, unix seconds.
    pub time: i64,
    /// The kind of evidence.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whose it is.
    pub iss: String,
    /// Its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// With what result, by each policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub val: Option<Vec<PolicyValidation>>,
    /// Whatever else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Extensions,
}

/// `Base64Binary`: classic base64 with padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base64Binary(pub Vec<u8>);

impl Serialize for Base64Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}
