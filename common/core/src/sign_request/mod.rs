//! A sign request from intake to its end: the data, and the pure state machine over it.

mod advance;
mod effect;
mod event;
mod history;
mod notification;
mod signing;
mod status;
mod upgrade;

use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, Digest};
use serde::{Deserialize, Serialize};
use url::Url;

pub use advance::{EID_TIME, START_TIME, advance};
pub use effect::{Effect, SWEEP_DELAY};
pub use event::{Event, InvalidTransition, Retry};
pub use history::{Entry, History, Recorded, RecordedDocument};
pub use notification::{Delivery, Notification};
pub use signing::{EidTransaction, Signing, SigningStep};
pub use status::{Outcome, SignerStatus, Stage, Status};
pub use upgrade::Upgrade;

use crate::identity::PersonalIdentityNumber;
use crate::ids::{SecretHash, SignRequestId};
use crate::ports::{Announced, VisibleSignature};

/// A sign request. One item in the store; every change goes through [`advance`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignRequest {
    /// Its name.
    pub id: SignRequestId,
    /// The e-service that made it.
    pub requester: String,
    /// The e-service's own reference, echoed.
    pub customer_reference: String,
    /// What is asked, in a few words.
    pub title: String,
    /// More about it.
    pub message: Option<String>,
    /// The language of pages and of the visible signature.
    pub language: Language,
    /// Where the browser goes afterwards, exactly as given.
    pub return_url: Url,
    /// Told of every change of status.
    pub callback_url: Option<Url>,
    /// The level asked for.
    pub level: BaselineLevel,
    /// Where signatures show.
    pub visible_signature: VisibleSignature,
    /// When it came.
    pub created: Timestamp,
    /// Nobody can sign after this.
    pub expires: Timestamp,
    /// How long everything is kept after the end, as promised when it came.
    pub kept: SignedDuration,
    /// At least one.
    pub documents: Vec<Document>,
    /// At least one, in the order of the request.
    pub signers: Vec<Signer>,
    /// Where it stands.
    pub stage: Stage,
    /// When documents below their level are tried again; `None` when there are none.
    pub upgrade: Option<Upgrade>,
    /// Messages to the e-service, delivered or not.
    pub notifications: Vec<Notification>,
    /// What happened, as a chain.
    pub history: History,
}

/// The languages of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Svenska.
    #[default]
    Sv,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// As the e-service named it.
    pub file_name: String,
    /// The bytes that came, for ever.
    pub original: Digest,
    /// The bytes with every signature so far.
    pub current: Digest,
    /// Bytes in `current`.
    pub size: u64,
    /// Pages; `None` while it is awaited.
    pub pages: Option<usize>,
    /// The lowest level that every signature of ours in it reached; `None` before the first.
    pub achieved: Option<BaselineLevel>,
}

impl Document {
    /// What is still to be uploaded, if it is.
    pub fn awaited(&self) -> Option<Announced> {
        self.pages.is_none().then_some(Announced { size: self.size, sha256: self.original })
    }
}

/// One person who is asked to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signer {
    /// The e-service's own name of the person, echoed.
    pub external_id: String,
    /// How pages and the visible signature address the person.
    pub name: String,
    /// Who alone may sign; anybody with an accepted e-ID when absent.
    pub personal_identity_number: Option<PersonalIdentityNumber>,
    /// Lower orders sign first; equal ones in any order.
    pub order: u32,
    /// Ids of e-ID providers; all configured ones when empty.
    pub allowed_identification: Vec<String>,
    /// Hash of the secret in the signing link.
    pub link: SecretHash,
    /// When the page was first opened.
    pub viewed: Option<Timestamp>,
    /// What the person did.
    pub done: Option<Done>,
}

/// What a signer did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Done {
    /// Signed; the evidence tells who and how.
    Signed {
        /// When.
        at: Timestamp,
        /// Everything that proves it.
        evidence: Box<SignatureEvidence>,
    },
    /// Declined.
    Declined {
        /// When.
        at: Timestamp,
        /// Why, in the person's own words.
        reason: Option<String>,
    },
}

/// What proves one signer's act, kept with the request and given out as the evidence package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignatureEvidence {
    /// The manifest's bytes.
    #[serde(with = "crate::octets")]
    pub manifest: Vec<u8>,
    /// The raw e-ID evidence.
    pub evidence: crate::eid::Evidence,
    /// Signatures, certificates and identity.
    pub outcome: crate::ports::SignOutcome,
}

impl SignRequest {
    /// The index of the signer whose link secret this is.
    pub fn signer_of(&self, secret: &str) -> Option<usize> {
        self.signers.iter().position(|signer| signer.link.matches(secret))
    }
}
