//! What a state asks for: it follows from what is stored alone, so that a restart finds all work again.

use jiff::{SignedDuration, Timestamp};

use super::{Delivery, SignRequest, SigningStep, Stage};

/// A draft is forgotten this long after nobody can start it any more. No address for an upload to it is good that long,
/// and clocks of two processes differ less.
const DRAFT_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How soon a sweep looks at work that the callback should have finished.
pub const SWEEP_DELAY: SignedDuration = SignedDuration::from_secs(20);

/// Work that the state asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Have the digests signed.
    SignHash,
    /// Have the documents assembled.
    Assemble,
    /// Have documents raised to their level.
    Extend,
    /// Delete the request and its documents: the time that they are kept is over, or nobody started it.
    Forget,
    /// Deliver a notification.
    Notify {
        /// Its id.
        id: String,
    },
}

impl SignRequest {
    /// What remains to be done at `now`.
    pub fn effects(&self, now: Timestamp) -> Vec<Effect> {
        let work = match &self.stage {
            Stage::Signing(signing) => match signing.step {
                SigningStep::Authenticated { .. } => Some(Effect::SignHash),
                SigningStep::HashSigned { .. } => Some(Effect::Assemble),
                SigningStep::AtEid { .. } | SigningStep::Exchanging { .. } => None,
            },
            Stage::Draft { until } if *until + DRAFT_KEPT <= now => Some(Effect::Forget),
            Stage::Closed { at, .. } if *at + self.kept <= now => Some(Effect::Forget),
            Stage::Draft { .. } | Stage::Open | Stage::Closed { .. } => None,
        };
        let extend = (work != Some(Effect::Forget) && self.upgrade_due(now)).then_some(Effect::Extend);
        let notify = self.notifications.iter().filter_map(|n| match n.delivery {
            Delivery::Due { at, .. } if at <= now => Some(Effect::Notify { id: n.id.clone() }),
            _ => None,
        });
        work.into_iter().chain(extend).chain(notify).collect()
    }

    /// When a sweep is to look at this request, if ever. `now` is the time of the save.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        let stage = match &self.stage {
            Stage::Draft { until } => Some(*until + DRAFT_KEPT),
            Stage::Open => Some(self.expires),
            Stage::Signing(signing) => match signing.step {
                SigningStep::AtEid { until, .. } | SigningStep::Exchanging { until } => Some(until.min(self.expires.max(now))),
                SigningStep::Authenticated { .. } | SigningStep::HashSigned { .. } => Some(now + SWEEP_DELAY),
            },
            Stage::Closed { at, .. } => Some(*at + self.kept),
        };
        let notify = self.notifications.iter().filter_map(|n| match n.delivery {
            Delivery::Due { at, .. } => Some(at.max(now)),
            _ => None,
        });
        let upgrade = self.upgrade_at().map(|at| at.max(now));
        stage.into_iter().chain(upgrade).chain(notify).min()
    }
}
