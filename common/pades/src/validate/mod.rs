//! Validating a signed document (ETSI EN 319 102-1, ISO 32000-2, 12.8): what is in it, and what follows from that.
//!
//! [`collect`] reads facts: revisions, signatures, what each later revision changed. [`judge`] draws the conclusion under
//! a [`Policy`], with the trust and the time that it is given. [`validate`] does both. The same bytes, trust and time
//! give the same report. Nothing is fetched and nothing is repaired.

mod authn_context;
mod certificate;
pub(crate) mod chain;
mod changes;
mod cms_facts;
mod collect;
mod coverage;
mod facts;
mod judge;
mod names;
pub(crate) mod orphans;
mod policy;
mod report;
pub(crate) mod revisions;
mod revocation;
mod stage;
mod store;
mod svt;
mod timestamps;

pub use authn_context::AuthnContext;
pub use certificate::CertificateFacts;
pub use chain::issuer_among;
pub use changes::{Change, ChangeKind};
pub use cms_facts::CmsFacts;
pub use facts::{Code, DocumentFacts, Facts, Fault, RevisionFacts, SignatureFacts, SignatureKind, TimestampFacts};
pub use judge::judge;
pub use policy::Policy;
pub use report::{Conclusion, Indication, Report, SignatureReport, SubIndication, Time};
pub use revocation::is_list_of;
pub use svt::{SvtReport, SvtStatus};

use crate::reader::Document;

/// What the one who validates trusts and knows: certificates and revocation data, DER.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Certificates that need no further proof.
    pub anchors: Vec<Vec<u8>>,
    /// Further anchors, for timestamps alone.
    pub time_stamp_anchors: Vec<Vec<u8>>,
    /// Further certificates that chains may go through.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate lists, fresher than what the document holds.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses, fresher than what the document holds.
    pub ocsp: Vec<Vec<u8>>,
    /// Certificates whose keys are trusted to issue Signature Validation Tokens: exactly these, for an anchor issues
    /// certificates to signers, too.
    pub svt_issuers: Vec<Vec<u8>>,
}

/// The facts of `pdf`. The policy tells which changes a revision may make.
pub fn collect(pdf: &[u8], policy: &Policy) -> Facts {
    let mut facts = collect::collect(pdf, policy);
    facts.material.svts = svt::read(pdf, &facts);
    orphan(pdf.into(), &mut facts);
    facts
}

/// The same of a document that need not be in memory, without the tokens in it that tell of earlier validations.
pub fn collect_ranged(pdf: Document<'_>, policy: &Policy) -> Facts {
    let mut facts = collect::collect(pdf, policy);
    orphan(pdf, &mut facts);
    facts
}

fn orphan(pdf: Document<'_>, facts: &mut Facts) {
    facts.faults.extend(orphans::find(pdf, facts.signatures.len()));
}

/// Validates `pdf` as of `at` (unix seconds).
pub fn validate(pdf: &[u8], trust: &Trust, at: i64) -> Report {
    judge(collect(pdf, &Policy::default()), &Policy::default(), trust, at)
}

/// The document as the validator reads it.
fn document<'a>(pdf: impl Into<Document<'a>>) -> Document<'a> {
    pdf.into().limited(policy::LIMITS)
}
