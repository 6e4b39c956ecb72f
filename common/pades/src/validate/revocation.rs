//! Whether a certificate was revoked: by lists (RFC 5280, 6.3) and OCSP responses (RFC 6960). Certificates that live too
//! short to be revoked say so (RFC 9608, ETSI EN 319 412-1, 5.2.2).

use const_oid::ObjectIdentifier;
use der::{Decode, Encode};
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::KeyUsages;
use x509_ocsp::CertStatus;

use super::certificate::seconds;
use super::chain::{Parsed, verified};
use super::report::Time;
use crate::ocsp::{Response, time};

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
    responses: Vec<Response>,
}

impl Sources {
    /// Reads what is well-formed; the rest proves nothing.
    pub fn read<'d>(crls: impl Iterator<Item = &'d Vec<u8>>, ocsp: impl Iterator<Item = &'d Vec<u8>>) -> Self {
        let lists = crls.filter_map(|der| {
            let list = CertificateList::from_der(der).ok()?;
            let message = list.tbs_cert_list.to_der().ok()?;
            Some((list, message))
        });
        let responses = ocsp.filter_map(|der| Response::read(der).ok());
        Self { lists: lists.collect(), responses: responses.collect() }
    }

    /// What is known at `now` about `certificate` as of `then`.
    pub fn status(&self, certificate: &Parsed, issuer: &Parsed, then: Time, now: Time) -> Status {
        if certificate.has_extension(NO_REV_AVAIL) || certificate.has_extension(VALIDITY_ASSURED_SHORT_TERM) {
            return Status::NotNeeded;
        }
        let listed = |certificate: &Parsed| {
            self.lists.iter().filter_map(|(list, message)| by_list(list, message, certificate, issuer, then, now)).collect::<Vec<_>>()
        };
        // A responder of the issuer's own is on the same lists.
        let good = |responder: &Parsed| {
            let found = listed(responder);
            !found.is_empty() && found.iter().all(|status| *status == Status::Good)
        };
        let by_lists = listed(certificate).into_iter();
        let by_ocsp = self.responses.iter().filter_map(|response| by_response(response, certificate, issuer, then, now, &good));
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
        || !signs(issuer, list, message)
    {
        return None;
    }
    let serial = &certificate.certificate.tbs_certificate.serial_number;
    let revoked = tbs.revoked_certificates.iter().flatten().find(|revoked| revoked.serial_number == *serial);
    Some(revoked.map_or(Status::Good, |revoked| Status::Revoked(seconds(&revoked.revocation_date))))
}

fn by_response(
    response: &Response,
    certificate: &Parsed,
    issuer: &Parsed,
    then: Time,
    now: Time,
    good: &dyn Fn(&Parsed) -> bool,
) -> Option<Status> {
    let single = response.about(certificate, issuer)?;
    if !fits(time(&single.this_update), single.next_update.as_ref().map(time), then, now) {
        return None;
    }
    response.check(issuer, good).ok()?;
    match &single.cert_status {
        CertStatus::Good(_) => Some(Status::Good),
        CertStatus::Revoked(revoked) => Some(Status::Revoked(time(&revoked.revocation_time))),
        CertStatus::Unknown(_) => None,
    }
}

/// Whether `issuer` has signed `list` (both DER) and may do so. What the list says of whom, and when, is not looked at.
pub fn is_list_of(list: &[u8], issuer: &[u8]) -> bool {
    let (Ok(list), Some(issuer)) = (CertificateList::from_der(list), Parsed::from_der(issuer)) else { return false };
    list.tbs_cert_list.to_der().is_ok_and(|message| signs(&issuer, &list, &message))
}

fn signs(issuer: &Parsed, list: &CertificateList, message: &[u8]) -> bool {
    issuer.permits(KeyUsages::CRLSign)
        && verified(message, list.signature.as_bytes().unwrap_or_default(), &list.signature_algorithm, issuer.key())
}
