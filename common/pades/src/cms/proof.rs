//! Checking a signature apart from its document: its signed attributes, its value and a certificate.

use const_oid::db::rfc5911::ID_MESSAGE_DIGEST;
use der::Decode;
use der::asn1::OctetString;
use x509_cert::Certificate;

use super::attributes::SIGNING_CERTIFICATE_V2;
use super::verify::{check, check_signing_certificate, one};
use super::{CmsError, SignedAttributes};
use crate::digest::MessageDigest;

impl SignedAttributes {
    /// Whether they are those of the document with this digest.
    pub fn are_of(&self, document: &MessageDigest) -> bool {
        let stated = one(&self.attributes, ID_MESSAGE_DIGEST, "message-digest").and_then(|value| Ok(value.decode_as::<OctetString>()?));
        stated.is_ok_and(|stated| stated.as_bytes() == document.as_bytes())
    }

    /// Whether `signature` is over exactly these attributes by the key in `certificate` (DER), which they name.
    pub fn verify(&self, signature: &[u8], certificate: &[u8]) -> Result<(), CmsError> {
        let certificate = Certificate::from_der(certificate)?;
        one(&self.attributes, SIGNING_CERTIFICATE_V2, "signing-certificate-v2")?;
        check_signing_certificate(&self.attributes, &certificate)?;
        let (digest, algorithm) = (&self.protection.digest_algorithm, &self.protection.signature_algorithm);
        check(self.to_be_signed(), signature, algorithm, digest.oid, &certificate.tbs_certificate.subject_public_key_info)
    }
}
