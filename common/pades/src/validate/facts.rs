//! What is in a document, without judgement.

use serde::Serialize;

use super::changes::{Change, ChangeKind};
use super::cms_facts::CmsFacts;
use super::report::Time;
use super::store::Material;
use crate::digest::Digest;
use crate::presign::Finding;

/// All facts of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The file.
    pub document: DocumentFacts,
    /// Its revisions, oldest first.
    pub revisions: Vec<RevisionFacts>,
    /// Its signatures and document timestamps, by revision.
    pub signatures: Vec<SignatureFacts>,
    /// What is wrong with the file as a whole.
    pub faults: Vec<Fault>,
    /// Certificates and revocation data of the document.
    #[serde(skip)]
    pub(super) material: Material,
}

/// The file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentFacts {
    /// SHA-256 of all of it.
    pub sha256: Digest,
    /// Bytes.
    pub bytes: u64,
    /// The header's version, when there is one.
    pub pdf_version: Option<String>,
    /// Pages of the newest revision.
    pub pages: Option<usize>,
    /// What may change its look by itself or elsewhere, be it signed or not. No fault of a signature.
    pub changing: Vec<Finding>,
}

/// A revision.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisionFacts {
    /// From 1.
    pub number: usize,
    /// Where it ends: the bytes before are the document as it was then.
    pub end: u64,
    /// What it changed, looked at when a signature comes before it.
    pub changes: Vec<Change>,
}

/// What a signature field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// A person's or an organisation's signature.
    Signature,
    /// A document timestamp (ISO 32000-2, 12.8.5).
    DocumentTimestamp,
}

/// A signature or document timestamp.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureFacts {
    /// Fully qualified name of its field.
    pub field: String,
    /// What it is.
    pub kind: SignatureKind,
    /// /SubFilter.
    pub sub_filter: Option<String>,
    /// The revision that it came with, from 1. It covers this and all earlier ones when it has no faults.
    pub revision: usize,
    /// /ByteRange.
    pub byte_range: Option<[u64; 4]>,
    /// /M: claimed, by nobody trusted.
    pub claimed_time: Option<String>,
    /// DocMDP: what a certification permits, 1 to 3.
    pub certification: Option<u8>,
    /// What the CMS says, when it can be read.
    pub cms: Option<CmsFacts>,
    /// The time of a document timestamp, or of a signature's timestamp.
    pub timestamp: Option<TimestampFacts>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// An RFC 3161 token that fits what it covers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimestampFacts {
    /// genTime.
    pub time: Time,
    /// Common name of the authority.
    pub authority: String,
    /// The token, DER; not part of the report.
    #[serde(skip)]
    pub token: Vec<u8>,
    /// DER of its certificate.
    #[serde(skip)]
    pub(super) certificate: Vec<u8>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What.
    pub code: Code,
    /// The revision, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<usize>,
    /// Number of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<u32>,
    /// The change, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeKind>,
    /// For people who know PDF.
    pub detail: String,
}

impl Fault {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, revision: None, object: None, change: None, detail: detail.into() }
    }

    pub(super) fn in_revision(self, revision: usize) -> Self {
        Self { revision: Some(revision), ..self }
    }

    pub(super) fn of_object(self, object: u32) -> Self {
        Self { object: Some(object), ..self }
    }
}

/// The kinds of fault; their names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// Not a PDF, or one that a reader would have to repair.
    Structure,
    /// Encrypted: nothing can be said.
    Encrypted,
    /// More than the validator's limits.
    Limit,
    /// Bytes that belong to no revision.
    BytesOutsideRevisions,
    /// A revision holds something that its cross-reference does not list, or the other way round.
    UnlistedObjects,
    /// The cross-reference of an update does not follow the rules.
    UpdateStructure,
    /// The signature dictionary lacks something or has it in the wrong shape.
    SignatureDictionary,
    /// The ByteRange is not all but exactly its own /Contents.
    ByteRange,
    /// The ByteRange does not end where a revision ends.
    RangeEnd,
    /// Two signatures cover the same bytes.
    RangeCollision,
    /// A later revision removed or emptied the signature.
    SignatureRemoved,
    /// A later revision changed the signature or put another one in its place.
    SignatureReplaced,
    /// A signature that no field holds.
    SignatureWithoutField,
    /// A SubFilter that is not accepted.
    SubFilter,
    /// The CMS is not well-formed.
    Cms,
    /// Something follows the CMS in /Contents.
    TrailingContents,
    /// The signed bytes were changed.
    Digest,
    /// The signature value is wrong.
    SignatureValue,
    /// An algorithm that is not verified here.
    Algorithm,
    /// A signed attribute is missing, there twice, or contradicts another one.
    SignedAttributes,
    /// The signer's certificate is not there or not the one that was signed for.
    SigningCertificate,
    /// The timestamp does not verify or covers something else.
    Timestamp,
    /// A later revision changed something that a signature protects.
    ChangedAfterSigning,
    /// No chain to a certificate that is trusted.
    NoChain,
    /// The chain breaks a rule.
    ChainConstraints,
    /// The certificate was not valid yet.
    NotYetValid,
    /// The certificate has expired, and nothing trusted tells when the signature was made.
    NoProofOfTime,
    /// No revocation data.
    NoRevocationData,
    /// The certificate was revoked when the signature was made.
    Revoked,
    /// The certificate has been revoked, and nothing trusted tells when the signature was made.
    RevokedNoProofOfTime,
}
