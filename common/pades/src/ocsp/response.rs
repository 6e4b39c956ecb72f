use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_KP_OCSP_SIGNING, ID_SHA_1, ID_SHA_256};
use const_oid::db::rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NOCHECK};
use der::{Decode, Encode};
use ring::digest;
use x509_ocsp::{BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus, SingleResponse};

use super::OcspError;
use crate::validate::Time;
use crate::validate::chain::{Parsed, build, has_usage, issued, verified};

/// Clocks differ by this much, seconds.
const SKEW: i64 = 300;

/// What a checked response says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspAnswer {
    /// Of the certificate.
    pub status: OcspStatus,
    /// Until when that holds, unix seconds; without it the responder can say something newer at any time.
    pub until: Option<i64>,
}

/// Of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// When, unix seconds.
        at: i64,
    },
}

/// What `response` (OCSPResponse, DER) says about `certificate`, which `issuer` issued (both DER), as of `now` (unix
/// seconds). A responder that the issuer has authorised must be one whose own certificate needs no check
/// (`id-pkix-ocsp-nocheck`): what would tell of that one is not collected.
pub fn ocsp_answer(response: &[u8], certificate: &[u8], issuer: &[u8], now: i64) -> Result<OcspAnswer, OcspError> {
    let response = Response::read(response)?;
    let (certificate, issuer) = Parsed::from_der(certificate).zip(Parsed::from_der(issuer)).ok_or(OcspError::Issuer)?;
    if !issued(&certificate, &issuer) {
        return Err(OcspError::Issuer);
    }
    let single = response.about(&certificate, &issuer).ok_or(OcspError::OtherCertificate)?;
    let (this_update, next_update) = (time(&single.this_update).0, single.next_update.as_ref().map(|next| time(next).0));
    let fresh = next_update.map_or(now - this_update <= SKEW, |next| now <= next);
    if this_update > now + SKEW || !fresh {
        return Err(OcspError::Outdated);
    }
    response.check(&issuer, &|_| false)?;
    let status = match &single.cert_status {
        CertStatus::Good(_) => OcspStatus::Good,
        CertStatus::Revoked(revoked) => OcspStatus::Revoked { at: time(&revoked.revocation_time).0 },
        CertStatus::Unknown(_) => return Err(OcspError::Unknown),
    };
    Ok(OcspAnswer { status, until: next_update })
}

/// A response that was read; what it says is not checked yet.
pub(crate) struct Response {
    basic: BasicOcspResponse,
    message: Vec<u8>,
}

impl Response {
    /// Reads an OCSPResponse.
    pub fn read(der: &[u8]) -> Result<Self, OcspError> {
        let response = OcspResponse::from_der(der)?;
        let basic = match response.response_bytes {
            Some(bytes) if response.response_status == OcspResponseStatus::Successful && bytes.response_type == ID_PKIX_OCSP_BASIC => {
                BasicOcspResponse::from_der(bytes.response.as_bytes())?
            }
            _ => return Err(OcspError::Refused),
        };
        let message = basic.tbs_response_data.to_der()?;
        Ok(Self { basic, message })
    }

    /// What it says about `certificate`.
    pub fn about(&self, certificate: &Parsed, issuer: &Parsed) -> Option<&SingleResponse> {
        self.basic.tbs_response_data.responses.iter().find(|single| concerns(single, certificate, issuer))
    }

    /// Whether `issuer` has signed it, or one that it has authorised for this alone (RFC 6960, 4.2.2.2). Such a certificate was
    /// valid when the response was made, and can't be revoked or, as `good` says of it, is not.
    pub fn check(&self, issuer: &Parsed, good: &dyn Fn(&Parsed) -> bool) -> Result<(), OcspError> {
        let signed = |by: &Parsed| {
            verified(&self.message, self.basic.signature.as_bytes().unwrap_or_default(), &self.basic.signature_algorithm, by.key())
        };
        let produced = time(&self.basic.tbs_response_data.produced_at);
        let authorised = |responder: &Parsed| {
            let (from, to) = responder.validity();
            has_usage(responder, ID_KP_OCSP_SIGNING)
                && (from <= produced && produced <= to)
                && (responder.has_extension(ID_PKIX_OCSP_NOCHECK) || good(responder))
                && build(responder, &[], std::slice::from_ref(issuer)).is_ok()
                && signed(responder)
        };
        let mut certificates = self.basic.certs.iter().flatten().filter_map(|found| Parsed::from_der(&found.to_der().ok()?));
        if signed(issuer) || certificates.any(|responder| authorised(&responder)) { Ok(()) } else { Err(OcspError::Responder) }
    }
}

/// Unix seconds.
pub(crate) fn time(time: &OcspGeneralizedTime) -> Time {
    Time(i64::try_from(time.0.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

fn concerns(single: &SingleResponse, certificate: &Parsed, issuer: &Parsed) -> bool {
    let Some((name, key)) = hashes(issuer, single.cert_id.hash_algorithm.oid) else { return false };
    single.cert_id.serial_number == certificate.certificate.tbs_certificate.serial_number
        && single.cert_id.issuer_name_hash.as_bytes() == name
        && single.cert_id.issuer_key_hash.as_bytes() == key
}

/// How a CertID names an issuer: the hashes of its name and key.
pub(super) fn hashes(issuer: &Parsed, algorithm: ObjectIdentifier) -> Option<(Vec<u8>, Vec<u8>)> {
    let algorithm = match algorithm {
        ID_SHA_1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        ID_SHA_256 => &digest::SHA256,
        _ => return None,
    };
    let hash = |bytes: &[u8]| digest::digest(algorithm, bytes).as_ref().to_vec();
    let name = issuer.certificate.tbs_certificate.subject.to_der().ok()?;
    Some((hash(&name), hash(issuer.key().subject_public_key.raw_bytes())))
}
