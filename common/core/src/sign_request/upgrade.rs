//! Documents that have not reached the level asked for, because an authority did not answer. They are valid at the
//! level achieved; the rest is tried again until it succeeds or the request is forgotten.

use jiff::{SignedDuration, Timestamp};
use pades::Digest;
use serde::{Deserialize, Serialize};

use super::{SignRequest, Stage};
use crate::ports::AssembledDocument;

/// The next try to reach the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upgrade {
    /// Failed tries so far.
    pub tries: u32,
    /// Not before.
    pub at: Timestamp,
}

/// Waits between tries in seconds: many within the minutes that a signer's certificate is valid, for a timestamp within
/// them proves the most.
const WAITS: [i64; 10] = [5, 10, 20, 40, 60, 120, 300, 600, 1_800, 3_600];
/// Seconds between all later ones.
const LATER: i64 = 6 * 3_600;

impl Upgrade {
    fn after(tries: u32, now: Timestamp) -> Self {
        let wait = WAITS.get(tries as usize).copied().unwrap_or(LATER);
        Self { tries, at: now + SignedDuration::from_secs(wait) }
    }
}

impl SignRequest {
    /// Whether documents are to be raised to their level now. Never while somebody signs on top of them.
    pub(super) fn upgrade_due(&self, now: Timestamp) -> bool {
        !matches!(self.stage, Stage::Signing(_)) && self.upgrade.is_some_and(|upgrade| upgrade.at <= now)
    }

    /// When to look at it again, if ever.
    pub(super) fn upgrade_at(&self) -> Option<Timestamp> {
        self.upgrade.filter(|_| !matches!(self.stage, Stage::Signing(_))).map(|upgrade| upgrade.at)
    }

    /// After a signature: whatever has not reached the level is tried again soon.
    pub(super) fn plan_upgrade(&mut self, now: Timestamp) {
        self.upgrade = self.is_below_level().then(|| Upgrade::after(0, now));
    }

    /// Takes over what a try made of the documents in `base`. If others have become current meanwhile, it counts for
    /// nothing.
    pub(super) fn extended(&mut self, base: &[Digest], documents: &[AssembledDocument], now: Timestamp) {
        let current = self.documents.iter().map(|document| document.current);
        if !matches!(self.stage, Stage::Signing(_)) && current.eq(base.iter().copied()) && base.len() == documents.len() {
            for (document, extended) in self.documents.iter_mut().zip(documents) {
                (document.current, document.size) = (extended.digest, extended.size);
                document.achieved = Some(extended.achieved);
            }
        }
        let tries = self.upgrade.map_or(0, |upgrade| upgrade.tries + 1);
        self.upgrade = self.is_below_level().then(|| Upgrade::after(tries, now));
    }

    fn is_below_level(&self) -> bool {
        self.documents.iter().any(|document| document.achieved.is_some_and(|achieved| achieved < self.level))
    }
}
