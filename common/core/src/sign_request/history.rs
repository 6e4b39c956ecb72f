//! What happened to a sign request: a chain in which each event holds the hash of the one before, so that none can be
//! changed, left out or put in between without breaking all that follow. No event holds personal data.

use jiff::Timestamp;
use pades::{BaselineLevel, Digest};
use serde::{Deserialize, Serialize};

use super::{Delivery, Event, Outcome, SignRequest, Stage, Status};
use crate::eid::Evidence;
use crate::ids::{SignRequestId, TransactionId};

/// So many events are kept of what a person can repeat for ever; what leads to a signature is always kept.
const MOST_ATTEMPTS: usize = 400;

/// The chain. Each event is kept as the text that was hashed: it is never written anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<String>);

/// One event, as it stands in its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// From 1, without gaps.
    pub number: usize,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the text of the one before; `None` in the first.
    pub previous: Option<Digest>,
    /// What happened.
    pub event: Recorded,
}

/// What can have happened. Signers are counted from 1, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Recorded {
    /// The request came.
    Received {
        /// Its name.
        sign_request: SignRequestId,
        /// The e-service.
        requester: String,
        /// The level asked for.
        level: BaselineLevel,
        /// SHA-256 of each document.
        documents: Vec<Digest>,
        /// How many are to sign.
        signers: usize,
    },
    /// The announced documents had come, and the request was started.
    Started,
    /// A signer opened the page for the first time.
    Viewed {
        /// Who.
        signer: usize,
    },
    /// A signer went to the e-ID.
    EidStarted {
        /// Who.
        signer: usize,
        /// The attempt.
        transaction: TransactionId,
        /// SHA-256 of the manifest's bytes.
        manifest: Digest,
    },
    /// The provider answered.
    CallbackReceived {
        /// The attempt.
        transaction: TransactionId,
    },
    /// The e-ID step gave no identity.
    EidFailed {
        /// The attempt.
        transaction: TransactionId,
    },
    /// Nobody came back from the e-ID in time.
    EidAbandoned,
    /// The evidence was verified and kept.
    Authenticated {
        /// The attempt.
        transaction: TransactionId,
        /// SHA-256 of the ID token as it came.
        token: Digest,
    },
    /// The digests were signed.
    HashSigned {
        /// The attempt.
        transaction: TransactionId,
        /// SHA-256 of the signer's certificate.
        certificate: Digest,
    },
    /// The signed documents were stored.
    Assembled {
        /// The attempt.
        transaction: TransactionId,
        /// Each of them.
        documents: Vec<RecordedDocument>,
    },
    /// The documents were raised to a higher level.
    Extended {
        /// Each of them.
        documents: Vec<RecordedDocument>,
    },
    /// Signing or assembly is impossible.
    Failed {
        /// Stable reason code.
        code: String,
    },
    /// A signer declined.
    Declined {
        /// Who.
        signer: usize,
    },
    /// The e-service withdrew it.
    Withdrawn,
    /// Nobody signed in time.
    Expired,
    /// The e-service took a notification.
    Notified {
        /// The status told.
        status: Status,
    },
    /// The e-service did not take a notification, and no more tries are made.
    NotNotified {
        /// The status that was to be told.
        status: Status,
    },
}

/// A document after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordedDocument {
    /// SHA-256.
    pub digest: Digest,
    /// The level that it has reached.
    pub achieved: Option<BaselineLevel>,
}

impl History {
    /// The texts, oldest first.
    pub fn texts(&self) -> &[String] {
        &self.0
    }

    /// Begins the chain of a new request.
    pub(crate) fn begin(request: &SignRequest) -> Self {
        let mut history = Self::default();
        history.add(
            Recorded::Received {
                sign_request: request.id.clone(),
                requester: request.requester.clone(),
                level: request.level,
                documents: request.documents.iter().map(|document| document.original).collect(),
                signers: request.signers.len(),
            },
            request.created,
        );
        history
    }

    pub(super) fn add(&mut self, event: Recorded, at: Timestamp) {
        if self.0.len() >= MOST_ATTEMPTS && event.is_an_attempt() {
            return;
        }
        let previous = self.0.last().map(|text| Digest::of(text.as_bytes()));
        let entry = Entry { number: self.0.len() + 1, at, previous, event };
        // Texts, numbers and digests alone: there is nothing that can't be written.
        self.0.push(serde_json::to_string(&entry).unwrap_or_default());
    }
}

impl Recorded {
    fn is_an_attempt(&self) -> bool {
        matches!(self, Self::EidStarted { .. } | Self::CallbackReceived { .. } | Self::EidFailed { .. } | Self::EidAbandoned)
    }

    /// What `event` was, now that it has changed `before` into `after`; `None` when it is of no interest later.
    pub(super) fn of(event: &Event, before: &SignRequest, after: &SignRequest) -> Option<Self> {
        let documents = || {
            let recorded = |document: &super::Document| RecordedDocument { digest: document.current, achieved: document.achieved };
            after.documents.iter().map(recorded).collect()
        };
        Some(match event {
            Event::Started { .. } => Self::Started,
            Event::Viewed { signer } => Self::Viewed { signer: signer + 1 },
            Event::EidStarted(signing) => Self::EidStarted {
                signer: signing.signer + 1,
                transaction: signing.transaction.clone(),
                manifest: Digest::of(&signing.manifest),
            },
            Event::CallbackReceived { transaction } => Self::CallbackReceived { transaction: transaction.clone() },
            Event::EidFailed { transaction } => Self::EidFailed { transaction: transaction.clone() },
            Event::Authenticated { transaction, evidence: Evidence::Oidc { id_token, .. } } => {
                Self::Authenticated { transaction: transaction.clone(), token: Digest::of(id_token.as_bytes()) }
            }
            Event::HashSigned { transaction, outcome } => {
                let certificate = outcome.certificates.first().map_or(&[][..], Vec::as_slice);
                Self::HashSigned { transaction: transaction.clone(), certificate: Digest::of(certificate) }
            }
            Event::Assembled { transaction, .. } => Self::Assembled { transaction: transaction.clone(), documents: documents() },
            Event::Extended { .. } if before.documents != after.documents => Self::Extended { documents: documents() },
            // The next try is planned.
            Event::Extended { .. } => return None,
            Event::Failed { code, .. } => Self::Failed { code: code.clone() },
            Event::Declined { signer, .. } => Self::Declined { signer: signer + 1 },
            Event::Withdrawn => Self::Withdrawn,
            Event::ClockPassed if matches!(after.stage, Stage::Closed { outcome: Outcome::Expired, .. }) => Self::Expired,
            Event::ClockPassed => Self::EidAbandoned,
            Event::Notified { id } => Self::Notified { status: after.told(id)?.0 },
            Event::NotNotified { id, .. } => match after.told(id)? {
                (status, Delivery::GivenUp { .. }) => Self::NotNotified { status },
                _ => return None,
            },
        })
    }
}

impl SignRequest {
    fn told(&self, id: &str) -> Option<(Status, &Delivery)> {
        let notification = self.notifications.iter().find(|notification| notification.id == id)?;
        Some((notification.status, &notification.delivery))
    }
}
