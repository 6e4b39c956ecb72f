//! The report, in the words of ETSI TS 119 102-2.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::authn_context::AuthnContext;
use super::facts::{Facts, Fault};
use super::policy::Policy;
use super::svt::SvtReport;
use crate::level::BaselineLevel;

/// A validation report.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// As of when.
    pub validation_time: Time,
    /// The policy.
    pub policy: Policy,
    /// The worst of all signatures and of the file.
    pub conclusion: Conclusion,
    /// Each signature and document timestamp, in the order of the facts.
    pub signatures: Vec<SignatureReport>,
    /// The Signature Validation Tokens in it (RFC 9321).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub svts: Vec<SvtReport>,
    /// What it rests on.
    pub facts: Facts,
}

/// Main and sub-indication (EN 319 102-1, 5.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conclusion {
    /// Main indication.
    pub indication: Indication,
    /// Why it is not the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
}

/// Main indications, best first; `NoSignatureFound` is ours and no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Indication {
    /// All is well.
    TotalPassed,
    /// What is known does not suffice.
    Indeterminate,
    /// The signature, or the document under it, is not sound.
    TotalFailed,
    /// There is nothing to validate.
    NoSignatureFound,
}

/// Sub-indications (EN 319 102-1, tables 5 and 6), as far as they occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// Not conformant to one of the base standards.
    FormatFailure,
    /// The signed data were changed.
    HashFailure,
    /// The signature value is wrong.
    SigCryptoFailure,
    /// The certificate was revoked at the time of signing.
    Revoked,
    /// Signed before the certificate was valid.
    NotYetValid,
    /// A constraint of the policy is not met.
    SigConstraintsFailure,
    /// The chain breaks a rule.
    ChainConstraintsFailure,
    /// An algorithm is not accepted or not known.
    CryptoConstraintsFailure,
    /// There is no signing certificate.
    NoSigningCertificateFound,
    /// No chain to a trust anchor.
    NoCertificateChainFound,
    /// Revoked now; nothing proves that the signature is older.
    RevokedNoPoe,
    /// Expired now; nothing proves that the signature is older.
    OutOfBoundsNoPoe,
    /// Revocation data are missing.
    TryLater,
    /// What was signed can't be told.
    SignedDataNotFound,
}

/// A judged signature or document timestamp.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureReport {
    /// Fully qualified name of its field.
    pub field: String,
    /// The judgement.
    pub conclusion: Conclusion,
    /// The level that it reaches, computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<BaselineLevel>,
    /// Common name of the signer, or of the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The earliest time at which it is proven to have existed; the validation time when nothing proves more.
    pub best_signature_time: Time,
    /// Whether that time is proven by a timestamp.
    pub time_is_proven: bool,
    /// How the signer was authenticated, when the certificate tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn_context: Option<AuthnContext>,
    /// The revision it covers and how many there are.
    pub covers_revision: usize,
    /// How many revisions there are.
    pub of_revisions: usize,
    /// The Signature Validation Token that stands in for what can't be validated any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserved_by: Option<String>,
    /// Why the conclusion is not the best.
    pub findings: Vec<Fault>,
}

/// Unix seconds; RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub i64);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = Duration::from_secs(u64::try_from(self.0).unwrap_or(0));
        der::DateTime::from_unix_duration(seconds).unwrap_or(der::DateTime::INFINITY).fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
