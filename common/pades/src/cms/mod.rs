//! Cryptographic Message Syntax as PAdES uses it (RFC 5652, ETSI EN 319 122-1, RFC 3161).

mod algorithm;
mod attributes;
mod proof;
pub(crate) mod pss;
mod signed_data;
pub(crate) mod timestamp;
pub mod verify;

pub use algorithm::{KeyKind, NotASuite, SignatureAlgorithm};
pub use attributes::SignedAttributes;
pub use signed_data::{placeholder_capacity, signature_value, signed_data};
pub use timestamp::{TimeStampToken, TimestampError, read_token, timestamp_granted, timestamp_request, timestamp_token};

/// Why a CMS was not made or not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not DER of the expected kind.
    #[error("not well-formed: {0}")]
    Encoding(#[from] der::Error),
    /// A SignedData has exactly one SignerInfo here.
    #[error("{0} signers instead of one")]
    Signers(usize),
    /// A required attribute is missing or there twice.
    #[error("the attribute {0} is missing or there twice")]
    Attribute(&'static str),
    /// The signer's certificate is not among the certificates, or not the one the attributes name.
    #[error("the signer's certificate does not fit")]
    Certificate,
    /// The message digest is another.
    #[error("the digest does not match")]
    Digest,
    /// An algorithm that is not verified here.
    #[error("the algorithm is not supported")]
    Algorithm,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
}
