//! What a certificate says about its subject, without what identifies a person beyond the name.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{COMMON_NAME, COUNTRY_NAME, GIVEN_NAME, ORGANIZATION_NAME, SURNAME};
use der::asn1::{PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Decode, Tag, Tagged};
use serde::Serialize;
use x509_cert::Certificate;
use x509_cert::name::Name;

use super::authn_context::AuthnContext;
use super::report::Time;

/// A signer's certificate. The personal identity number stays in the certificate.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// commonName, or given name and surname.
    pub name: Option<String>,
    /// organizationName.
    pub organisation: Option<String>,
    /// countryName.
    pub country: Option<String>,
    /// commonName of the issuer.
    pub issuer: Option<String>,
    /// organizationName of the issuer.
    pub issuer_organisation: Option<String>,
    /// Valid from.
    pub not_before: Time,
    /// Valid until.
    pub not_after: Time,
    /// How the signer was authenticated (RFC 7773).
    pub authn_context: Option<AuthnContext>,
}

impl CertificateFacts {
    /// Reads a certificate, DER.
    pub(super) fn of(der: &[u8]) -> der::Result<Self> {
        let certificate = Certificate::from_der(der)?;
        let tbs = &certificate.tbs_certificate;
        let given = attribute(&tbs.subject, GIVEN_NAME).zip(attribute(&tbs.subject, SURNAME));
        Ok(Self {
            name: attribute(&tbs.subject, COMMON_NAME).or(given.map(|(given, surname)| format!("{given} {surname}"))),
            organisation: attribute(&tbs.subject, ORGANIZATION_NAME),
            country: attribute(&tbs.subject, COUNTRY_NAME),
            issuer: attribute(&tbs.issuer, COMMON_NAME),
            issuer_organisation: attribute(&tbs.issuer, ORGANIZATION_NAME),
            not_before: seconds(&tbs.validity.not_before),
            not_after: seconds(&tbs.validity.not_after),
            authn_context: AuthnContext::of(&certificate),
        })
    }
}

/// The first value of an attribute of a name.
pub fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let attribute = name.0.iter().flat_map(|rdn| rdn.0.iter()).find(|attribute| attribute.oid == oid)?;
    match attribute.value.tag() {
        Tag::PrintableString => attribute.value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::Utf8String => attribute.value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::TeletexString => attribute.value.decode_as::<TeletexStringRef<'_>>().ok().map(|text| text.to_string()),
        _ => None,
    }
}

/// Unix seconds of an X.509 time.
pub fn seconds(time: &x509_cert::time::Time) -> Time {
    Time(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}
