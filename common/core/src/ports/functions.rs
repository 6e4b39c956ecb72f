use async_trait::async_trait;
use jiff::Timestamp;
use pades::{BaselineLevel, Digest, DigestAlgorithm, MessageDigest, Prepared, Rect, SignatureField};
use serde::{Deserialize, Serialize};

use crate::eid::Evidence;
use crate::identity::IdentityAssertion;
use crate::ids::SignRequestId;

/// Where a signature shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum VisibleSignature {
    /// Nowhere.
    None,
    /// In a free place on the last page, or on a signature page when it has none.
    Automatic,
    /// On a signature page behind the last one.
    SignaturePage,
    /// At a place the e-service chose.
    At {
        /// From 1.
        page: usize,
        /// Points from the lower left.
        rect: Rect,
    },
}

/// Prepare the next revision of every document. `assemble-pades` reads the documents; nothing else is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrepareCommand {
    /// Whose documents.
    pub sign_request: SignRequestId,
    /// The documents as they stand.
    pub documents: Vec<PrepareDocument>,
    /// The text of the visible signature, a line each.
    pub lines: Vec<String>,
    /// The field in each document, made together with those of the signers who follow.
    pub field: SignatureField,
    /// The signer's name, for /Name.
    pub signer_name: String,
    /// Why, for /Reason.
    pub reason: String,
    /// Where it shows.
    pub visible: VisibleSignature,
    /// What the signature dictionary says (/M); the proof of time is the timestamp.
    pub signing_time: Timestamp,
    /// Bytes to reserve for the CMS.
    pub contents_capacity: usize,
    /// How the suite that is to sign hashes.
    #[serde(default, skip_serializing_if = "DigestAlgorithm::is_default")]
    pub digest: DigestAlgorithm,
}

/// One document to prepare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrepareDocument {
    /// The bytes to sign on top of.
    pub current: Digest,
}

/// Finish the prepared revisions with their signatures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompleteCommand {
    /// Whose documents.
    pub sign_request: SignRequestId,
    /// The documents, in the order of the manifest.
    pub documents: Vec<CompleteDocument>,
    /// Certificates, signer first, root last.
    #[serde(with = "crate::octets::list")]
    pub certificates: Vec<Vec<u8>>,
    /// The level asked for.
    pub level: BaselineLevel,
}

/// Raise the signatures of finished documents to a level, or renew them at B-LTA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtendCommand {
    /// Whose documents.
    pub sign_request: SignRequestId,
    /// The documents as they stand.
    pub documents: Vec<Digest>,
    /// The level asked for.
    pub level: BaselineLevel,
    /// Bytes of the last timestamp token, if one has been seen.
    #[serde(default)]
    pub last_token: Option<usize>,
}

/// One prepared document and its signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompleteDocument {
    /// What was signed on top of.
    pub current: Digest,
    /// The prepared revision.
    pub prepared: Prepared,
    /// The signature over it.
    pub signature: DocumentSignature,
}

/// A signature over one document's SignedAttributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentSignature {
    /// The prepared document's digest.
    pub document: MessageDigest,
    /// DER, SET OF.
    #[serde(with = "crate::octets")]
    pub signed_attributes: Vec<u8>,
    /// The value; the attributes name its suite.
    #[serde(with = "crate::octets")]
    pub signature: Vec<u8>,
}

/// What assembly made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Completion {
    /// The stored documents, in order.
    pub documents: Vec<AssembledDocument>,
    /// Bytes of the last timestamp token that was given for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_token: Option<usize>,
}

/// One assembled document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssembledDocument {
    /// Where it is stored.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The level really reached, by our own verifier.
    pub achieved: BaselineLevel,
}

/// What `assemble-pades` is asked. Its answer crosses the boundary as `Result<AssembleAnswer, AssembleError>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "command")]
pub enum AssembleCommand {
    /// Prepare the next revision of each document.
    Prepare(PrepareCommand),
    /// Finish the prepared revisions.
    Complete(CompleteCommand),
    /// Raise finished documents to a level.
    Extend(ExtendCommand),
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "answer", content = "value")]
pub enum AssembleAnswer {
    /// To `Prepare`.
    Prepared(Vec<Prepared>),
    /// To `Complete` and `Extend`.
    Completed(Completion),
}

/// `assemble-pades`: sees documents, never a key.
#[async_trait]
pub trait AssemblePades: Send + Sync {
    /// Prepares; deterministic, stores nothing.
    async fn prepare(&self, command: &PrepareCommand) -> Result<Vec<Prepared>, AssembleError>;

    /// Completes, verifies and stores. At least once: a second run may carry another timestamp, and the caller keeps the first.
    async fn complete(&self, command: &CompleteCommand) -> Result<Completion, AssembleError>;

    /// Raises the signatures of documents as far as authorities answer; the level achieved tells how far. A document
    /// that could not be raised is answered as it is.
    async fn extend(&self, command: &ExtendCommand) -> Result<Completion, AssembleError>;
}

/// Why assembly failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "error")]
pub enum AssembleError {
    /// The document can't be signed soundly.
    #[error("refused ({code}): {detail}")]
    Refused {
        /// Stable reason code.
        code: String,
        /// For people.
        detail: String,
    },
    /// The finished file did not pass our own verification; it was not published.
    #[error("the finished document is not sound: {detail}")]
    Unsound {
        /// What failed.
        detail: String,
    },
    /// Worth trying again.
    #[error("assembly is not possible now: {detail}")]
    Unavailable {
        /// What did not answer.
        detail: String,
    },
}

impl From<pades::Refusal> for AssembleError {
    fn from(refusal: pades::Refusal) -> Self {
        match refusal {
            pades::Refusal::Unreadable { .. } => Self::Unavailable { detail: refusal.to_string() },
            _ => Self::Refused { code: refusal.code().to_owned(), detail: refusal.to_string() },
        }
    }
}

/// Verify the evidence, then sign the digests in the manifest with a one-time key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignCommand {
    /// The manifest's bytes.
    #[serde(with = "crate::octets")]
    pub manifest: Vec<u8>,
    /// The raw e-ID evidence.
    pub evidence: Evidence,
}

/// What signing gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignOutcome {
    /// One for each document of the manifest, in order.
    pub signatures: Vec<DocumentSignature>,
    /// DER, signer first, root last.
    #[serde(with = "crate::octets::list")]
    pub certificates: Vec<Vec<u8>>,
    /// Who signed.
    pub signer: IdentityAssertion,
    /// When.
    pub signed_at: Timestamp,
}

/// What `sign-document-hash` is asked. Its answer crosses the boundary as `Result<SigningAnswer, SignError>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "command")]
pub enum SigningCommand {
    /// Sign the digests in a manifest.
    Sign(SignCommand),
    /// Issue the CA's root certificate, once: the ceremony that makes a new deployment able to sign.
    IssueRoot {},
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "answer", content = "value")]
pub enum SigningAnswer {
    /// To `Sign`.
    Signed(Box<SignOutcome>),
    /// To `IssueRoot`: the certificate, PEM.
    Root(String),
}

/// `sign-document-hash`: sees digests, never a document.
#[async_trait]
pub trait SignDocumentHash: Send + Sync {
    /// Signs, or answers the stored outcome of an earlier run: idempotent for one transaction.
    async fn sign(&self, command: &SignCommand) -> Result<SignOutcome, SignError>;
}

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "error")]
pub enum SignError {
    /// The evidence does not carry this manifest. Final.
    #[error("refused ({code})")]
    Refused {
        /// Stable reason code of the failed check.
        code: String,
    },
    /// Worth trying again.
    #[error("signing is not possible now: {detail}")]
    Unavailable {
        /// What did not answer.
        detail: String,
    },
}
