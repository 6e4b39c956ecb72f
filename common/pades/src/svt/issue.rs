//! Issuing: the claims that follow from a validation report, and the JWT in two steps around a signature.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::json;

use super::claims::Base64Binary;
use super::{
    CertReference, CertReferenceKind, Claims, Hash, PolicyValidation, SigReference, SigValidation, Signature, SignedData, SvtResult,
    TimeValidation, reference,
};
use crate::fixed_width;
use crate::validate::{Indication, Report, SignatureFacts, SignatureKind};

/// Names of the kinds of evidence of time.
const SIGNATURE_TIMESTAMP: &str = "http://id.swedenconnect.se/svt/timeval-type/sig-timestamp/01";
const DOCUMENT_TIMESTAMP: &str = "http://id.swedenconnect.se/svt/timeval-type/pdf-doc-timestamp/01";

/// Who issues a token, and under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// `jti`: 128 random bits in hexadecimal.
    pub id: String,
    /// `iss`: a URI of the issuer.
    pub issuer: String,
}

/// Why no token is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// Only for documents of which every signature passed.
    #[error("the document did not pass validation")]
    NotPassed,
    /// The report is on other bytes.
    #[error("the report is on another document")]
    OtherDocument,
    /// The signature is not one of ECDSA on P-256.
    #[error("the signature is not one of ECDSA on P-256")]
    Signature,
}

/// The claims about `pdf`, of which every signature passed by `report`. They hold hashes, and of persons nothing.
pub fn claims(pdf: &[u8], report: &Report, issuance: &Issuance) -> Result<Claims, NotIssued> {
    if report.conclusion.indication != Indication::TotalPassed {
        return Err(NotIssued::NotPassed);
    }
    if report.facts.document.sha256 != crate::Digest::of(pdf) {
        return Err(NotIssued::OtherDocument);
    }
    let signatures = report.facts.signatures.iter().filter(|signature| signature.kind == SignatureKind::Signature);
    let sig = signatures.map(|signature| about(pdf, report, signature)).collect::<Option<Vec<_>>>().filter(|sig| !sig.is_empty());
    Ok(Claims {
        jti: issuance.id.clone(),
        iss: issuance.issuer.clone(),
        iat: report.validation_time.0,
        aud: None,
        exp: None,
        sig_val_claims: SigValidation {
            ver: "1.0".to_owned(),
            profile: Some("PDF".to_owned()),
            hash_algo: Hash::Sha256.uri().to_owned(),
            sig: sig.ok_or(NotIssued::NotPassed)?,
            ext: None,
        },
    })
}

fn about(pdf: &[u8], report: &Report, signature: &SignatureFacts) -> Option<Signature> {
    let hash = |bytes: &[u8]| Base64Binary(Hash::Sha256.of(bytes));
    let cms = signature.cms.as_ref()?;
    let byte_range = signature.byte_range?;
    let result = || vec![PolicyValidation { pol: report.policy.id.to_owned(), res: SvtResult::Passed, msg: None, ext: None }];
    let times = report.facts.signatures.iter().filter_map(|of| {
        let kind = match of.kind {
            SignatureKind::Signature if of.field == signature.field => SIGNATURE_TIMESTAMP,
            SignatureKind::DocumentTimestamp if of.revision > signature.revision => DOCUMENT_TIMESTAMP,
            _ => return None,
        };
        let timestamp = of.timestamp.as_ref()?;
        let id = BASE64_STANDARD.encode(Hash::Sha256.of(&timestamp.token));
        let (time, iss) = (timestamp.time.0, timestamp.authority.clone());
        Some(TimeValidation { time, kind: kind.to_owned(), iss, id: Some(id), val: Some(result()), ext: None })
    });
    Some(Signature {
        sig_ref: SigReference { id: None, sig_hash: hash(&cms.value), sb_hash: hash(&cms.signed_attributes) },
        sig_data_ref: vec![SignedData { reference: reference(byte_range), hash: Base64Binary(Hash::Sha256.of_covered(pdf, byte_range)?) }],
        signer_cert_ref: CertReference { kind: CertReferenceKind::ChainHash, references: vec![hash(cms.certificate())] },
        sig_val: result(),
        time_val: Some(times.collect()),
        ext: None,
    })
}

/// The bytes to be signed with ES256 by the key of the first of `certificates` (DER); `x5c` brings them along.
pub fn to_be_signed(claims: &Claims, certificates: &[Vec<u8>]) -> String {
    let chain: Vec<String> = certificates.iter().map(|der| BASE64_STANDARD.encode(der)).collect();
    let header = json!({ "typ": "JWT", "alg": "ES256", "x5c": chain });
    // Strings and numbers alone: there is nothing that can't be written.
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()), BASE64_URL_SAFE_NO_PAD.encode(claims))
}

/// The JWT: `to_be_signed` and its ECDSA value (DER).
pub fn signed(to_be_signed: &str, signature: &[u8]) -> Result<String, NotIssued> {
    let fixed = fixed_width(signature).ok_or(NotIssued::Signature)?;
    Ok(format!("{to_be_signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(fixed)))
}
