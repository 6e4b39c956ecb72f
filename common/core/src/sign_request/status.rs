//! What the outside sees, derived from what is stored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Done, SignRequest, Signing};

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Stage {
    /// Documents of it are still to be uploaded, and nobody is asked to sign.
    Draft {
        /// When it is given up, unless it was started.
        until: Timestamp,
    },
    /// Waiting for the next signer.
    Open,
    /// One signer is at the e-ID or has been there; documents are prepared for exactly that signer.
    Signing(Box<Signing>),
    /// Nothing more happens.
    Closed {
        /// How it ended.
        outcome: Outcome,
        /// When.
        at: Timestamp,
    },
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Outcome {
    /// Everybody signed.
    Completed,
    /// Somebody declined.
    Declined,
    /// The e-service withdrew it.
    Withdrawn,
    /// Nobody signed in time.
    Expired,
    /// Our fault, visible and with a reason code.
    Failed {
        /// Stable reason code.
        code: String,
    },
}

/// The status of a request, as the API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Documents are to be uploaded, then it is to be started.
    Draft,
    /// Nobody has opened a signing page.
    Created,
    /// Under way.
    Pending,
    /// Everybody signed.
    Completed,
    /// Somebody declined.
    Declined,
    /// Withdrawn by the e-service.
    Withdrawn,
    /// Not signed in time.
    Expired,
    /// Failed.
    Failed,
}

impl Status {
    /// The word in JSON and URLs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Created => "created",
            Self::Pending => "pending",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

/// The status of a signer, as the API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignerStatus {
    /// Somebody else is first.
    Waiting,
    /// May sign.
    Ready,
    /// At the e-ID, or signed and being assembled.
    Signing,
    /// Signed.
    Signed,
    /// Declined.
    Declined,
}

impl SignRequest {
    /// The status of the whole.
    pub fn status(&self) -> Status {
        match &self.stage {
            Stage::Closed { outcome, .. } => match outcome {
                Outcome::Completed => Status::Completed,
                Outcome::Declined => Status::Declined,
                Outcome::Withdrawn => Status::Withdrawn,
                Outcome::Expired => Status::Expired,
                Outcome::Failed { .. } => Status::Failed,
            },
            Stage::Draft { .. } => Status::Draft,
            Stage::Open if self.signers.iter().all(|s| s.viewed.is_none() && s.done.is_none()) => Status::Created,
            Stage::Open | Stage::Signing(_) => Status::Pending,
        }
    }

    /// The status of one signer.
    pub fn signer_status(&self, index: usize) -> SignerStatus {
        let Some(signer) = self.signers.get(index) else {
            return SignerStatus::Waiting;
        };
        match (&signer.done, &self.stage) {
            (Some(Done::Signed { .. }), _) => SignerStatus::Signed,
            (Some(Done::Declined { .. }), _) => SignerStatus::Declined,
            // Nobody is asked yet, or any more.
            (None, Stage::Draft { .. } | Stage::Closed { .. }) => SignerStatus::Waiting,
            (None, Stage::Signing(signing)) if signing.signer == index => SignerStatus::Signing,
            (None, _) if self.next_order() == Some(signer.order) => SignerStatus::Ready,
            (None, _) => SignerStatus::Waiting,
        }
    }

    fn next_order(&self) -> Option<u32> {
        self.signers.iter().filter(|s| s.done.is_none()).map(|s| s.order).min()
    }
}
