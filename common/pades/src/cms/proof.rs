//! Checking a signature apart from its document: its signed attributes, its value and a certificate.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::ID_MESSAGE_DIGEST;
use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;

use super::attributes::SIGNING_CERTIFICATE_V2;
use super::verify::{check, check_signing_certificate, one};
use super::{CmsError, SignedAttributes};
use crate::digest::Digest;

/// `id-aa-CMSAlgorithmProtect` (RFC 6211).
const CMS_ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// `CMSAlgorithmProtection`, as far as it is needed.
#[derive(Sequence)]
struct Algorithms {
    digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT")]
    signature: AlgorithmIdentifierOwned,
}

impl SignedAttributes {
    /// The digest of the document, when it is a SHA-256 one.
    pub fn message_digest(&self) -> Option<Digest> {
        let value: OctetString = one(&self.attributes, ID_MESSAGE_DIGEST, "message-digest").ok()?.decode_as().ok()?;
        value.as_bytes().try_into().ok().map(Digest)
    }

    /// Whether `signature` is over exactly these attributes by the key in `certificate` (DER), which they name.
    pub fn verify(&self, signature: &[u8], certificate: &[u8]) -> Result<(), CmsError> {
        let certificate = Certificate::from_der(certificate)?;
        one(&self.attributes, SIGNING_CERTIFICATE_V2, "signing-certificate-v2")?;
        check_signing_certificate(&self.attributes, &certificate)?;
        let algorithms: Algorithms = one(&self.attributes, CMS_ALGORITHM_PROTECTION, "algorithm-protection")?.decode_as()?;
        let key = &certificate.tbs_certificate.subject_public_key_info;
        check(&self.attributes.to_der()?, signature, algorithms.signature.oid, algorithms.digest.oid, key)
    }
}
