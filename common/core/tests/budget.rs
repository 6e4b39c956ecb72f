//! The budget: one calculated by hand, and what holds of any.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;

use pades::BaselineLevel;
use sigill_core::budget::{Amount, Budget, Part, Plan, PriceError, PriceTable, Usage};
use sigill_core::config::OneTimeKeyCustody;

/// Prices that stay.
const PRICES: &str = r#"
provider = "AWS"
region = "us-east-1"
currency = "USD"
date = "2026-11-24"

[prices]
lambda-request = { amount = 0.20, per = 1_000_000, basis = "recalled", source = "https://aws.example/" }
lambda-gb-second = { amount = 0.0000166667, per = 1, basis = "read", source = "https://aws.example/" }
http-api-request = { amount = 1.00, per = 1_000_000, basis = "read", source = "https://aws.example/" }
dynamodb-write-unit = { amount = 0.625, per = 1_000_000, basis = "read", source = "https://aws.example/" }
dynamodb-read-unit = { amount = 0.125, per = 1_000_000, basis = "read", source = "https://aws.example/" }
dynamodb-gb-month = { amount = 0.25, per = 1, basis = "recalled", source = "https://aws.example/" }
dynamodb-backup-gb-month = { amount = 0.20, per = 1, basis = "recalled", source = "https://aws.example/" }
s3-put = { amount = 0.005, per = 1_000, basis = "recalled", source = "https://aws.example/" }
s3-get = { amount = 0.0004, per = 1_000, basis = "recalled", source = "https://aws.example/" }
s3-gb-month = { amount = 0.023, per = 1, basis = "recalled", source = "https://aws.example/" }
data-out-gb = { amount = 0.09, per = 1, basis = "read", source = "https://aws.example/" }
kms-key-month = { amount = 1.00, per = 1, basis = "read", source = "https://aws.example/" }
kms-request = { amount = 0.03, per = 10_000, basis = "read", source = "https://aws.example/" }
kms-asymmetric-request = { amount = 0.15, per = 10_000, basis = "read", source = "https://aws.example/" }
sqs-request = { amount = 0.40, per = 1_000_000, basis = "recalled", source = "https://aws.example/" }
log-gb = { amount = 0.50, per = 1, basis = "read", source = "https://aws.example/" }
log-gb-month = { amount = 0.03, per = 1, basis = "recalled", source = "https://aws.example/" }
metric-month = { amount = 0.30, per = 1, basis = "recalled", source = "https://aws.example/" }
alarm-month = { amount = 0.10, per = 1, basis = "recalled", source = "https://aws.example/" }
dashboard-month = { amount = 3.00, per = 1, basis = "read", source = "https://aws.example/" }
secret-month = { amount = 0.40, per = 1, basis = "recalled", source = "https://aws.example/" }
"#;
const PARTS: [Part; 12] = [
    Part::Functions,
    Part::Api,
    Part::Table,
    Part::Documents,
    Part::DataOut,
    Part::Keys,
    Part::Queue,
    Part::Logs,
    Part::Monitoring,
    Part::Secrets,
    Part::TimeStamps,
    Part::Eid,
];

fn prices() -> PriceTable {
    PriceTable::parse(PRICES).unwrap()
}

fn plan(custody: OneTimeKeyCustody) -> Plan {
    Plan {
        custody,
        document_bytes: 1_000_000,
        level: BaselineLevel::Lta,
        kept_days: 90,
        e_services: 4,
        eid_providers: 4,
        webhook_secrets: 1,
        time_stamp_price: Some(0.01),
        eid_price: None,
    }
}

/// Figures that can be multiplied in the head.
fn usage() -> Usage {
    Usage::parse(
        "
        memory_mb = 1024
        open_days = 10
        deleted_days = 0
        log_days = 0
        signature_bytes = 0
        page_bytes = 0
        [functions]
        one = { invocations = 2, milliseconds = 500 }
        two = { invocations = 1, milliseconds = 1_000 }
        [api]
        calls = 6
        calls_with_document = 2
        [signing]
        loads = 3
        saves = 2
        puts = 1
        gets = 2
        journal_reads = 1
        journal_writes = 2
        messages = 1
        [around]
        loads = 1
        saves = 1
        puts = 1
        gets = 1
        journal_reads = 0
        journal_writes = 0
        messages = 1
        [table]
        request_kb = 8
        journal_kb = 4
        [keys]
        hours = 1
        [logs]
        bytes_per_invocation = 1_000
        bytes_per_call = 250
        [month]
        sweeps = 40_000
        sweep_milliseconds = 25
        idle_queue_requests = 500_000
        ca_keys = 1
        alarms = 5
        dashboards = 1
        metrics = 10
        metrics_per_e_service = 3
        metrics_per_eid = 2
        secrets = 1
        ",
    )
    .unwrap()
}

fn cost(budget: &Budget, part: Part) -> (f64, f64) {
    match budget.costs.iter().find(|cost| cost.part == part).unwrap().amount {
        Amount::Known { fixed, variable } => (fixed, variable),
        Amount::Unknown => panic!("{part:?} is unknown"),
    }
}

#[test]
fn a_month_calculated_by_hand_comes_out() {
    let budget = Budget::new(&plan(OneTimeKeyCustody::Kms), &usage(), &prices(), 1_000_000);
    // A month has 30.4375 days and 730.5 hours; documents are kept for 100 days.
    for (part, fixed, variable) in [
        // 40,000 x 25 ms of 1 GB are 1,000 GB-seconds; 3 invocations and 2 GB-seconds a signature.
        (Part::Functions, 0.008 + 0.0166667, 0.6 + 33.3334),
        // 6 small calls and 2 of two started 512 KB: 10.
        (Part::Api, 0.0, 10.0),
        // 3 saves of 8 + 2, 2 of the journal of 4, and 2 x (2 x 9 + 2): 78 writes. 4 loads of 2 and 1: 9 reads.
        // 16 KB for 100 days.
        (Part::Table, 0.005, 48.75 + 1.125 + 16.0 * 100.0 / 30.4375 * 0.45),
        // 2 PUT, 3 GET, 2 MB for 100 days.
        (Part::Documents, 0.0, 10.0 + 1.2 + 2_000.0 * 100.0 / 30.4375 * 0.023),
        // 2 MB of each.
        (Part::DataOut, 0.0, 180.0),
        // 3 asymmetric requests, 2 others, an hour of a key.
        (Part::Keys, 1.0, 45.0 + 6.0 + 1_000_000.0 / 730.5),
        // 2 messages of 3 requests.
        (Part::Queue, 0.2, 2.4),
        // 3 x 1,000 + 8 x 250 bytes.
        (Part::Logs, 0.02, 2.5),
        // 5 alarms, a dashboard, 10 + 12 + 8 metrics.
        (Part::Monitoring, 0.5 + 3.0 + 9.0, 0.0),
        // Of the e-ID client, and one of a webhook.
        (Part::Secrets, 0.8, 0.0),
        // Two of each.
        (Part::TimeStamps, 0.0, 20_000.0),
    ] {
        let found = cost(&budget, part);
        assert!((found.0 - fixed).abs() < 1e-6 && (found.1 - variable).abs() < 1e-3, "{part:?}: {found:?}, not {:?}", (fixed, variable));
    }
    assert_eq!(budget.costs.last().unwrap().amount, Amount::Unknown, "what nobody has given a price is not free");
    let sum: f64 = PARTS[..11].iter().map(|part| cost(&budget, *part)).map(|(fixed, variable)| fixed + variable).sum();
    assert!((budget.total() - sum).abs() < 1e-6);
    assert!((budget.per_signature().unwrap() - sum / 1e6).abs() < 1e-12);
}

#[test]
fn a_key_in_memory_costs_one_signature_of_the_ca_and_nothing_else() {
    let prices = prices();
    let keys = |custody| cost(&Budget::new(&plan(custody), &usage(), &prices, 10_000), Part::Keys);
    assert!((keys(OneTimeKeyCustody::Memory).1 - 0.15).abs() < 1e-9);
    assert!(keys(OneTimeKeyCustody::Kms).1 > 80.0 * keys(OneTimeKeyCustody::Memory).1);
}

#[test]
fn every_part_is_there_once_and_more_signatures_or_bytes_or_days_never_cost_less() {
    let (prices, usage) = (PriceTable::shipped().unwrap(), Usage::shipped().unwrap());
    let mut larger = plan(OneTimeKeyCustody::Kms);
    (larger.document_bytes, larger.kept_days, larger.eid_price) = (5_000_000, 365, Some(0.01));
    let mut before: Option<Budget> = None;
    for signatures in [0, 1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        let budget = Budget::new(&plan(OneTimeKeyCustody::Kms), &usage, &prices, signatures);
        assert_eq!(budget.costs.iter().map(|cost| cost.part).collect::<Vec<_>>(), PARTS);
        assert_eq!(PARTS.iter().collect::<BTreeSet<_>>().len(), PARTS.len());
        assert!(budget.total().is_finite() && budget.fixed() > 0.0);
        if let Some(before) = before {
            assert!(budget.total() > before.total() && budget.fixed() == before.fixed());
            assert!(before.per_signature().is_none_or(|each| budget.per_signature().unwrap() < each), "what is fixed is shared by more");
        }
        assert!(Budget::new(&larger, &usage, &prices, signatures).total() >= budget.total());
        before = Some(budget);
    }
    let nobody = Budget::new(&plan(OneTimeKeyCustody::Kms), &usage, &prices, 0);
    assert_eq!((nobody.variable(), nobody.per_signature()), (0.0, None));
}

#[test]
fn a_volume_that_keys_in_kms_can_not_bear_is_told() {
    let over = |custody, signatures| Budget::new(&plan(custody), &usage(), &prices(), signatures).over_quota;
    assert!(!over(OneTimeKeyCustody::Kms, 400_000));
    assert!(over(OneTimeKeyCustody::Kms, 1_000_000));
    assert!(!over(OneTimeKeyCustody::Memory, 10_000_000));
}

#[test]
fn a_table_with_an_unknown_missing_or_impossible_price_is_refused() {
    let without: String = PRICES.lines().filter(|line| !line.starts_with("kms-key-month")).map(|line| format!("{line}\n")).collect();
    assert_eq!(PriceTable::parse(&without).unwrap_err().to_string(), "there is no price of kms-key-month");
    let unknown = format!("{PRICES}magic = {{ amount = 1, per = 1, basis = \"read\", source = \"https://a.example\" }}\n");
    assert!(matches!(PriceTable::parse(&unknown), Err(PriceError::Form(reason)) if reason.contains("unknown variant `magic`")));
    for wrong in ["-0.1", "nan", "inf"] {
        let wrong = PRICES.replace("log-gb = { amount = 0.50", &format!("log-gb = {{ amount = {wrong}"));
        assert_eq!(PriceTable::parse(&wrong).unwrap_err().to_string(), "the price of log-gb is not a number of 0 and up for 1 and more");
    }
    assert!(PriceTable::parse(&PRICES.replace("per = 1_000_000", "per = 0")).is_err());
    assert!(Usage::parse("memory_mb = 512").is_err());
}
