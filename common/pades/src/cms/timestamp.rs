//! RFC 3161: asking for a timestamp and checking the answer.

use cms::content_info::ContentInfo;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::ID_KP_TIME_STAMPING;
use der::asn1::{GeneralizedTime, Int, OctetString};
use der::{Any, Decode, Encode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

use super::CmsError;
use super::attributes::sha256;
use super::verify::{self, Verified};
use crate::digest::Digest;

/// `id-ct-TSTInfo`.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// A checked token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampToken {
    /// The token, DER.
    pub der: Vec<u8>,
    /// genTime, unix seconds.
    pub gen_time: i64,
    /// The authority's certificates, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// Why an answer is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not a TimeStampResp.
    #[error("not a timestamp response: {0}")]
    Encoding(#[from] der::Error),
    /// PKIStatus is neither granted nor grantedWithMods, or there is no token.
    #[error("the authority refused")]
    Refused,
    /// The token is not soundly signed.
    #[error("the token is not sound: {0}")]
    Token(#[from] CmsError),
    /// The token covers something else.
    #[error("the token covers something else")]
    Imprint,
    /// The token answers another request.
    #[error("the token answers another request")]
    Nonce,
    /// The certificate is not for timestamps alone (RFC 3161, 2.3).
    #[error("the certificate is not one for timestamps")]
    Certificate,
}

/// A TimeStampReq for SHA-256, asking for the certificate.
pub fn timestamp_request(imprint: &Digest, nonce: u64) -> Vec<u8> {
    let request = || -> der::Result<Vec<u8>> {
        TimeStampReq {
            version: TspVersion::V1,
            message_imprint: MessageImprint { hash_algorithm: sha256(), hashed_message: OctetString::new(imprint.0)? },
            req_policy: None,
            nonce: Some(integer(nonce)?),
            cert_req: true,
            extensions: None,
        }
        .to_der()
    };
    // All fields have fixed, encodable sizes.
    request().unwrap_or_default()
}

/// A positive INTEGER without needless leading bytes.
fn integer(value: u64) -> der::Result<Int> {
    let bytes = value.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let significant = &bytes[first..];
    if significant[0] & 0x80 == 0 { Int::new(significant) } else { Int::new(&[&[0], significant].concat()) }
}

/// The token in `response`, checked against what was asked.
pub fn timestamp_token(response: &[u8], imprint: &Digest, nonce: u64) -> Result<TimeStampToken, TimestampError> {
    let token = granted(response)?;
    let der = token.to_der()?;
    ContentInfo::from_der(&der)?;
    let (info, token) = read(&der, imprint)?;
    if info.nonce != Some(integer(nonce)?) {
        return Err(TimestampError::Nonce);
    }
    Ok(token)
}

/// Whether `response` says that a timestamp is granted, and holds one. What it covers is not looked at.
pub fn timestamp_granted(response: &[u8]) -> bool {
    granted(response).is_ok()
}

fn granted(response: &[u8]) -> Result<der::Any, TimestampError> {
    // TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken OPTIONAL }; PKIStatusInfo begins with the status.
    let parts = Vec::<der::Any>::from_der(response)?;
    let Ok([status, token]) = <[der::Any; 2]>::try_from(parts) else {
        return Err(TimestampError::Refused);
    };
    let status: Vec<der::Any> = status.decode_as()?;
    if !matches!(status.first().map(|status| status.decode_as::<u8>()), Some(Ok(0 | 1))) {
        return Err(TimestampError::Refused);
    }
    Ok(token)
}

/// A token over `imprint`, fully checked but for its nonce, which only its asker knows.
pub fn read_token(der: &[u8], imprint: &Digest) -> Result<TimeStampToken, TimestampError> {
    read(der, imprint).map(|(_, token)| token)
}

fn read(der: &[u8], imprint: &Digest) -> Result<(TokenInfo, TimeStampToken), TimestampError> {
    let (info, verified) = verified_token(der, imprint)?;
    let token = TimeStampToken { der: der.to_vec(), gen_time: info.gen_time, certificates: verified.certificates };
    Ok((info, token))
}

/// What of a TSTInfo matters here.
pub(crate) struct TokenInfo {
    /// Unix seconds.
    pub gen_time: i64,
    nonce: Option<Int>,
}

/// A token over `imprint`, and who signed it.
pub(crate) fn verified_token(der: &[u8], imprint: &Digest) -> Result<(TokenInfo, Verified), TimestampError> {
    let verified = verify::verify(der, None)?;
    if verified.content_type != TST_INFO {
        return Err(TimestampError::Imprint);
    }
    let (covers, info) = token_info(verified.content.as_deref().unwrap_or_default())?;
    if covers.hash_algorithm.oid != sha256().oid || covers.hashed_message.as_bytes() != imprint.0 {
        return Err(TimestampError::Imprint);
    }
    let certificate = Certificate::from_der(&verified.signer)?;
    match certificate.tbs_certificate.get::<ExtendedKeyUsage>()? {
        Some((true, usage)) if usage.0 == [ID_KP_TIME_STAMPING] => Ok((info, verified)),
        _ => Err(TimestampError::Certificate),
    }
}

/// `TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, accuracy OPTIONAL, ordering DEFAULT FALSE,
/// nonce INTEGER OPTIONAL, … }`. Read part by part, because genTime may have fractions of a second (RFC 3161, 2.4.2), which
/// the type of the standard's DER does not have.
fn token_info(der: &[u8]) -> Result<(MessageImprint, TokenInfo), TimestampError> {
    let parts = Vec::<Any>::from_der(der)?;
    let [_, _, imprint, _, gen_time, rest @ ..] = parts.as_slice() else {
        return Err(TimestampError::Imprint);
    };
    let nonce = rest.iter().find(|part| part.tag() == Tag::Integer).map(|nonce| nonce.decode_as::<Int>()).transpose()?;
    let wrong = || Tag::GeneralizedTime.value_error();
    let text = std::str::from_utf8(gen_time.value()).ok().filter(|_| gen_time.tag() == Tag::GeneralizedTime).ok_or_else(wrong)?;
    let (whole, fraction) = text.strip_suffix('Z').ok_or_else(wrong)?.split_once('.').unwrap_or((text.trim_end_matches('Z'), "0"));
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong().into());
    }
    let time = Any::new(Tag::GeneralizedTime, format!("{whole}Z").into_bytes())?.decode_as::<GeneralizedTime>()?;
    let gen_time = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Ok((imprint.decode_as()?, TokenInfo { gen_time, nonce }))
}
