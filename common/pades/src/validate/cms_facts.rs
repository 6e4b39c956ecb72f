//! What the CMS of a signature says, and where it breaks the rules (RFC 5652, ETSI EN 319 142-1, 6.3).

use std::collections::BTreeSet;

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::ID_SIGNING_TIME;
use const_oid::db::{DB, rfc5912 as algorithms};
use der::{Decode, Encode, Sequence};
use serde::Serialize;
use spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time as X509Time;

use super::certificate::CertificateFacts;
use super::facts::{Code, Fault};
use super::report::Time;
use crate::cms::CmsError;
use crate::cms::verify::{Detached, Verified, verify};

/// `id-aa-CMSAlgorithmProtect` (RFC 6211).
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// A CMS that verifies.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CmsFacts {
    /// Digest algorithm, by its name.
    pub digest_algorithm: String,
    /// Signature algorithm, by its name.
    pub signature_algorithm: String,
    /// The signing-time attribute: claimed, and not part of PAdES baseline.
    pub signing_time: Option<Time>,
    /// Who signed.
    pub signer: CertificateFacts,
    /// DER of the signer's certificate.
    #[serde(skip)]
    pub(super) certificate: Vec<u8>,
    /// The signature value.
    #[serde(skip)]
    pub(crate) value: Vec<u8>,
    /// The signed attributes, DER.
    #[serde(skip)]
    pub(crate) signed_attributes: Vec<u8>,
}

impl CmsFacts {
    /// DER of the signer's certificate.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// Verifies the CMS of a signature. Gives what it holds, the facts, and what breaks a rule though it verifies.
pub fn read(contents: &[u8], detached: &Detached<'_>) -> Result<(Verified, CmsFacts, Vec<Fault>), Fault> {
    let verified = verify(contents, Some(detached)).map_err(|error| fault(&error))?;
    let malformed = |error: der::Error| Fault::new(Code::Cms, error.to_string());
    let content = ContentInfo::from_der(contents).map_err(malformed)?;
    let data: SignedData = content.content.decode_as().map_err(malformed)?;
    let [signer] = data.signer_infos.0.as_slice() else { return Err(fault(&CmsError::Signers(data.signer_infos.0.len()))) };
    let facts = CmsFacts {
        digest_algorithm: name(&signer.digest_alg.oid),
        signature_algorithm: name(&signer.signature_algorithm.oid),
        signing_time: signing_time(signer),
        signer: CertificateFacts::of(&verified.signer).map_err(malformed)?,
        certificate: verified.signer.clone(),
        value: verified.signature.clone(),
        signed_attributes: signer.signed_attrs.to_der().map_err(malformed)?,
    };
    Ok((verified, facts, contradictions(&data, signer)))
}

fn signing_time(signer: &SignerInfo) -> Option<Time> {
    let attribute = signer.signed_attrs.as_ref()?.iter().find(|attribute| attribute.oid == ID_SIGNING_TIME)?;
    let time = X509Time::from_der(&attribute.values.as_slice().first()?.to_der().ok()?).ok()?;
    Some(Time(i64::try_from(time.to_unix_duration().as_secs()).ok()?))
}

/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE { digestAlgorithm, signatureAlgorithm [1] IMPLICIT OPTIONAL, macAlgorithm [2] … }
/// ```
#[derive(Sequence)]
struct AlgorithmProtection {
    digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    signature: Option<AlgorithmIdentifierOwned>,
}

fn contradictions(data: &SignedData, signer: &SignerInfo) -> Vec<Fault> {
    let wrong = |what: &str| Fault::new(Code::SignedAttributes, what);
    let mut faults = Vec::new();
    if !data.digest_algorithms.iter().any(|algorithm| algorithm.oid == signer.digest_alg.oid) {
        faults.push(wrong("the digest algorithm is not among those of the CMS"));
    }
    let Some(attributes) = &signer.signed_attrs else { return faults };
    let kinds: BTreeSet<ObjectIdentifier> = attributes.iter().map(|attribute| attribute.oid).collect();
    if kinds.len() != attributes.len() {
        faults.push(wrong("a signed attribute is there twice"));
    }
    for attribute in attributes.iter().filter(|attribute| attribute.oid == ALGORITHM_PROTECTION) {
        let protection = attribute.values.as_slice().first().map(|value| value.decode_as::<AlgorithmProtection>());
        let agrees = matches!(protection, Some(Ok(protection)) if protection.digest.oid == signer.digest_alg.oid
            && protection.signature.as_ref().is_none_or(|signature| signature.oid == signer.signature_algorithm.oid));
        if !agrees {
            faults.push(wrong("the algorithms are not those that were signed"));
        }
    }
    faults
}

/// The name of an algorithm, or its OID.
fn name(oid: &ObjectIdentifier) -> String {
    match *oid {
        algorithms::ID_RSASSA_PSS => "RSASSA-PSS".to_owned(),
        _ => DB.by_oid(oid).map_or_else(|| oid.to_string(), str::to_owned),
    }
}

/// What it means that a CMS does not verify.
pub fn fault(error: &CmsError) -> Fault {
    let code = match error {
        CmsError::Encoding(_) | CmsError::Signers(_) => Code::Cms,
        CmsError::Attribute(_) => Code::SignedAttributes,
        CmsError::Certificate => Code::SigningCertificate,
        CmsError::Digest => Code::Digest,
        CmsError::Algorithm => Code::Algorithm,
        CmsError::Signature => Code::SignatureValue,
    };
    Fault::new(code, error.to_string())
}
