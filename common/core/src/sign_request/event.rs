//! What can happen to a sign request, and why it does not fit.

use pades::Digest;

use super::{SignerStatus, Signing};
use crate::eid::Evidence;
use crate::ids::TransactionId;
use crate::ports::{AssembledDocument, SignOutcome};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// All documents have come and can be signed.
    Started {
        /// How many pages each has.
        pages: Vec<usize>,
    },
    /// A signer opened the page.
    Viewed {
        /// Index of the signer.
        signer: usize,
    },
    /// A signer pressed the button; everything is prepared.
    EidStarted(Box<Signing>),
    /// The provider's one answer came.
    CallbackReceived {
        /// The attempt it answers.
        transaction: TransactionId,
    },
    /// The e-ID step ended without identity: cancelled, another person, an unusable token. The signer may try again.
    EidFailed {
        /// The attempt.
        transaction: TransactionId,
    },
    /// The provider's token was verified.
    Authenticated {
        /// The attempt.
        transaction: TransactionId,
        /// The raw evidence.
        evidence: Evidence,
    },
    /// The signing function signed.
    HashSigned {
        /// The attempt.
        transaction: TransactionId,
        /// What it gave.
        outcome: SignOutcome,
    },
    /// Assembly published the documents.
    Assembled {
        /// The attempt.
        transaction: TransactionId,
        /// One for each document.
        documents: Vec<AssembledDocument>,
    },
    /// A try to raise the documents to their level ended, whether or not it raised them.
    Extended {
        /// The documents that it started from.
        base: Vec<Digest>,
        /// What became of them; empty when nothing did.
        documents: Vec<AssembledDocument>,
    },
    /// Signing or assembly is impossible for ever.
    Failed {
        /// The attempt.
        transaction: TransactionId,
        /// Stable reason code.
        code: String,
    },
    /// A signer declined.
    Declined {
        /// Index of the signer.
        signer: usize,
        /// In the person's own words.
        reason: Option<String>,
    },
    /// The e-service withdrew it.
    Withdrawn,
    /// Time passed.
    ClockPassed,
    /// A notification was received.
    Notified {
        /// Its id.
        id: String,
    },
    /// A notification was not received.
    NotNotified {
        /// Its id.
        id: String,
        /// Whether another try makes sense.
        again: Retry,
    },
}

/// Whether to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Later.
    Later,
    /// Never (HTTP 410).
    Never,
}

/// The event does not fit the state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTransition {
    /// The request has ended.
    #[error("the sign request has ended")]
    Closed,
    /// The signer is not the one to sign now.
    #[error("the signer can't sign now: {0:?}")]
    NotReady(SignerStatus),
    /// Another signer is at the e-ID.
    #[error("another signer is signing")]
    Busy,
    /// The attempt is not the one under way, or is past this step.
    #[error("not the attempt under way")]
    OtherAttempt,
    /// The person has authenticated: the signature is on its way and can't be taken back.
    #[error("a signature is on its way")]
    SignatureOnItsWay,
}
