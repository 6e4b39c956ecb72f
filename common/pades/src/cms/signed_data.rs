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
use super::algorithm::SignatureAlgorithm;
use super::attributes::SignedAttributes;

/// `id-aa-signatureTimeStampToken` (RFC 3161, appendix A).
pub(super) const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// What holds a token in the CMS: an attribute with its identifier, two sets, and longer lengths around them.
const TOKEN_ATTRIBUTE: usize = 48;

/// Bytes to reserve for the CMS of a signature by `algorithm` with `certificates` (or others of their sizes), signer
/// first, and a timestamp token of at most `token` bytes if there will be one.
pub fn placeholder_capacity(certificates: &[Vec<u8>], algorithm: SignatureAlgorithm, token: Option<usize>) -> Result<usize, CmsError> {
    // Digests are as long whatever they are of.
    let attributes = SignedAttributes::new(&algorithm.digest().digest(&[]), &[], algorithm)?;
    let longest = signed_data(&attributes, &vec![0; algorithm.largest_signature()], certificates, None)?;
    Ok(longest.len() + token.map_or(0, |token| token + TOKEN_ATTRIBUTE))
}

/// The CMS, whose algorithms are those that the attributes name. `certificates` are signer first; a self-signed root is
/// left out, for validators bring their own.
pub fn signed_data(
    attributes: &SignedAttributes,
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
        digest_alg: attributes.protection.digest_algorithm.clone(),
        signed_attrs: Some(attributes.attributes.clone()),
        signature_algorithm: attributes.protection.signature_algorithm.clone(),
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
        digest_algorithms: SetOfVec::try_from(vec![attributes.protection.digest_algorithm.clone()])?,
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
