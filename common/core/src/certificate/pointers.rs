//! Where a certificate says that more is known of it.

use const_oid::db::rfc5912::ID_AD_OCSP;
use der::Decode;
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};

/// Where the lists for a certificate are (http or https), from its CRL distribution points (RFC 5280, 4.2.1.13).
pub fn list_urls(certificate: &[u8]) -> Vec<String> {
    let Ok(certificate) = Certificate::from_der(certificate) else { return Vec::new() };
    let Ok(Some((_, points))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() else { return Vec::new() };
    let names = points.0.into_iter().filter_map(|point| match point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    names.flatten().filter_map(|name| url(&name)).collect()
}

/// Where the OCSP responders for a certificate are, from its authority information access (RFC 5280, 4.2.2.1).
pub fn ocsp_urls(certificate: &[u8]) -> Vec<String> {
    let Ok(certificate) = Certificate::from_der(certificate) else { return Vec::new() };
    let Ok(Some((_, access))) = certificate.tbs_certificate.get::<AuthorityInfoAccessSyntax>() else { return Vec::new() };
    let responders = access.0.iter().filter(|description| description.access_method == ID_AD_OCSP);
    responders.filter_map(|description| url(&description.access_location)).collect()
}

fn url(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(url) if url.as_str().starts_with("http") => Some(url.to_string()),
        _ => None,
    }
}
