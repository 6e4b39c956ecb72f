//! The profiles: the CA's root, a signer's one-time certificate, a timestamp unit, and the CA's list.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{COMMON_NAME, COUNTRY_NAME, GIVEN_NAME, ORGANIZATION_NAME, SERIAL_NUMBER, SURNAME};
use const_oid::db::rfc5912::{
    ID_CE_BASIC_CONSTRAINTS, ID_CE_CERTIFICATE_POLICIES, ID_CE_CRL_DISTRIBUTION_POINTS, ID_CE_CRL_NUMBER, ID_CE_EXT_KEY_USAGE,
    ID_CE_KEY_USAGE, ID_KP_TIME_STAMPING,
};
use der::Encode;
use der::asn1::{Ia5String, Null, Uint};
use jiff::{SignedDuration, Timestamp};
use x509_cert::certificate::Version;
use x509_cert::crl::TbsCertList;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::name::Name;

use super::authn_context;
use super::build::{CertificateError, Criticality::*, Issuer, Parts, Serial, ecdsa_with_sha256, extension, name, time, to_be_signed};
use crate::config::SignatureProfile;
use crate::identity::IdentityAssertion;

/// `id-ce-noRevAvail` (RFC 9608).
const NO_REV_AVAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.56");
/// `id-etsi-ext-valassured-ST-certs` (ETSI EN 319 412-1, 5.2.2): validity assured, short term.
const VALIDITY_ASSURED_SHORT_TERM: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.194121.2.1");
/// Authentication Context (RFC 7773).
const AUTHENTICATION_CONTEXTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.752.201.5.1");
/// Clocks differ: a certificate counts from a little before it was made.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);
const ROOT_DAYS: i64 = 20 * 365;
const TIME_STAMPING_DAYS: i64 = 5 * 365;
const LIST_DAYS: i64 = 30;

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// TBSCertificate of the CA's self-signed root.
pub fn root(profile: &SignatureProfile, public_key: &[u8], serial: Serial, now: Timestamp) -> Result<Vec<u8>, CertificateError> {
    let subject = ca_name(profile)?;
    let basic = BasicConstraints { ca: true, path_len_constraint: Some(0) };
    to_be_signed(Parts {
        serial,
        issuer: subject.clone(),
        subject,
        not_before: now - CLOCK_SKEW,
        not_after: now + days(ROOT_DAYS),
        public_key,
        extensions: vec![
            extension(ID_CE_BASIC_CONSTRAINTS, Critical, basic.to_der()?)?,
            extension(ID_CE_KEY_USAGE, Critical, KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign).to_der()?)?,
        ],
    })
}

/// The CA's name, as the profile has it.
pub(super) fn ca_name(profile: &SignatureProfile) -> Result<Name, CertificateError> {
    name(&[(COUNTRY_NAME, "SE"), (ORGANIZATION_NAME, &profile.ca_subject.organisation), (COMMON_NAME, &profile.ca_subject.common_name)])
}

/// TBSCertificate of a signer, by the Sweden Connect certificate profile 1.2: subject from the e-ID, Authentication
/// Context, one key for one act, valid for minutes and therefore without revocation.
pub fn signer(
    profile: &SignatureProfile,
    issuer: &Issuer,
    signer: &IdentityAssertion,
    service: &str,
    public_key: &[u8],
    serial: Serial,
    now: Timestamp,
) -> Result<Vec<u8>, CertificateError> {
    let policy = ObjectIdentifier::new(&profile.certificate_policy).map_err(der::Error::from)?;
    let policies = CertificatePolicies(vec![PolicyInformation { policy_identifier: policy, policy_qualifiers: None }]);
    to_be_signed(Parts {
        serial,
        issuer: issuer.name.clone(),
        subject: name(&[
            (COUNTRY_NAME, "SE"),
            (SERIAL_NUMBER, signer.personal_identity_number.expose()),
            (GIVEN_NAME, &signer.given_name),
            (SURNAME, &signer.surname),
            (COMMON_NAME, &signer.display_name),
        ])?,
        not_before: now - CLOCK_SKEW,
        not_after: now + profile.certificate_life(),
        public_key,
        extensions: vec![
            extension(ID_CE_KEY_USAGE, Critical, KeyUsage(KeyUsages::NonRepudiation.into()).to_der()?)?,
            issuer.authority_key_identifier()?,
            extension(ID_CE_CERTIFICATE_POLICIES, Ignorable, policies.to_der()?)?,
            extension(AUTHENTICATION_CONTEXTS, Ignorable, authn_context::extension(signer, service)?)?,
            extension(NO_REV_AVAIL, Ignorable, Null.to_der()?)?,
            extension(VALIDITY_ASSURED_SHORT_TERM, Ignorable, Null.to_der()?)?,
        ],
    })
}

/// TBSCertificate of a timestamp unit (RFC 3161, 2.3): extended key usage timeStamping, critical and alone.
pub fn time_stamping(
    issuer: &Issuer,
    common_name: &str,
    list_url: &str,
    public_key: &[u8],
    serial: Serial,
    now: Timestamp,
) -> Result<Vec<u8>, CertificateError> {
    let point = DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![GeneralName::UniformResourceIdentifier(Ia5String::new(list_url)?)])),
        reasons: None,
        crl_issuer: None,
    };
    to_be_signed(Parts {
        serial,
        issuer: issuer.name.clone(),
        subject: name(&[(COUNTRY_NAME, "SE"), (COMMON_NAME, common_name)])?,
        not_before: now - CLOCK_SKEW,
        not_after: now + days(TIME_STAMPING_DAYS),
        public_key,
        extensions: vec![
            extension(ID_CE_KEY_USAGE, Critical, KeyUsage(KeyUsages::DigitalSignature.into()).to_der()?)?,
            extension(ID_CE_EXT_KEY_USAGE, Critical, ExtendedKeyUsage(vec![ID_KP_TIME_STAMPING]).to_der()?)?,
            issuer.authority_key_identifier()?,
            extension(ID_CE_CRL_DISTRIBUTION_POINTS, Ignorable, CrlDistributionPoints(vec![point]).to_der()?)?,
        ],
    })
}

/// TBSCertList of the CA: nothing is revoked, for signers' certificates live minutes and the rest is replaced by a new
/// CA. `number` rises with every list.
pub fn revocation_list(issuer: &Issuer, number: u64, now: Timestamp) -> Result<Vec<u8>, CertificateError> {
    let number = Uint::new(&number.to_be_bytes())?;
    let list = TbsCertList {
        version: Version::V2,
        signature: ecdsa_with_sha256(),
        issuer: issuer.name.clone(),
        this_update: time(now - CLOCK_SKEW)?,
        next_update: Some(time(now + days(LIST_DAYS))?),
        revoked_certificates: None,
        crl_extensions: Some(vec![issuer.authority_key_identifier()?, extension(ID_CE_CRL_NUMBER, Ignorable, number.to_der()?)?]),
    };
    Ok(list.to_der()?)
}
