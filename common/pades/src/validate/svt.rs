//! Signature Validation Tokens in a document: what each of them says of which signature (RFC 9321, 5).

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Serialize;

use super::certificate::CertificateFacts;
use super::facts::{Code, Facts, Fault, SignatureFacts, SignatureKind};
use super::report::Time;
use crate::svt::{self, CertReferenceKind, Hash, SvtError, SvtResult};

/// A token, as it stands in a document timestamp.
#[derive(Clone, Debug)]
pub struct Token {
    /// The timestamp's field.
    pub field: String,
    /// The revision of the timestamp.
    pub revision: usize,
    /// What it says, when its signature is right.
    pub content: Result<Content, SvtError>,
}

/// What a token says.
#[derive(Clone, Debug)]
pub struct Content {
    id: String,
    issuer: String,
    issued: Time,
    /// DER of the certificate that it is signed with.
    certificate: Vec<u8>,
    /// Fields of the signatures that are still exactly what it is about, and passed.
    covers: Vec<String>,
    /// Hashes of the timestamps that it has seen, by its own algorithm, base64.
    timestamps: Vec<String>,
    hash: Hash,
}

/// A token in the report.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SvtReport {
    /// The field of the document timestamp that it is in.
    pub field: String,
    /// Whether it counts.
    pub status: SvtStatus,
    /// Its own name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Who says it, by its own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Common name in the certificate of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Time>,
    /// Fields of the signatures that it says passed, and that are still what they were then.
    pub covers: Vec<String>,
}

/// Whether a token counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "reason")]
pub enum SvtStatus {
    /// It does.
    Accepted,
    /// Its issuer is not one of those that are trusted for this.
    IssuerNotTrusted,
    /// It says nothing.
    Invalid(SvtError),
}

/// The tokens in the document timestamps of `pdf`.
pub fn read(pdf: &[u8], facts: &Facts) -> Vec<Token> {
    let stamps = facts.signatures.iter().filter(|signature| signature.kind == SignatureKind::DocumentTimestamp);
    let found = stamps.filter_map(|stamp| {
        let timestamp = stamp.timestamp.as_ref()?;
        let jwt = svt::of_token(&timestamp.token)?;
        let content = svt::read(&jwt, std::slice::from_ref(&timestamp.certificate)).map(|token| content(pdf, facts, stamp, token));
        Some(Token { field: stamp.field.clone(), revision: stamp.revision, content })
    });
    found.collect()
}

fn content(pdf: &[u8], facts: &Facts, stamp: &SignatureFacts, token: svt::Verified) -> Content {
    let claims = token.claims;
    let hash = Hash::from_uri(&claims.sig_val_claims.hash_algo).unwrap_or(Hash::Sha256);
    let earlier = facts.signatures.iter().filter(|signature| signature.revision < stamp.revision);
    let covered = earlier.filter(|signature| claims.sig_val_claims.sig.iter().any(|claim| is_about(pdf, claim, signature, hash)));
    let times = claims.sig_val_claims.sig.iter().flat_map(|claim| claim.time_val.iter().flatten());
    Content {
        covers: covered.map(|signature| signature.field.clone()).collect(),
        timestamps: times.filter_map(|time| time.id.clone()).collect(),
        id: claims.jti,
        issuer: claims.iss,
        issued: Time(claims.iat),
        certificate: token.certificate,
        hash,
    }
}

/// Whether `claim` says that exactly this signature passed, over exactly the bytes that it covers now.
fn is_about(pdf: &[u8], claim: &svt::Signature, signature: &SignatureFacts, hash: Hash) -> bool {
    let (Some(cms), Some(byte_range)) = (&signature.cms, signature.byte_range) else { return false };
    let [data] = claim.sig_data_ref.as_slice() else { return false };
    let certificate = || match (claim.signer_cert_ref.kind, claim.signer_cert_ref.references.first()) {
        (_, None) => false,
        (CertReferenceKind::Chain, Some(first)) => first.0 == cms.certificate(),
        (CertReferenceKind::ChainHash, Some(first)) => first.0 == hash.of(cms.certificate()),
    };
    !claim.sig_val.is_empty()
        && claim.sig_val.iter().all(|result| result.res == SvtResult::Passed)
        && claim.sig_ref.sig_hash.0 == hash.of(&cms.value)
        && claim.sig_ref.sb_hash.0 == hash.of(&cms.signed_attributes)
        && data.reference == svt::reference(byte_range)
        && hash.of_covered(pdf, byte_range).as_ref() == Some(&data.hash.0)
        && certificate()
}

impl Token {
    /// What counts of it when `issuers` (DER) are trusted to say so.
    pub fn accepted(&self, issuers: &[Vec<u8>]) -> Option<&Content> {
        self.content.as_ref().ok().filter(|content| issuers.contains(&content.certificate))
    }

    /// What the report says of it.
    pub fn report(&self, issuers: &[Vec<u8>]) -> SvtReport {
        let content = self.content.as_ref().ok();
        let status = match &self.content {
            Err(error) => SvtStatus::Invalid(*error),
            Ok(_) if self.accepted(issuers).is_some() => SvtStatus::Accepted,
            Ok(_) => SvtStatus::IssuerNotTrusted,
        };
        SvtReport {
            field: self.field.clone(),
            status,
            id: content.map(|content| content.id.clone()),
            issuer: content.map(|content| content.issuer.clone()),
            signed_by: content.and_then(|content| CertificateFacts::of(&content.certificate).ok()?.name),
            issued: content.map(|content| content.issued),
            covers: content.map(|content| content.covers.clone()).unwrap_or_default(),
        }
    }
}

impl Content {
    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was issued: by then everything that it is about was there.
    pub fn issued(&self) -> Time {
        self.issued
    }

    /// Whether `signature` is one that it says passed, or a timestamp that it has seen, or the one that it is in.
    pub fn speaks_for(&self, signature: &SignatureFacts) -> bool {
        match (signature.kind, &signature.timestamp) {
            (SignatureKind::Signature, _) => self.covers.contains(&signature.field),
            (SignatureKind::DocumentTimestamp, Some(timestamp)) => {
                let seen = || self.timestamps.contains(&BASE64_STANDARD.encode(self.hash.of(&timestamp.token)));
                timestamp.certificate == self.certificate || seen()
            }
            (SignatureKind::DocumentTimestamp, None) => false,
        }
    }
}

/// Whether a token can stand in for what is missing: never for something that is wrong.
pub fn stands_in_for(findings: &[Fault]) -> bool {
    findings.iter().all(|finding| matches!(finding.code, Code::NoChain | Code::NoProofOfTime | Code::NoRevocationData))
}
