//! Messages to the e-service about changes of status, at least once (Standard Webhooks).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Status;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notification {
    /// `webhook-id`: the same at every try.
    pub id: String,
    /// The status told.
    pub status: Status,
    /// How it goes.
    pub delivery: Delivery,
}

/// How a delivery goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Delivery {
    /// To be tried.
    Due {
        /// Failed tries so far.
        tries: u32,
        /// Not before.
        at: Timestamp,
    },
    /// Received with a 2xx.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// Given up: refused by 410, or too many tries. Polling still tells the status.
    GivenUp {
        /// When.
        at: Timestamp,
    },
}

/// Waits between tries in seconds: quick at first, in all about three days.
const WAITS: [i64; 11] = [5, 30, 60, 300, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400];

impl Delivery {
    /// After a failed try.
    pub(super) fn failed(&self, now: Timestamp) -> Self {
        let Self::Due { tries, .. } = self else {
            return self.clone();
        };
        match WAITS.get(*tries as usize) {
            Some(wait) => Self::Due { tries: tries + 1, at: now + SignedDuration::from_secs(*wait) },
            None => Self::GivenUp { at: now },
        }
    }
}
