//! The signed attributes of a PAdES baseline signature: content-type, message-digest, signing-certificate-v2 and
//! algorithm protection; no signing-time (ETSI EN 319 142-1, 6.3).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};

use super::CmsError;
use super::algorithm::SignatureAlgorithm;
use super::verify::one;
use crate::digest::{Digest, DigestAlgorithm, MessageDigest};

/// `id-aa-signingCertificateV2` (RFC 5035).
pub(super) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `id-aa-CMSAlgorithmProtect` (RFC 6211).
const CMS_ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// SHA-256 without parameters.
pub(super) fn sha256() -> AlgorithmIdentifierOwned {
    hash(DigestAlgorithm::Sha256)
}

/// A hash without parameters (RFC 5754, 2).
fn hash(algorithm: DigestAlgorithm) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: algorithm.oid(), parameters: None }
}

/// SignedAttributes, as the DER SET OF that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
    pub(super) attributes: Attributes,
    /// How they are to be signed: SignerInfo says the same.
    pub(super) protection: CmsAlgorithmProtection,
}

/// ```text
/// ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash OCTET STRING, issuerSerial OPTIONAL }
/// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies OPTIONAL }
/// ```
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE { digestAlgorithm, signatureAlgorithm [1] IMPLICIT AlgorithmIdentifier OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct CmsAlgorithmProtection {
    pub digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT")]
    pub signature_algorithm: AlgorithmIdentifierOwned,
}

impl SignedAttributes {
    /// Binds `document_digest`, which is by the suite's own hash, to the certificate that will be said to have signed it.
    pub fn new(document_digest: &MessageDigest, signer_certificate: &[u8], algorithm: SignatureAlgorithm) -> Result<Self, CmsError> {
        if document_digest.algorithm() != algorithm.digest() {
            return Err(CmsError::Algorithm);
        }
        let certificate =
            SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash: OctetString::new(Digest::of(signer_certificate).0)? }] };
        let protection =
            CmsAlgorithmProtection { digest_algorithm: hash(algorithm.digest()), signature_algorithm: algorithm.identifier()? };
        let mut attributes = SetOfVec::new();
        for (oid, value) in [
            (ID_CONTENT_TYPE, Any::encode_from(&ID_DATA)?),
            (ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(document_digest.as_bytes())?)?),
            (SIGNING_CERTIFICATE_V2, Any::encode_from(&certificate)?),
            (CMS_ALGORITHM_PROTECTION, Any::encode_from(&protection)?),
        ] {
            attributes.insert(Attribute { oid, values: SetOfVec::try_from(vec![value])? })?;
        }
        Ok(Self { der: attributes.to_der()?, attributes, protection })
    }

    /// Reads the bytes that were signed.
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        let attributes = Attributes::from_der(der)?;
        let protection = one(&attributes, CMS_ALGORITHM_PROTECTION, "algorithm-protection")?.decode_as()?;
        Ok(Self { der: der.to_vec(), attributes, protection })
    }

    /// What is signed: DER, SET OF (tag 0x31).
    pub fn to_be_signed(&self) -> &[u8] {
        &self.der
    }
}
