//! SignedData with one SignerInfo and no content.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

use super::CmsError;
use super::attributes::{SignatureAlgorithm, SignedAttributes, sha256};

/// `id-aa-signatureTimeStampToken` (RFC 3161, appendix A).
pub(super) const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// A timestamp token of an authority that has not been seen yet.
const TIMESTAMP: usize = 8 * 1_024;
/// The largest signature value: RSA 4096.
const SIGNATURE: usize = 512;
/// Attributes, identifiers and the structure around them: 300 bytes, the issuer's name, and parameters of RSA-PSS.
const STRUCTURE: usize = 768;

/// Bytes to reserve for a CMS with `certificates` and a timestamp token of about `timestamp` bytes.
pub fn placeholder_capacity(certificates: &[Vec<u8>], timestamp: Option<usize>) -> usize {
    let certificates: usize = certificates.iter().map(Vec::len).sum();
    // A token may grow by a little from one answer to the next.
    certificates + timestamp.map_or(TIMESTAMP, |bytes| bytes + bytes / 4) + SIGNATURE + STRUCTURE
}

/// The CMS: `certificates` signer first; a self-signed root is left out, for validators bring their own.
pub fn signed_data(
    attributes: &SignedAttributes,
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    certificates: &[Vec<u8>],
    timestamp_token: Option<&[u8]>,
) -> Result<Vec<u8>, CmsError> {
    let parsed = certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>()?;
    let signer = &parsed.first().ok_or(CmsError::Certificate)?.tbs_certificate;
    let sid = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: signer.issuer.clone(),
        serial_number: signer.serial_number.clone(),
    });
    let unsigned_attrs = timestamp_token.map(|token| -> der::Result<_> {
        let values = SetOfVec::try_from(vec![Any::from_der(token)?])?;
        SetOfVec::try_from(vec![Attribute { oid: SIGNATURE_TIME_STAMP, values }])
    });
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid,
        digest_alg: sha256(),
        signed_attrs: Some(attributes.attributes.clone()),
        signature_algorithm: algorithm.identifier(),
        signature: OctetString::new(signature)?,
        unsigned_attrs: unsigned_attrs.transpose()?,
    };
    let included = parsed
        .iter()
        .enumerate()
        .filter(|(index, certificate)| *index == 0 || certificate.tbs_certificate.issuer != certificate.tbs_certificate.subject);
    let included: Vec<_> = included.map(|(_, certificate)| CertificateChoices::Certificate(certificate.clone())).collect();
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![sha256()])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(included)?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info])?),
    };
    let content = ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? };
    Ok(content.to_der()?)
}

/// The signature's octets: what a signature timestamp covers.
pub fn signature_value(cms: &[u8]) -> Result<Vec<u8>, CmsError> {
    let content = ContentInfo::from_der(cms)?;
    let data: SignedData = content.content.decode_as()?;
    let signers = data.signer_infos.0;
    match signers.as_slice() {
        [signer] => Ok(signer.signature.as_bytes().to_vec()),
        other => Err(CmsError::Signers(other.len())),
    }
}
