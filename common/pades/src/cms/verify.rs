//! Verifying a SignedData cryptographically. Whom to trust is another question.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA};
use const_oid::db::rfc5912 as algorithms;
use der::asn1::OctetString;
use der::{Any, Decode, Encode};
use ring::{digest, signature};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attributes;

use super::attributes::SIGNING_CERTIFICATE_V2;
use super::signed_data::SIGNATURE_TIME_STAMP;
use super::{CmsError, pss};

/// `id-aa-signingCertificate` (RFC 2634): SHA-1, only seen in old timestamps.
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");

/// What a SignedData turned out to hold.
pub struct Verified {
    /// DER of the signer's certificate.
    pub signer: Vec<u8>,
    /// DER of all certificates in it.
    pub certificates: Vec<Vec<u8>>,
    /// The encapsulated content, when there is one.
    pub content: Option<Vec<u8>>,
    /// Type of the content.
    pub content_type: ObjectIdentifier,
    /// The signature value.
    pub signature: Vec<u8>,
    /// DER of a signature timestamp, when there is one.
    pub timestamp: Option<Vec<u8>>,
}

/// The digest of detached content by an algorithm; `None` when it is not to be had.
pub type Detached<'d> = dyn Fn(&'static digest::Algorithm) -> Option<Vec<u8>> + 'd;

/// Verifies `cms`. `detached` gives the digest of detached content by an algorithm; without it the content is inside.
pub fn verify(cms: &[u8], detached: Option<&Detached<'_>>) -> Result<Verified, CmsError> {
    let content = ContentInfo::from_der(cms)?;
    if content.content_type != ID_SIGNED_DATA {
        return Err(CmsError::Attribute("content-type"));
    }
    let data: SignedData = content.content.decode_as()?;
    let signer = match data.signer_infos.0.as_slice() {
        [signer] => signer,
        other => return Err(CmsError::Signers(other.len())),
    };
    let inside = match (&data.encap_content_info.econtent, detached.is_some()) {
        (None, true) => None,
        (Some(content), false) => Some(content.decode_as::<OctetString>()?.into_bytes()),
        _ => return Err(CmsError::Digest),
    };
    let hash = digest_algorithm(signer.digest_alg.oid)?;
    let expected = match (&inside, detached) {
        (Some(content), _) => digest::digest(hash, content).as_ref().to_vec(),
        (None, Some(detached)) => detached(hash).ok_or(CmsError::Algorithm)?,
        (None, None) => return Err(CmsError::Digest),
    };
    let attributes = signer.signed_attrs.as_ref().ok_or(CmsError::Attribute("message-digest"))?;
    let stated: OctetString = one(attributes, ID_MESSAGE_DIGEST, "message-digest")?.decode_as()?;
    if stated.as_bytes() != expected {
        return Err(CmsError::Digest);
    }
    let stated_type: ObjectIdentifier = one(attributes, ID_CONTENT_TYPE, "content-type")?.decode_as()?;
    if stated_type != data.encap_content_info.econtent_type {
        return Err(CmsError::Attribute("content-type"));
    }
    let certificates = certificates(&data);
    let certificate = signer_certificate(signer, &certificates)?;
    check_signing_certificate(attributes, &certificate)?;
    check_signature(signer, attributes, &certificate)?;
    let unsigned = signer.unsigned_attrs.as_ref().filter(|unsigned| unsigned.iter().any(|attribute| attribute.oid == SIGNATURE_TIME_STAMP));
    let timestamp = unsigned.map(|attributes| one(attributes, SIGNATURE_TIME_STAMP, "signature-time-stamp"));
    Ok(Verified {
        signer: certificate.to_der()?,
        certificates: certificates.iter().map(Encode::to_der).collect::<Result<_, _>>()?,
        content: inside,
        content_type: stated_type,
        signature: signer.signature.as_bytes().to_vec(),
        timestamp: timestamp.transpose()?.map(Encode::to_der).transpose()?,
    })
}

/// The only value of an attribute that is there once.
pub(super) fn one<'a>(attributes: &'a Attributes, oid: ObjectIdentifier, name: &'static str) -> Result<&'a Any, CmsError> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (Some(attribute), None) => match attribute.values.as_slice() {
            [value] => Ok(value),
            _ => Err(CmsError::Attribute(name)),
        },
        _ => Err(CmsError::Attribute(name)),
    }
}

fn certificates(data: &SignedData) -> Vec<Certificate> {
    let set = data.certificates.iter().flat_map(|set| set.0.iter());
    set.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    })
    .collect()
}

fn signer_certificate(signer: &SignerInfo, certificates: &[Certificate]) -> Result<Certificate, CmsError> {
    let SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else {
        return Err(CmsError::Certificate);
    };
    let found = certificates.iter().find(|certificate| {
        certificate.tbs_certificate.issuer == id.issuer && certificate.tbs_certificate.serial_number == id.serial_number
    });
    found.cloned().ok_or(CmsError::Certificate)
}

/// The signing certificate attribute, of either version, names exactly this certificate (RFC 5035, 5.4).
pub(super) fn check_signing_certificate(attributes: &Attributes, certificate: &Certificate) -> Result<(), CmsError> {
    let der = certificate.to_der()?;
    let version_2 = attributes.iter().any(|attribute| attribute.oid == SIGNING_CERTIFICATE_V2);
    let value = if version_2 {
        one(attributes, SIGNING_CERTIFICATE_V2, "signing-certificate-v2")?
    } else {
        one(attributes, SIGNING_CERTIFICATE, "signing-certificate")?
    };
    // SEQUENCE { SEQUENCE OF SEQUENCE { [AlgorithmIdentifier,] OCTET STRING, … } }: the first one is the signer's.
    let outer: Vec<Any> = value.decode_as()?;
    let list: Vec<Any> = outer.first().ok_or(CmsError::Certificate)?.decode_as()?;
    let first: Vec<Any> = list.first().ok_or(CmsError::Certificate)?.decode_as()?;
    let (hash, stated) = match first.as_slice() {
        [hash, ..] if hash.decode_as::<OctetString>().is_ok() => {
            (if version_2 { &digest::SHA256 } else { &digest::SHA1_FOR_LEGACY_USE_ONLY }, hash)
        }
        [algorithm, hash, ..] => (digest_algorithm(algorithm.decode_as::<AlgorithmIdentifierOwned>()?.oid)?, hash),
        _ => return Err(CmsError::Certificate),
    };
    let stated: OctetString = stated.decode_as()?;
    if stated.as_bytes() == digest::digest(hash, &der).as_ref() { Ok(()) } else { Err(CmsError::Certificate) }
}

fn check_signature(signer: &SignerInfo, attributes: &Attributes, certificate: &Certificate) -> Result<(), CmsError> {
    let message = attributes.to_der()?;
    let key = &certificate.tbs_certificate.subject_public_key_info;
    check(&message, signer.signature.as_bytes(), &signer.signature_algorithm, signer.digest_alg.oid, key)
}

/// Checks a signature over `message`. `digest` is that of SignerInfo: it counts where the signature algorithm leaves it open,
/// and PSS must say the same (RFC 4056, 3).
pub(crate) fn check(
    message: &[u8],
    value: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    digest: ObjectIdentifier,
    key: &spki::SubjectPublicKeyInfoOwned,
) -> Result<(), CmsError> {
    let verifier = verification_algorithm(algorithm, digest, key)?;
    let public = signature::UnparsedPublicKey::new(verifier, key.subject_public_key.raw_bytes());
    public.verify(message, value).map_err(|_| CmsError::Signature)
}

fn verification_algorithm(
    algorithm: &AlgorithmIdentifierOwned,
    digest: ObjectIdentifier,
    key: &spki::SubjectPublicKeyInfoOwned,
) -> Result<&'static dyn signature::VerificationAlgorithm, CmsError> {
    let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    let on = |wanted| curve == Some(wanted);
    let pss = |wanted| digest == wanted && pss::digest(algorithm) == Some(wanted);
    Ok(match algorithm.oid {
        algorithms::ECDSA_WITH_SHA_256 if on(algorithms::SECP_256_R_1) => &signature::ECDSA_P256_SHA256_ASN1,
        algorithms::ECDSA_WITH_SHA_384 if on(algorithms::SECP_256_R_1) => &signature::ECDSA_P256_SHA384_ASN1,
        algorithms::ECDSA_WITH_SHA_256 if on(algorithms::SECP_384_R_1) => &signature::ECDSA_P384_SHA256_ASN1,
        algorithms::ECDSA_WITH_SHA_384 if on(algorithms::SECP_384_R_1) => &signature::ECDSA_P384_SHA384_ASN1,
        algorithms::ID_RSASSA_PSS if pss(algorithms::ID_SHA_256) => &signature::RSA_PSS_2048_8192_SHA256,
        algorithms::ID_RSASSA_PSS if pss(algorithms::ID_SHA_384) => &signature::RSA_PSS_2048_8192_SHA384,
        algorithms::ID_RSASSA_PSS if pss(algorithms::ID_SHA_512) => &signature::RSA_PSS_2048_8192_SHA512,
        algorithms::SHA_256_WITH_RSA_ENCRYPTION => &signature::RSA_PKCS1_2048_8192_SHA256,
        algorithms::SHA_384_WITH_RSA_ENCRYPTION => &signature::RSA_PKCS1_2048_8192_SHA384,
        algorithms::SHA_512_WITH_RSA_ENCRYPTION => &signature::RSA_PKCS1_2048_8192_SHA512,
        algorithms::RSA_ENCRYPTION if digest == algorithms::ID_SHA_256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        algorithms::RSA_ENCRYPTION if digest == algorithms::ID_SHA_384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        algorithms::RSA_ENCRYPTION if digest == algorithms::ID_SHA_512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return Err(CmsError::Algorithm),
    })
}

fn digest_algorithm(oid: ObjectIdentifier) -> Result<&'static digest::Algorithm, CmsError> {
    match oid {
        algorithms::ID_SHA_256 => Ok(&digest::SHA256),
        algorithms::ID_SHA_384 => Ok(&digest::SHA384),
        algorithms::ID_SHA_512 => Ok(&digest::SHA512),
        _ => Err(CmsError::Algorithm),
    }
}
