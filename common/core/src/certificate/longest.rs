//! How large a signer's certificate can get: room for it is reserved before anybody has said who they are.

use jiff::Timestamp;
use pades::SignatureAlgorithm;

use super::profile::ca_name;
use super::{CA_ALGORITHM, CertificateError, Issuer, Serial, assemble, signer, subject_public_key};
use crate::config::SignatureProfile;
use crate::identity::IdentityAssertion;

/// What SubjectPublicKeyInfo holds beside the key's bits, at least.
const AROUND_KEY: usize = 20;

/// A certificate (DER) no smaller than any of a key for `algorithm` and a person like `longest`, by the issuer that
/// `profile` names. Nobody has signed it.
pub fn longest_signer(
    profile: &SignatureProfile,
    algorithm: SignatureAlgorithm,
    longest: &IdentityAssertion,
    service: &str,
    now: Timestamp,
) -> Result<Vec<u8>, CertificateError> {
    let public_key = subject_public_key(algorithm, &vec![4; algorithm.public_key() - AROUND_KEY])?;
    let issuer = Issuer::named(ca_name(profile)?);
    let to_be_signed = signer(profile, &issuer, longest, service, &public_key, Serial::LONGEST, now)?;
    assemble(&to_be_signed, &vec![0; CA_ALGORITHM.largest_signature()])
}
