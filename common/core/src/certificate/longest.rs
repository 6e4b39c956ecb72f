//! How large a signer's certificate can get: room for it is reserved before anybody has said who they are.

use jiff::Timestamp;

use super::{CertificateError, Issuer, Serial, assemble, root, signer, subject_public_key};
use crate::config::SignatureProfile;
use crate::identity::IdentityAssertion;

/// An ECDSA value on P-256: two INTEGERs of 33 bytes at most in a SEQUENCE.
const SIGNATURE: [u8; 72] = [0; 72];
/// An uncompressed point on P-256.
const POINT: [u8; 65] = [4; 65];

/// A certificate (DER) no smaller than any for `longest`, with the issuer that `profile` names. Nobody has signed it.
pub fn longest_signer(
    profile: &SignatureProfile,
    longest: &IdentityAssertion,
    service: &str,
    now: Timestamp,
) -> Result<Vec<u8>, CertificateError> {
    let public_key = subject_public_key(&POINT)?;
    let root = assemble(&root(profile, &public_key, Serial::LONGEST, now)?, &SIGNATURE)?;
    let issuer = Issuer::from_certificate(&root)?;
    assemble(&signer(profile, &issuer, longest, service, &public_key, Serial::LONGEST, now)?, &SIGNATURE)
}
