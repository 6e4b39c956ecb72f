//! Making a TimeStampResp.

use std::time::Duration;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA};
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256};
use der::asn1::{BitString, GeneralizedTime, Int, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use ring::digest::{SHA256, digest};
use ring::rand::SecureRandom;
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::ext::Extension;
use x509_tsp::{Accuracy, TimeStampReq, TspVersion, TstInfo};

use super::TestTsa;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// A policy under the enterprise number set apart for examples (RFC 5612): no promise is made.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

/// PKIStatus.
const GRANTED: u8 = 0;
const REJECTION: u8 = 2;

/// PKIFailureInfo bits (RFC 3161, 2.4.2).
#[derive(Clone, Copy)]
enum Failure {
    BadAlgorithm = 0,
    BadDataFormat = 5,
    Internal = 25,
}

pub(super) fn respond(tsa: &TestTsa, request: &[u8], svt: Option<&str>) -> Vec<u8> {
    let outcome = match TimeStampReq::from_der(request) {
        Err(_) => Err(Failure::BadDataFormat),
        Ok(request) if request.message_imprint.hash_algorithm.oid != ID_SHA_256 => Err(Failure::BadAlgorithm),
        Ok(request) if request.message_imprint.hashed_message.as_bytes().len() != 32 => Err(Failure::BadDataFormat),
        Ok(request) => token(tsa, request, svt).map_err(|_| Failure::Internal),
    };
    let response = match outcome {
        Ok(token) => granted(&token),
        Err(failure) => rejected(failure),
    };
    // The structures are our own and of fixed shape.
    response.unwrap_or_default()
}

fn granted(token: &[u8]) -> der::Result<Vec<u8>> {
    let status = vec![Any::encode_from(&GRANTED)?];
    vec![Any::encode_from(&status)?, Any::from_der(token)?].to_der()
}

fn rejected(failure: Failure) -> der::Result<Vec<u8>> {
    let mut bits = [0u8; 4];
    let bit = failure as usize;
    bits[bit / 8] = 0x80 >> (bit % 8);
    let used = bit / 8 + 1;
    let info = BitString::new((7 - bit % 8) as u8, &bits[..used])?;
    let status = vec![Any::encode_from(&REJECTION)?, Any::encode_from(&info)?];
    vec![Any::encode_from(&status)?].to_der()
}

fn token(tsa: &TestTsa, request: TimeStampReq, svt: Option<&str>) -> der::Result<Vec<u8>> {
    let now = u64::try_from(tsa.clock.now().as_second()).unwrap_or(0);
    let mut serial = [0; 8];
    tsa.random.fill(&mut serial).map_err(|_| der::ErrorKind::Failed)?;
    serial[0] = serial[0] & 0x7f | 0x40;
    let info = TstInfo {
        version: TspVersion::V1,
        policy: POLICY,
        message_imprint: request.message_imprint,
        serial_number: Int::new(&serial)?,
        gen_time: GeneralizedTime::from_unix_duration(Duration::from_secs(now))?,
        accuracy: Some(Accuracy { seconds: Some(1), millis: None, micros: None }),
        ordering: false,
        nonce: request.nonce,
        tsa: None,
        extensions: svt.map(svt_extension).transpose()?.map(|extension| vec![extension]),
    };
    signed(tsa, &info.to_der()?, request.cert_req)
}

fn svt_extension(jwt: &str) -> der::Result<Extension> {
    Ok(Extension { extn_id: pades::svt::SVT_EXTENSION, critical: false, extn_value: OctetString::new(jwt.as_bytes())? })
}

fn signed(tsa: &TestTsa, content: &[u8], with_certificate: bool) -> der::Result<Vec<u8>> {
    let certificate = Certificate::from_der(&tsa.certificate)?;
    let attributes = attributes(tsa, content)?;
    let signature = tsa.key.sign(&tsa.random, &attributes.to_der()?).map_err(|_| der::ErrorKind::Failed)?;
    let sha256 = AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer.clone(),
            serial_number: certificate.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: sha256.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None },
        signature: OctetString::new(signature.as_ref())?,
        unsigned_attrs: None,
    };
    let certificates =
        with_certificate.then(|| SetOfVec::try_from(vec![CertificateChoices::Certificate(certificate)]).map(CertificateSet)).transpose()?;
    let data = SignedData {
        // 3, because the content is not id-data (RFC 5652, 5.1).
        version: CmsVersion::V3,
        digest_algorithms: SetOfVec::try_from(vec![sha256])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: TST_INFO,
            econtent: Some(Any::encode_from(&OctetString::new(content)?)?),
        },
        certificates,
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
}

/// content-type, message-digest and signing-certificate-v2 (RFC 5816).
fn attributes(tsa: &TestTsa, content: &[u8]) -> der::Result<Attributes> {
    #[derive(Sequence)]
    struct EssCertIdV2 {
        cert_hash: OctetString,
    }
    #[derive(Sequence)]
    struct SigningCertificateV2 {
        certs: Vec<EssCertIdV2>,
    }
    let certificate = EssCertIdV2 { cert_hash: OctetString::new(digest(&SHA256, &tsa.certificate).as_ref())? };
    let mut attributes = SetOfVec::new();
    for (oid, value) in [
        (ID_CONTENT_TYPE, Any::encode_from(&TST_INFO)?),
        (ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest(&SHA256, content).as_ref())?)?),
        (SIGNING_CERTIFICATE_V2, Any::encode_from(&SigningCertificateV2 { certs: vec![certificate] })?),
    ] {
        attributes.insert(Attribute { oid, values: SetOfVec::try_from(vec![value])? })?;
    }
    Ok(attributes)
}
