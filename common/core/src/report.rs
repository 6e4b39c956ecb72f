//! Effect measures of a report: what came of sign requests, how long it took and by which means. They are sums; nothing
//! in them names a person or a document.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use pades::BaselineLevel;
use serde::Serialize;

use crate::eid::Evidence;
use crate::sign_request::{Done, SignRequest, Stage, Status};

/// Measures of the requests that were created in a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measures {
    /// Requests.
    pub created: u64,
    /// Those that have not ended.
    pub open: u64,
    /// Those that everybody signed.
    pub completed: u64,
    /// Those that somebody declined.
    pub declined: u64,
    /// Those that the e-service withdrew.
    pub withdrawn: u64,
    /// Those that were not signed in time.
    pub expired: u64,
    /// Those that failed by our fault.
    pub failed: u64,
    /// `declined` of those that have ended, 0 to 1; `None` when none has.
    pub declined_share: Option<f64>,
    /// `expired` of those that have ended, 0 to 1; `None` when none has.
    pub expired_share: Option<f64>,
    /// Acts of signing, each by one person over all documents of a request.
    pub signatures: u64,
    /// Those at night, in the evening and at weekends.
    pub signatures_outside_office_hours: u64,
    /// From creation to completion.
    pub created_to_completed: Option<Spread>,
    /// From creation to the first look at a signing page.
    pub created_to_opened: Option<Spread>,
    /// Acts of signing by e-ID provider.
    pub eids: BTreeMap<String, u64>,
    /// Signed documents by the level asked for and the level achieved.
    pub levels: Vec<Level>,
}

/// How long something took, by the nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    /// Half of them took this long at most.
    pub median_seconds: i64,
    /// Nine of ten took this long at most.
    pub ninetieth_percentile_seconds: i64,
}

/// Signed documents of one pair of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    /// Asked for.
    pub requested: BaselineLevel,
    /// By now.
    pub achieved: BaselineLevel,
    /// How many.
    pub documents: u64,
}

/// Office hours in Sweden, Monday to Friday: from 8 to 17.
const OFFICE: std::ops::Range<i8> = 8..17;

/// Measures in the making.
#[derive(Debug, Default)]
pub struct Tally {
    measures: Measures,
    completed: Vec<i64>,
    opened: Vec<i64>,
    levels: BTreeMap<(BaselineLevel, BaselineLevel), u64>,
}

impl Tally {
    /// Counts one request.
    pub fn add(&mut self, request: &SignRequest) {
        let measures = &mut self.measures;
        measures.created += 1;
        *match request.status() {
            Status::Draft | Status::Created | Status::Pending => &mut measures.open,
            Status::Completed => &mut measures.completed,
            Status::Declined => &mut measures.declined,
            Status::Withdrawn => &mut measures.withdrawn,
            Status::Expired => &mut measures.expired,
            Status::Failed => &mut measures.failed,
        } += 1;
        let since = |at: Timestamp| at.duration_since(request.created).as_secs().max(0);
        if let (Status::Completed, Stage::Closed { at, .. }) = (request.status(), &request.stage) {
            self.completed.push(since(*at));
        }
        self.opened.extend(request.signers.iter().filter_map(|signer| signer.viewed).min().map(since));
        for signer in &request.signers {
            if let Some(Done::Signed { at, evidence }) = &signer.done {
                let Evidence::Oidc { provider, .. } = &evidence.evidence;
                measures.signatures += 1;
                measures.signatures_outside_office_hours += u64::from(outside_office_hours(*at));
                *measures.eids.entry(provider.clone()).or_default() += 1;
            }
        }
        for achieved in request.documents.iter().filter_map(|document| document.achieved) {
            *self.levels.entry((request.level, achieved)).or_default() += 1;
        }
    }

    /// The measures of everything counted.
    pub fn measures(mut self) -> Measures {
        let measures = &mut self.measures;
        let ended = measures.created - measures.open;
        let share = |count: u64| (ended > 0).then(|| count as f64 / ended as f64);
        measures.declined_share = share(measures.declined);
        measures.expired_share = share(measures.expired);
        measures.created_to_completed = spread(self.completed);
        measures.created_to_opened = spread(self.opened);
        let level = |((requested, achieved), documents)| Level { requested, achieved, documents };
        measures.levels = self.levels.into_iter().map(level).collect();
        self.measures
    }
}

fn outside_office_hours(at: Timestamp) -> bool {
    let local = at.to_zoned_datetime(TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));
    matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday) || !OFFICE.contains(&local.hour())
}

fn spread(mut seconds: Vec<i64>) -> Option<Spread> {
    seconds.sort_unstable();
    // The smallest one that at least this many of a hundred do not exceed.
    let rank = |percent: usize| seconds.get((seconds.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(Spread { median_seconds: rank(50)?, ninetieth_percentile_seconds: rank(90)? })
}
