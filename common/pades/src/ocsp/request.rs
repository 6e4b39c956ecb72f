use const_oid::db::rfc5912::ID_SHA_1;
use der::asn1::OctetString;
use der::{Any, Encode};
use spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest};

use super::OcspError;
use super::response::hashes;
use crate::validate::chain::{Parsed, issued};

/// An OCSPRequest (DER) about `certificate`, which `issuer` issued (both DER). By SHA-1, which every responder knows and
/// which only names the issuer here, and without a nonce, so that responders may answer what they have at hand (RFC 5019,
/// 2.1.1).
pub fn ocsp_request(certificate: &[u8], issuer: &[u8]) -> Result<Vec<u8>, OcspError> {
    let (certificate, issuer) = Parsed::from_der(certificate).zip(Parsed::from_der(issuer)).ok_or(OcspError::Issuer)?;
    if !issued(&certificate, &issuer) {
        return Err(OcspError::Issuer);
    }
    let (name, key) = hashes(&issuer, ID_SHA_1).ok_or(OcspError::Issuer)?;
    let req_cert = CertId {
        hash_algorithm: AlgorithmIdentifierOwned { oid: ID_SHA_1, parameters: Some(Any::null()) },
        issuer_name_hash: OctetString::new(name)?,
        issuer_key_hash: OctetString::new(key)?,
        serial_number: certificate.certificate.tbs_certificate.serial_number.clone(),
    };
    let request_list = vec![Request { req_cert, single_request_extensions: None }];
    let request = OcspRequest { tbs_request: TbsRequest { request_list, ..TbsRequest::default() }, optional_signature: None };
    Ok(request.to_der()?)
}
