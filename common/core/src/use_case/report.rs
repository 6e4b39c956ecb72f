//! A report on every e-service, from what the store still has.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::ports::{Page, SignRequestIndex, StoreError};
use crate::report::{Measures, Tally};

/// Requests that are in memory at once.
const PAGE: u32 = 100;

/// Requests created from `from` until before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    /// The first moment; everything that the store has when absent.
    pub from: Option<Timestamp>,
    /// The moment after the last one.
    pub to: Timestamp,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The period asked for.
    pub period: Period,
    /// When the oldest request that the store has was created, in the period or not.
    pub oldest: Option<Timestamp>,
    /// All e-services together.
    pub total: Measures,
    /// By id of the e-service.
    pub e_services: BTreeMap<String, Measures>,
}

/// Reports on the requests of `e_services` that were created in `period`. Requests that retention has deleted are not
/// there any more.
pub async fn report(index: &dyn SignRequestIndex, e_services: &[String], period: Period) -> Result<Report, StoreError> {
    let mut total = Tally::default();
    let mut measured = BTreeMap::new();
    let mut oldest: Option<Timestamp> = None;
    for e_service in e_services {
        let mut tally = Tally::default();
        // What comes meanwhile moves the others to later pages, where they are seen again.
        let mut seen = HashSet::new();
        for number in 1_u32.. {
            let (requests, count) = index.page(e_service, Page { number, limit: PAGE }).await?;
            for request in &requests {
                oldest = Some(oldest.map_or(request.created, |oldest| oldest.min(request.created)));
                let within = period.from.is_none_or(|from| from <= request.created) && request.created < period.to;
                if within && seen.insert(request.id.clone()) {
                    tally.add(request);
                    total.add(request);
                }
            }
            if u64::from(number) * u64::from(PAGE) >= count {
                break;
            }
        }
        measured.insert(e_service.clone(), tally.measures());
    }
    Ok(Report { period, oldest, total: total.measures(), e_services: measured })
}
