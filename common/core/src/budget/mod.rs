//! What the service costs in AWS at a volume, from a price table and figures of use: pure arithmetic over two files.
//! The month is one in a steady state, where as much is deleted as comes.

mod cost;
mod prices;
mod usage;

use pades::BaselineLevel;
use serde::Serialize;

pub use prices::{Basis, Item, Price, PriceError, PriceTable};
pub use usage::{ApiCalls, Calls, Invocations, Items, Keys, Logs, Month, Usage, UsageError};

use crate::config::{EService, Municipality, OneTimeKeyCustody, WebhookSecret};

/// What a budget is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Where one-time keys are.
    pub custody: OneTimeKeyCustody,
    /// Size of the document of each signature, in bytes.
    pub document_bytes: u64,
    /// Level of the signatures: it decides how many timestamps they need.
    pub level: BaselineLevel,
    /// Days that documents are kept after the end of a request.
    pub kept_days: u32,
    /// E-services.
    pub e_services: u32,
    /// e-ID providers.
    pub eid_providers: u32,
    /// Secrets that sign callbacks and are kept in the store of secrets.
    pub webhook_secrets: u32,
    /// What a timestamp costs, in the table's currency, if that is known.
    pub time_stamp_price: Option<f64>,
    /// What one use of an e-ID costs, in the table's currency, if that is known.
    pub eid_price: Option<f64>,
}

impl Plan {
    /// What `municipality` is configured for, with documents of that size; prices of others are unknown.
    pub fn of(municipality: &Municipality, document_bytes: u64) -> Self {
        let kept = |service: &&EService| matches!(service.webhook_secret, Some(WebhookSecret::Kept(_)));
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let days = municipality.retention.after_end.as_hours() / 24;
        Self {
            custody: municipality.keys.one_time,
            document_bytes,
            level: municipality.signature.level,
            kept_days: u32::try_from(days).unwrap_or(u32::MAX),
            e_services: count(municipality.e_services.len()),
            eid_providers: count(municipality.eid_providers.len()),
            webhook_secrets: count(municipality.e_services.values().filter(kept).count()),
            time_stamp_price: None,
            eid_price: None,
        }
    }
}

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Lambda.
    Functions,
    /// The HTTP API.
    Api,
    /// DynamoDB.
    Table,
    /// S3.
    Documents,
    /// Bytes to browsers and e-services.
    DataOut,
    /// KMS.
    Keys,
    /// SQS.
    Queue,
    /// CloudWatch Logs.
    Logs,
    /// Metrics, alarms, dashboards.
    Monitoring,
    /// Secrets Manager.
    Secrets,
    /// The timestamp authority.
    TimeStamps,
    /// The e-ID provider.
    Eid,
}

/// What a part costs in a month.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Amount {
    /// Known.
    Known {
        /// Whether anybody signs or not.
        fixed: f64,
        /// By all signatures of the month.
        variable: f64,
    },
    /// Its price was not given. It is in no sum, and it is not free.
    Unknown,
}

/// A part and its cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// What for.
    pub part: Part,
    /// How much.
    #[serde(flatten)]
    pub amount: Amount,
}

/// Most signatures of a month with a KMS key for each: 100,000 keys in a region and account, each of which waits seven
/// days for its deletion, and 30 days.
const KMS_KEYS_A_MONTH: u64 = 100_000 / 7 * 30;

/// The costs of one month.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// In this month.
    pub signatures: u64,
    /// Every part, once.
    pub costs: Vec<Cost>,
    /// The custody can't bear this volume in one account.
    pub over_quota: bool,
}

impl Budget {
    /// For a month of `signatures`.
    pub fn new(plan: &Plan, usage: &Usage, prices: &PriceTable, signatures: u64) -> Self {
        let over_quota = plan.custody == OneTimeKeyCustody::Kms && signatures > KMS_KEYS_A_MONTH;
        Self { signatures, costs: cost::costs(plan, usage, prices, signatures), over_quota }
    }

    /// The same in another currency: `rate` of it for one of the table's.
    pub fn at_rate(mut self, rate: f64) -> Self {
        for cost in &mut self.costs {
            if let Amount::Known { fixed, variable } = &mut cost.amount {
                (*fixed, *variable) = (*fixed * rate, *variable * rate);
            }
        }
        self
    }

    /// What is known to be paid whether anybody signs or not.
    pub fn fixed(&self) -> f64 {
        self.known().map(|(fixed, _)| fixed).sum()
    }

    /// What the signatures of the month are known to cost.
    pub fn variable(&self) -> f64 {
        self.known().map(|(_, variable)| variable).sum()
    }

    /// Everything known.
    pub fn total(&self) -> f64 {
        self.fixed() + self.variable()
    }

    /// Everything known, for each signature; `None` when nobody signs.
    pub fn per_signature(&self) -> Option<f64> {
        (self.signatures > 0).then(|| self.total() / self.signatures as f64)
    }

    fn known(&self) -> impl Iterator<Item = (f64, f64)> {
        self.costs.iter().filter_map(|cost| match cost.amount {
            Amount::Known { fixed, variable } => Some((fixed, variable)),
            Amount::Unknown => None,
        })
    }
}
