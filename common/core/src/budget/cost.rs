//! The arithmetic, a part a function. Each gives what is fixed and what one signature costs.

use pades::BaselineLevel;

use super::{Amount, Cost, Item, Part, Plan, PriceTable, Usage};
use crate::config::OneTimeKeyCustody;

const GB: f64 = 1e9;
/// The gateway meters a request for each started one of these.
const METERED: u64 = 512 * 1_024;
/// DynamoDB reads these at a time.
const READ_KB: u32 = 4;
/// An index entry that moves is deleted and written.
const INDEX_WRITES: f64 = 2.0;
/// A write in a transaction counts twice.
const TRANSACTION: f64 = 2.0;
/// Days of a month.
const DAYS: f64 = 365.25 / 12.0;
/// Hours of a month, by which a month's price of a key is prorated.
const HOURS: f64 = DAYS * 24.0;
/// Sending, receiving and deleting a message.
const MESSAGE_REQUESTS: f64 = 3.0;
/// The original and the signed document.
const COPIES: f64 = 2.0;

/// The inputs, in short.
struct Inputs<'a> {
    plan: &'a Plan,
    usage: &'a Usage,
    prices: &'a PriceTable,
}

/// Fixed, and by one signature.
type Pair = (f64, f64);

pub(super) fn costs(plan: &Plan, usage: &Usage, prices: &PriceTable, signatures: u64) -> Vec<Cost> {
    let inputs = Inputs { plan, usage, prices };
    let known = |part, (fixed, each): Pair| Cost { part, amount: Amount::Known { fixed, variable: each * signatures as f64 } };
    let asked = |part, each: Option<f64>| each.map_or(Cost { part, amount: Amount::Unknown }, |each| known(part, (0.0, each)));
    vec![
        known(Part::Functions, inputs.functions()),
        known(Part::Api, inputs.api()),
        known(Part::Table, inputs.table()),
        known(Part::Documents, inputs.documents()),
        known(Part::DataOut, inputs.data_out()),
        known(Part::Keys, inputs.keys()),
        known(Part::Queue, inputs.queue()),
        known(Part::Logs, inputs.logs()),
        known(Part::Monitoring, inputs.monitoring()),
        known(Part::Secrets, inputs.secrets()),
        asked(Part::TimeStamps, inputs.time_stamps()),
        asked(Part::Eid, plan.eid_price),
    ]
}

impl Inputs<'_> {
    fn price(&self, item: Item, count: impl Into<f64>) -> f64 {
        self.prices.of(item) * count.into()
    }

    fn invoked(&self, invocations: u32, milliseconds: u32) -> f64 {
        let gb_seconds = f64::from(self.usage.memory_mb) / 1_024.0 * f64::from(milliseconds) / 1_000.0 * f64::from(invocations);
        self.price(Item::LambdaRequest, invocations) + self.price(Item::LambdaGbSecond, gb_seconds)
    }

    fn functions(&self) -> Pair {
        let month = &self.usage.month;
        let each = self.usage.functions.values().map(|function| self.invoked(function.invocations, function.milliseconds)).sum();
        (self.invoked(month.sweeps, month.sweep_milliseconds), each)
    }

    fn api(&self) -> Pair {
        let calls = &self.usage.api;
        let metered = self.plan.document_bytes.div_ceil(METERED).max(1) as f64;
        (0.0, self.price(Item::HttpApiRequest, f64::from(calls.calls) + f64::from(calls.calls_with_document) * metered))
    }

    fn table(&self) -> Pair {
        let (signing, around, items) = (&self.usage.signing, &self.usage.around, &self.usage.table);
        let saves = f64::from(signing.saves + around.saves) * (f64::from(items.request_kb) + INDEX_WRITES);
        let journal = f64::from(signing.journal_writes + around.journal_writes) * f64::from(items.journal_kb);
        // Created with its idempotency key and two index entries, and forgotten with them.
        let life = 2.0 * (TRANSACTION * (f64::from(items.request_kb) + 1.0) + 2.0);
        let reads = f64::from(signing.loads + around.loads) * f64::from(items.request_kb.div_ceil(READ_KB))
            + f64::from(signing.journal_reads + around.journal_reads) * f64::from(items.journal_kb.div_ceil(READ_KB));
        let kept = f64::from(items.request_kb + 2 * items.journal_kb) * 1_000.0 / GB * self.kept_months();
        let each = self.price(Item::DynamodbWriteUnit, saves + journal + life)
            + self.price(Item::DynamodbReadUnit, reads)
            + self.price(Item::DynamodbGbMonth, kept)
            + self.price(Item::DynamodbBackupGbMonth, kept);
        (self.price(Item::DynamodbReadUnit, self.usage.month.sweeps), each)
    }

    fn documents(&self) -> Pair {
        let (signing, around) = (&self.usage.signing, &self.usage.around);
        let months = self.kept_months() + f64::from(self.usage.deleted_days) / DAYS;
        let each = self.price(Item::S3Put, signing.puts + around.puts)
            + self.price(Item::S3Get, signing.gets + around.gets)
            + self.price(Item::S3GbMonth, (COPIES * self.document() + f64::from(self.usage.signature_bytes)) / GB * months);
        (0.0, each)
    }

    /// The person's look at the document, the e-service's signed one, and the pages.
    fn data_out(&self) -> Pair {
        let bytes = COPIES * self.document() + f64::from(self.usage.signature_bytes) + f64::from(self.usage.page_bytes);
        (0.0, self.price(Item::DataOutGb, bytes / GB))
    }

    fn keys(&self) -> Pair {
        let certificate = self.price(Item::KmsAsymmetricRequest, 1.0);
        let each = match self.plan.custody {
            // Creating it and scheduling its deletion; its public key and its signature; and the time in between.
            OneTimeKeyCustody::Kms => {
                self.price(Item::KmsRequest, 2.0)
                    + self.price(Item::KmsAsymmetricRequest, 2.0)
                    + self.price(Item::KmsKeyMonth, f64::from(self.usage.keys.hours) / HOURS)
            }
            OneTimeKeyCustody::Memory => 0.0,
        };
        (self.price(Item::KmsKeyMonth, self.usage.month.ca_keys), certificate + each)
    }

    fn queue(&self) -> Pair {
        let messages = f64::from(self.usage.signing.messages + self.usage.around.messages);
        (self.price(Item::SqsRequest, self.usage.month.idle_queue_requests), self.price(Item::SqsRequest, messages * MESSAGE_REQUESTS))
    }

    fn logs(&self) -> Pair {
        let (logs, api) = (&self.usage.logs, &self.usage.api);
        let invocations: u32 = self.usage.functions.values().map(|function| function.invocations).sum();
        let of_invocations = |count: u32| f64::from(count) * f64::from(logs.bytes_per_invocation);
        let written = of_invocations(invocations) + f64::from(api.calls + api.calls_with_document) * f64::from(logs.bytes_per_call);
        let price = |bytes: f64| {
            let gb = bytes / GB;
            self.price(Item::LogGb, gb) + self.price(Item::LogGbMonth, gb * f64::from(self.usage.log_days) / DAYS)
        };
        (price(of_invocations(self.usage.month.sweeps)), price(written))
    }

    fn monitoring(&self) -> Pair {
        let (month, plan) = (&self.usage.month, self.plan);
        let metrics = month.metrics + plan.e_services * month.metrics_per_e_service + plan.eid_providers * month.metrics_per_eid;
        let fixed = self.price(Item::AlarmMonth, month.alarms)
            + self.price(Item::MetricMonth, metrics)
            + self.price(Item::DashboardMonth, month.dashboards);
        (fixed, 0.0)
    }

    fn secrets(&self) -> Pair {
        (self.price(Item::SecretMonth, self.usage.month.secrets + self.plan.webhook_secrets), 0.0)
    }

    fn time_stamps(&self) -> Option<f64> {
        let count = match self.plan.level {
            BaselineLevel::B => return Some(0.0),
            BaselineLevel::T | BaselineLevel::Lt => 1.0,
            BaselineLevel::Lta => 2.0,
        };
        self.plan.time_stamp_price.map(|price| price * count)
    }

    fn document(&self) -> f64 {
        self.plan.document_bytes as f64
    }

    fn kept_months(&self) -> f64 {
        f64::from(self.usage.open_days + self.plan.kept_days) / DAYS
    }
}
