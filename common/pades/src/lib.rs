//! PAdES signatures for PDF: bytes in, bytes out. No clock, no randomness, no network, no keys.
//!
//! The path is [`inspect`] → [`draft`] and [`Draft::close`] → (somebody signs [`Prepared::document_digest`] by way of
//! [`SignedAttributes`] and [`signed_data`]) → [`complete`] → [`add_validation_material`] and
//! [`draft_document_timestamp`]. Original bytes are never rewritten: every step gives bytes to append. What cannot
//! be signed soundly is refused with a stable reason code ([`Refusal::code`]); nothing is ever repaired.
//!
//! A document may be in memory or be read in ranges ([`Source`]): only the cross-reference chain and the objects that
//! are needed are read, within [`Limits`]. Its bytes are hashed once ([`Hashed`]); everything appended goes on from
//! there ([`Growing`]).

mod appearance;
mod cms;
mod complete;
mod digest;
mod dss;
mod ecdsa;
mod field;
mod form;
mod geometry;
mod growing;
mod inspect;
mod level;
mod note;
mod ocsp;
mod page_tree;
mod permission;
mod placement;
mod prepare;
pub mod presign;
mod reader;
mod refusal;
pub mod svt;
mod tags;
pub mod validate;
mod verify;
mod writer;

pub use appearance::{Appearance, Logo, LogoError};
pub use cms::{
    CmsError, KeyKind, NotASuite, SignatureAlgorithm, SignedAttributes, TimeStampToken, TimestampError, placeholder_capacity,
    signature_value, signed_data, timestamp_granted, timestamp_request, timestamp_token,
};
pub use complete::{CompleteError, complete};
pub use digest::{Digest, DigestAlgorithm, Hashed, MessageDigest};
pub use dss::{ValidationMaterial, add_validation_material};
pub use ecdsa::fixed_width;
pub use field::{NewField, SignatureField};
pub use geometry::Rect;
pub use growing::Growing;
pub use inspect::{Inspection, PageFacts, PdfaClaim, SignatureFacts, inspect};
pub use level::{BaselineLevel, NotALevel};
pub use note::{NoNote, Note, append_note};
pub use ocsp::{OcspAnswer, OcspError, OcspStatus, ocsp_answer, ocsp_request};
pub use prepare::{Draft, Prepared, SignatureParameters, Visibility, draft, draft_document_timestamp, prepare};
pub use reader::XrefKind;
pub use reader::limits::Limits;
pub use reader::source::{Document, Source};
pub use refusal::{Limit, Refusal};
pub use verify::{Coverage, Verification, VerifiedSignature, VerifiedTimestamp, VerifyError, verify, verify_signatures};
