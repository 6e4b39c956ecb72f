//! A request as it comes, and what can be wrong with it.

use jiff::Timestamp;
use pades::BaselineLevel;
use pades::presign::Finding;
use serde::Serialize;

use crate::ports::{Announced, Upload, VisibleSignature};
use crate::sign_request::{Language, SignRequest};

/// A request as an e-service sends it, parsed but not yet judged.
pub struct NewSignRequest {
    /// Echoed.
    pub customer_reference: String,
    /// What is asked.
    pub title: String,
    /// More about it.
    pub message: Option<String>,
    /// The language of pages.
    pub language: Language,
    /// The documents.
    pub documents: Vec<NewDocument>,
    /// The signers.
    pub signers: Vec<NewSigner>,
    /// Where the browser goes afterwards.
    pub return_url: String,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Told of changes.
    pub callback_url: Option<String>,
    /// The level.
    pub level: Option<BaselineLevel>,
    /// Where signatures show.
    pub visible_signature: VisibleSignature,
}

/// A document as it came.
pub struct NewDocument {
    /// Its name.
    pub file_name: String,
    /// Its declared type.
    pub mime_type: String,
    /// Its bytes, or what they will be.
    pub content: Content,
}

/// How a document comes.
pub enum Content {
    /// With the request, decoded.
    Inline(Vec<u8>),
    /// Past this service, before the request is started.
    Uploaded(Announced),
}

impl Content {
    /// Bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Inline(bytes) => bytes.len() as u64,
            Self::Uploaded(announced) => announced.size,
        }
    }
}

/// A signer as named.
pub struct NewSigner {
    /// The e-service's own name of the person.
    pub external_id: String,
    /// The person's name.
    pub name: String,
    /// The number as sent.
    pub personal_identity_number: Option<String>,
    /// The order as sent.
    pub order: Option<u32>,
    /// Ids of e-ID providers.
    pub allowed_identification: Vec<String>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Path of the field, for example `signers[0].name`.
    pub field: String,
    /// What is wrong, without the value.
    pub message: String,
}

/// A sign request that was received.
#[derive(Debug)]
pub struct Received {
    /// The request.
    pub request: SignRequest,
    /// What its sender should know of each document (from 0).
    pub warnings: Vec<(usize, Finding)>,
    /// Where each document that is awaited (from 0) can be uploaded.
    pub uploads: Vec<(usize, Upload)>,
}

/// Why nothing was received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Fields are wrong; all of them are listed.
    #[error("{} violations", .0.len())]
    Invalid(Vec<Violation>),
    /// A document can't be signed soundly.
    #[error("document {document} is refused: {reason}")]
    Document {
        /// From 0.
        document: usize,
        /// Stable reason code.
        reason: &'static str,
        /// For people.
        detail: String,
    },
    /// A document could change its look once it is signed, or hides something, or the municipality takes no such documents.
    #[error("document {document} is refused after {} findings", findings.len())]
    Unfit {
        /// From 0.
        document: usize,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// A document is larger than the limit.
    #[error("document {document} is larger than {max_bytes} bytes")]
    TooLarge {
        /// From 0.
        document: usize,
        /// The limit.
        max_bytes: u64,
    },
    /// Announced documents are larger together than the limit.
    #[error("the uploads are larger than {max_bytes} bytes")]
    UploadsTooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// Documents have not been uploaded.
    #[error("{} documents are not uploaded", .0.len())]
    NotUploaded(
        /// From 0.
        Vec<usize>,
    ),
    /// The request has ended, or it is too late to start it.
    #[error("the sign request has ended")]
    Ended,
    /// No such request.
    #[error("no such sign request")]
    Unknown,
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used with another body")]
    IdempotencyConflict,
    /// Worth trying again.
    #[error("not possible now: {0}")]
    Unavailable(String),
}
