//! The signed attributes of a PAdES baseline signature: content-type, message-digest, signing-certificate-v2 and
//! algorithm protection; no signing-time (ETSI EN 319 142-1, 6.3).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST};
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};

use super::CmsError;
use crate::digest::Digest;

/// `id-aa-signingCertificateV2` (RFC 5035).
pub(super) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `id-aa-CMSAlgorithmProtect` (RFC 6211).
const CMS_ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
}

impl SignatureAlgorithm {
    /// Bytes of the longest signature value.
    pub(super) fn longest_value(self) -> usize {
        match self {
            // Two INTEGERs of 33 bytes at most in a SEQUENCE.
            Self::EcdsaP256Sha256 => 72,
        }
    }

    /// The AlgorithmIdentifier in SignerInfo (RFC 5754: no parameters for ECDSA).
    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        match self {
            Self::EcdsaP256Sha256 => AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None },
        }
    }
}

/// SHA-256 without parameters (RFC 5754, 2).
pub(super) fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None }
}

/// SignedAttributes, as the DER SET OF that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
    pub(super) attributes: Attributes,
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
#[derive(Sequence)]
struct CmsAlgorithmProtection {
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT")]
    signature_algorithm: AlgorithmIdentifierOwned,
}

impl SignedAttributes {
    /// Binds `document_digest` to the certificate that will be said to have signed it.
    pub fn new(document_digest: &Digest, signer_certificate: &[u8], algorithm: SignatureAlgorithm) -> Result<Self, CmsError> {
        let certificate =
            SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash: OctetString::new(Digest::of(signer_certificate).0)? }] };
        let protection = CmsAlgorithmProtection { digest_algorithm: sha256(), signature_algorithm: algorithm.identifier() };
        let mut attributes = SetOfVec::new();
        for (oid, value) in [
            (ID_CONTENT_TYPE, Any::encode_from(&ID_DATA)?),
            (ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(document_digest.0)?)?),
            (SIGNING_CERTIFICATE_V2, Any::encode_from(&certificate)?),
            (CMS_ALGORITHM_PROTECTION, Any::encode_from(&protection)?),
        ] {
            attributes.insert(Attribute { oid, values: SetOfVec::try_from(vec![value])? })?;
        }
        Ok(Self { der: attributes.to_der()?, attributes })
    }

    /// Reads the bytes that were signed.
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        Ok(Self { der: der.to_vec(), attributes: Attributes::from_der(der)? })
    }

    /// What is signed: DER, SET OF (tag 0x31).
    pub fn to_be_signed(&self) -> &[u8] {
        &self.der
    }
}
