//! OCSP (RFC 6960) in its lightweight profile (RFC 5019): asking about one certificate, and checking what is answered.

mod request;
mod response;

pub use request::ocsp_request;
pub use response::{OcspAnswer, OcspStatus, ocsp_answer};
pub(crate) use response::{Response, time};

/// Why nothing was asked, or why a response proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// Not DER of the expected kind.
    #[error("not well-formed: {0}")]
    Encoding(#[from] der::Error),
    /// The one certificate was not issued by the other.
    #[error("not the issuer of the certificate")]
    Issuer,
    /// The responder gives no answer: it is malfunctioning, wants to be asked later, or does not know us.
    #[error("the responder gives no answer")]
    Refused,
    /// Nothing in the response is about this certificate.
    #[error("a response about other certificates")]
    OtherCertificate,
    /// The responder does not know the certificate.
    #[error("the responder does not know the certificate")]
    Unknown,
    /// It is for another time.
    #[error("an outdated response, or one from the future")]
    Outdated,
    /// Signed neither by the issuer nor by one that it has authorised (RFC 6960, 4.2.2.2), or not at all.
    #[error("not signed by the issuer or a responder of its own")]
    Responder,
}
