//! Signature Validation Tokens (RFC 9321, PDF profile): a trusted party says in a JWT that it has validated the signatures
//! of a document, and what that rests on, by hashes. The JWT is in an extension of a document timestamp's TSTInfo. Whoever
//! trusts that party need not validate certificates that have expired or authorities that are gone.

mod claims;
mod extension;
mod issue;
mod jws;

pub use claims::{
    CertReference, CertReferenceKind, Claims, PolicyValidation, SigReference, SigValidation, Signature, SignedData, SvtResult,
    TimeValidation,
};
pub use extension::{SVT_EXTENSION, of_token};
pub use issue::{Issuance, NotIssued, claims, signed, to_be_signed};
pub use jws::{SvtError, Verified, read};

use ring::digest::{Context, SHA256, SHA384, SHA512};

/// Longest JWT that is read, in bytes.
pub(crate) const LONGEST: usize = 256 * 1024;

/// The hash algorithms that a token may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By its identifier (RFC 6931).
    pub fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Some(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    pub fn uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        self.of_parts([bytes])
    }

    /// The hash of the bytes in `pdf` that a ByteRange covers.
    pub fn of_covered(self, pdf: &[u8], byte_range: [u64; 4]) -> Option<Vec<u8>> {
        let [from, length, second, rest] = byte_range.map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        let part = |from: usize, length: usize| pdf.get(from..from.checked_add(length)?);
        Some(self.of_parts([part(from, length)?, part(second, rest)?]))
    }

    fn of_parts<const COUNT: usize>(self, parts: [&[u8]; COUNT]) -> Vec<u8> {
        let mut context = Context::new(match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        });
        parts.into_iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }
}

/// `sig_data_ref.ref` of a signature: its ByteRange.
pub(crate) fn reference(byte_range: [u64; 4]) -> String {
    byte_range.map(|number| number.to_string()).join(" ")
}
