//! The evidence package: everything that proves what happened with one sign request, in one JSON document to be archived
//! beside the signed documents. [`check`] compares it with itself and with them; nobody need be asked for that.

mod check;

use jiff::Timestamp;
use pades::validate::Report;
use pades::{BaselineLevel, Digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use check::{Flaw, Part, check};

use crate::eid::Evidence;
use crate::identity::IdentityAssertion;
use crate::ids::SignRequestId;
use crate::ports::DocumentSignature;
use crate::sign_request::{Document, Done, SignRequest, Signer, Status};

/// The package of one sign request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidencePackage {
    /// 1.
    pub version: u8,
    /// The sign request.
    pub id: SignRequestId,
    /// The e-service's own reference.
    pub customer_reference: String,
    /// Where the request stands.
    pub status: Status,
    /// The level asked for.
    pub requested_level: BaselineLevel,
    /// Each document.
    pub documents: Vec<PackagedDocument>,
    /// Each person who was asked, in order.
    pub signers: Vec<PackagedSigner>,
    /// What happened: JSON texts ([`crate::sign_request::Entry`]), each with the SHA-256 of exactly the text before.
    pub events: Vec<String>,
    /// SHA-256 of the last event's text: who keeps it can tell whether any event was changed.
    pub head: Option<Digest>,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackagedDocument {
    /// As the e-service named it.
    pub file_name: String,
    /// The bytes that came.
    pub original: Digest,
    /// The bytes with every signature so far.
    pub signed: Digest,
    /// The lowest level that every signature of ours in it reached.
    pub achieved_level: Option<BaselineLevel>,
    /// Its timestamps.
    pub timestamps: Vec<PackagedTimestamp>,
    /// The validation report by ETSI TS 119 102-2's words, made with the package; `None` when it could not be made.
    pub validation: Option<Value>,
}

/// One timestamp of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackagedTimestamp {
    /// The signature field that it is in.
    pub field: String,
    /// Its time.
    pub time: Timestamp,
    /// Common name of the authority.
    pub authority: String,
    /// The token (RFC 3161), DER.
    #[serde(with = "crate::octets")]
    pub token: Vec<u8>,
}

/// One person who was asked to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackagedSigner {
    /// The e-service's own name of the person.
    pub external_id: String,
    /// What the person did, if anything.
    pub act: Option<Act>,
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Act {
    /// Signed.
    Signed(Box<SignedAct>),
    /// Declined.
    Declined {
        /// When.
        at: Timestamp,
        /// Why, in the person's own words.
        reason: Option<String>,
    },
}

/// What proves a signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedAct {
    /// When everything was stored.
    pub at: Timestamp,
    /// Who, by the e-ID.
    pub identity: IdentityAssertion,
    /// The manifest's bytes: their SHA-256 is the nonce of the e-ID transaction.
    #[serde(with = "crate::octets")]
    pub manifest: Vec<u8>,
    /// The raw e-ID evidence.
    pub eid: Evidence,
    /// DER, signer first, root last.
    #[serde(with = "crate::octets::list")]
    pub certificates: Vec<Vec<u8>>,
    /// One for each document.
    pub signatures: Vec<DocumentSignature>,
}

impl EvidencePackage {
    /// The package of `request`, with a report on each of its documents as far as there are any.
    pub fn new(request: &SignRequest, reports: &[Option<Report>]) -> Self {
        let reports = reports.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        let events = request.history.texts().to_vec();
        Self {
            version: 1,
            id: request.id.clone(),
            customer_reference: request.customer_reference.clone(),
            status: request.status(),
            requested_level: request.level,
            documents: request.documents.iter().zip(reports).map(|(document, report)| packaged(document, report)).collect(),
            signers: request.signers.iter().map(signer).collect(),
            head: events.last().map(|text| Digest::of(text.as_bytes())),
            events,
        }
    }
}

fn packaged(document: &Document, report: Option<&Report>) -> PackagedDocument {
    let signatures = report.iter().flat_map(|report| &report.facts.signatures);
    let timestamps = signatures.filter_map(|signature| {
        let timestamp = signature.timestamp.as_ref()?;
        Some(PackagedTimestamp {
            field: signature.field.clone(),
            time: Timestamp::from_second(timestamp.time.0).ok()?,
            authority: timestamp.authority.clone(),
            token: timestamp.token.clone(),
        })
    });
    PackagedDocument {
        file_name: document.file_name.clone(),
        original: document.original,
        signed: document.current,
        achieved_level: document.achieved,
        timestamps: timestamps.collect(),
        validation: report.and_then(|report| serde_json::to_value(report).ok()),
    }
}

fn signer(signer: &Signer) -> PackagedSigner {
    let act = signer.done.as_ref().map(|done| match done {
        Done::Declined { at, reason } => Act::Declined { at: *at, reason: reason.clone() },
        Done::Signed { at, evidence } => Act::Signed(Box::new(SignedAct {
            at: *at,
            identity: evidence.outcome.signer.clone(),
            manifest: evidence.manifest.clone(),
            eid: evidence.evidence.clone(),
            certificates: evidence.outcome.certificates.clone(),
            signatures: evidence.outcome.signatures.clone(),
        })),
    });
    PackagedSigner { external_id: signer.external_id.clone(), act }
}
