//! Whether a certificate was revoked: by lists (RFC 5280, 6.3) and OCSP responses (RFC 6960). Certificates that live too
//! short to be revoked say so (RFC 9608, ETSI EN 319 412-1, 5.2.2).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_KP_OCSP_SIGNING, ID_SHA_1, ID_SHA_256};
use der::{Decode, Encode};
use ring::digest;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::KeyUsages;
use x509_ocsp::{BasicOcspResponse, CertStatus, OcspResponse, OcspResponseStatus, SingleResponse};

use super::certificate::seconds;
use super::chain::{Parsed, has_usage, verified};
use super::report::Time;

/// `id-ce-noRevAvail` (RFC 9608).
const NO_REV_AVAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.56");
/// `id-etsi-ext-valassured-ST-certs`.
const VALIDITY_ASSURED_SHORT_TERM: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.194121.2.1");
/// `id-ce-deltaCRLIndicator` and `id-ce-issuingDistributionPoint`: lists that do not tell of all certificates.
const PARTIAL: [ObjectIdentifier; 2] = [ObjectIdentifier::new_unwrap("2.5.29.27"), ObjectIdentifier::new_unwrap("2.5.29.28")];
/// Clocks differ by this much, seconds.
const SKEW: i64 = 300;

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can't be revoked.
    NotNeeded,
    Good,
    Revoked(Time),
    Unknown,
}

/// Lists and responses that were read once.
pub struct Sources {
    lists: Vec<(CertificateList, Vec<u8>)>,
    responses: Vec<(BasicOcspResponse, Vec<u8>)>,
}

impl Sources {
    /// Reads what is well-formed; the rest proves nothing.
    pub fn read<'d>(crls: impl Iterator<Item = &'d Vec<u8>>, ocsp: impl Iterator<Item = &'d Vec<u8>>) -> Self {
        let lists = crls.filter_map(|der| {
            let list = CertificateList::from_der(der).ok()?;
            let message = list.tbs_cert_list.to_der().ok()?;
            Some((list, message))
        });
        let responses = ocsp.filter_map(|der| {
            let response = OcspResponse::from_der(der).ok().filter(|found| found.response_status == OcspResponseStatus::Successful)?;
            let basic = BasicOcspResponse::from_der(response.response_bytes?.response.as_bytes()).ok()?;
            let message = basic.tbs_response_data.to_der().ok()?;
            Some((basic, message))
        });
        Self { lists: lists.collect(), responses: responses.collect() }
    }

    /// What is known at `now` about `certificate` as of `then`.
    pub fn status(&self, certificate: &Parsed, issuer: &Parsed, then: Time, now: Time) -> Status {
        if certificate.has_extension(NO_REV_AVAIL) || certificate.has_extension(VALIDITY_ASSURED_SHORT_TERM) {
            return Status::NotNeeded;
        }
        let by_lists = self.lists.iter().filter_map(|(list, message)| by_list(list, message, certificate, issuer, then, now));
        let by_ocsp =
            self.responses.iter().filter_map(|(response, message)| by_response(response, message, certificate, issuer, then, now));
        let mut status = Status::Unknown;
        for found in by_lists.chain(by_ocsp) {
            match found {
                Status::Revoked(_) => return found,
                _ => status = found,
            }
        }
        status
    }
}

/// Made by now, and not outdated then.
fn fits(this_update: Time, next_update: Option<Time>, then: Time, now: Time) -> bool {
    this_update.0 <= now.0 + SKEW && next_update.map_or(this_update >= then, |next| then <= next)
}

fn by_list(list: &CertificateList, message: &[u8], certificate: &Parsed, issuer: &Parsed, then: Time, now: Time) -> Option<Status> {
    let tbs = &list.tbs_cert_list;
    let partial = tbs.crl_extensions.iter().flatten().any(|extension| PARTIAL.contains(&extension.extn_id) || extension.critical);
    if partial
        || tbs.issuer != issuer.certificate.tbs_certificate.subject
        || !fits(seconds(&tbs.this_update), tbs.next_update.as_ref().map(seconds), then, now)
        || !issuer.permits(KeyUsages::CRLSign)
        || !verified(message, list.signature.raw_bytes(), &list.signature_algorithm, issuer.key())
    {
        return None;
    }
    let serial = &certificate.certificate.tbs_certificate.serial_number;
    let revoked = tbs.revoked_certificates.iter().flatten().find(|revoked| revoked.serial_number == *serial);
    Some(revoked.map_or(Status::Good, |revoked| Status::Revoked(seconds(&revoked.revocation_date))))
}

fn by_response(
    response: &BasicOcspResponse,
    message: &[u8],
    certificate: &Parsed,
    issuer: &Parsed,
    then: Time,
    now: Time,
) -> Option<Status> {
    let time = |time: &x509_ocsp::OcspGeneralizedTime| Time(i64::try_from(time.0.to_unix_duration().as_secs()).unwrap_or(i64::MAX));
    let single = response.tbs_response_data.responses.iter().find(|single| concerns(single, certificate, issuer))?;
    if !fits(time(&single.this_update), single.next_update.as_ref().map(time), then, now) {
        return None;
    }
    let signed = |by: &Parsed| verified(message, response.signature.raw_bytes(), &response.signature_algorithm, by.key());
    // The CA itself, or one that it has authorised for this alone (RFC 6960, 4.2.2.2).
    let delegated = || {
        let certificates = response.certs.iter().flatten().filter_map(|found| Parsed::from_der(&found.to_der().ok()?));
        certificates.into_iter().any(|responder| {
            has_usage(&responder, ID_KP_OCSP_SIGNING)
                && super::chain::build(&responder, &[], std::slice::from_ref(issuer)).is_ok()
                && responder.validity().0 <= now
                && signed(&responder)
        })
    };
    if !signed(issuer) && !delegated() {
        return None;
    }
    match &single.cert_status {
        CertStatus::Good(_) => Some(Status::Good),
        CertStatus::Revoked(revoked) => Some(Status::Revoked(time(&revoked.revocation_time))),
        CertStatus::Unknown(_) => None,
    }
}

fn concerns(single: &SingleResponse, certificate: &Parsed, issuer: &Parsed) -> bool {
    let algorithm = match single.cert_id.hash_algorithm.oid {
        ID_SHA_1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        ID_SHA_256 => &digest::SHA256,
        _ => return false,
    };
    let hash = |bytes: &[u8]| digest::digest(algorithm, bytes).as_ref().to_vec();
    let name = issuer.certificate.tbs_certificate.subject.to_der().unwrap_or_default();
    single.cert_id.serial_number == certificate.certificate.tbs_certificate.serial_number
        && single.cert_id.issuer_name_hash.as_bytes() == hash(&name)
        && single.cert_id.issuer_key_hash.as_bytes() == hash(issuer.key().subject_public_key.raw_bytes())
}
