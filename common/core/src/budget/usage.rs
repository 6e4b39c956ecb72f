//! What a signature and an idle month use: TOML, like the prices.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What is used; `usage.toml` says what each figure is and where it is from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Memory of each function.
    pub memory_mb: u32,
    /// Days from the creation of a request to its end.
    pub open_days: u32,
    /// Days that a deleted document stays.
    pub deleted_days: u32,
    /// Days that logs are kept.
    pub log_days: u32,
    /// Bytes that a signature adds to a document.
    pub signature_bytes: u32,
    /// Bytes of the pages that a person is shown.
    pub page_bytes: u32,
    /// Of one signature, by function.
    pub functions: BTreeMap<String, Invocations>,
    /// Calls through the gateway for one signature.
    pub api: ApiCalls,
    /// From the button to the end of one signature.
    pub signing: Calls,
    /// Before and after that.
    pub around: Calls,
    /// Sizes of items.
    pub table: Items,
    /// Of one-time keys.
    pub keys: Keys,
    /// What is logged.
    pub logs: Logs,
    /// When nobody signs.
    pub month: Month,
}

/// Invocations of one function.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invocations {
    /// How many.
    pub invocations: u32,
    /// How long each is billed.
    pub milliseconds: u32,
}

/// Calls through the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiCalls {
    /// Small ones.
    pub calls: u32,
    /// Those that carry the document.
    pub calls_with_document: u32,
}

/// Calls to stores and queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Reads of the sign request.
    pub loads: u32,
    /// Writes of it.
    pub saves: u32,
    /// Writes and lists of documents.
    pub puts: u32,
    /// Reads of documents.
    pub gets: u32,
    /// Reads of the signing journal.
    pub journal_reads: u32,
    /// Writes of it.
    pub journal_writes: u32,
    /// Messages in the queue.
    pub messages: u32,
}

/// Sizes of items in kilobytes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// A sign request.
    pub request_kb: u32,
    /// An entry of the signing journal.
    pub journal_kb: u32,
}

/// One-time keys in KMS.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Hours that each is charged.
    pub hours: u32,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// By a function and by Lambda about it.
    pub bytes_per_invocation: u32,
    /// By the gateway.
    pub bytes_per_call: u32,
}

/// A month in which nobody signs.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Month {
    /// Invocations by the schedule.
    pub sweeps: u32,
    /// How long each is billed.
    pub sweep_milliseconds: u32,
    /// Asking an empty queue.
    pub idle_queue_requests: u32,
    /// Keys that stay.
    pub ca_keys: u32,
    /// Alarms.
    pub alarms: u32,
    /// Dashboards.
    pub dashboards: u32,
    /// Metrics that are charged, but for those of one e-service or e-ID provider.
    pub metrics: u32,
    /// Of each e-service.
    pub metrics_per_e_service: u32,
    /// Of each e-ID provider.
    pub metrics_per_eid: u32,
    /// Secrets but those of webhooks.
    pub secrets: u32,
}

/// The file is not of this form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(String);

impl Usage {
    /// The figures that come with this version.
    pub fn shipped() -> Result<Self, UsageError> {
        Self::parse(include_str!("usage.toml"))
    }

    /// Reads figures.
    pub fn parse(text: &str) -> Result<Self, UsageError> {
        toml::from_str(text).map_err(|error| UsageError(error.to_string()))
    }
}
