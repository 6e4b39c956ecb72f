//! Effect measures: what a municipality wants to know of its signing, counted where it happens. Adapters write them down
//! or don't. Names of services, providers and levels go into them, and nothing of a person or a document.

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::sign_request::{Done, Outcome, SignRequest, SignatureEvidence, Stage};

/// Sign requests taken in, by `EService`.
pub const REQUESTS_CREATED: &str = "RequestsCreated";
/// Sign requests that ended, by `EService` and `Outcome`.
pub const REQUESTS_ENDED: &str = "RequestsEnded";
/// Sign requests that failed by our own fault, alone for an alarm.
pub const REQUESTS_FAILED: &str = "RequestsFailed";
/// Seconds from created to completed, by `EService`.
pub const LEAD_TIME: &str = "LeadTime";
/// Signatures of persons, by `Eid`.
pub const SIGNATURES: &str = "Signatures";
/// Documents that have the level they are to have when everybody has signed, by `Level`.
pub const LEVEL_REACHED: &str = "LevelReached";
/// Those that do not have it yet, by the `Level` they are to have.
pub const LEVEL_MISSED: &str = "LevelMissed";
/// Milliseconds of one signature by a key service.
pub const KEY_TIME: &str = "KeyTime";
/// Signatures that a key service did not give.
pub const KEY_FAULTS: &str = "KeyFaults";
/// Milliseconds of one timestamp.
pub const TIMESTAMP_TIME: &str = "TimestampTime";
/// Timestamps that an authority did not give in time.
pub const TIMESTAMP_FAULTS: &str = "TimestampFaults";

/// All of them.
pub const NAMES: [&str; 11] = [
    REQUESTS_CREATED,
    REQUESTS_ENDED,
    REQUESTS_FAILED,
    LEAD_TIME,
    SIGNATURES,
    LEVEL_REACHED,
    LEVEL_MISSED,
    KEY_TIME,
    KEY_FAULTS,
    TIMESTAMP_TIME,
    TIMESTAMP_FAULTS,
];

/// Tells the recorder the unit of each.
pub fn describe() {
    for name in NAMES {
        match name {
            LEAD_TIME => describe_histogram!(name, Unit::Seconds, ""),
            KEY_TIME | TIMESTAMP_TIME => describe_histogram!(name, Unit::Milliseconds, ""),
            _ => describe_counter!(name, Unit::Count, ""),
        }
    }
}

/// A request was taken in.
pub(crate) fn created(request: &SignRequest) {
    counter!(REQUESTS_CREATED, "EService" => request.requester.clone()).increment(1);
}

/// A saved change took a request from `before` to `after`.
pub(crate) fn changed(before: &SignRequest, after: &SignRequest) {
    for (before, after) in before.signers.iter().zip(&after.signers) {
        if let (None, Some(Done::Signed { evidence, .. })) = (&before.done, &after.done) {
            signed(evidence);
        }
    }
    if let (Stage::Open | Stage::Signing(_), Stage::Closed { outcome, .. }) = (&before.stage, &after.stage) {
        ended(after, outcome);
    }
}

fn signed(evidence: &SignatureEvidence) {
    let crate::eid::Evidence::Oidc { provider, .. } = &evidence.evidence;
    counter!(SIGNATURES, "Eid" => provider.clone()).increment(1);
}

fn ended(request: &SignRequest, outcome: &Outcome) {
    let e_service = &request.requester;
    counter!(REQUESTS_ENDED, "EService" => e_service.clone(), "Outcome" => request.status().word()).increment(1);
    if let Outcome::Failed { .. } = outcome {
        counter!(REQUESTS_FAILED).increment(1);
    }
    let (Outcome::Completed, Stage::Closed { at, .. }) = (outcome, &request.stage) else { return };
    histogram!(LEAD_TIME, "EService" => e_service.clone()).record(at.duration_since(request.created).as_secs_f64());
    for document in &request.documents {
        let name = if document.achieved >= Some(request.level) { LEVEL_REACHED } else { LEVEL_MISSED };
        counter!(name, "Level" => request.level.to_string()).increment(1);
    }
}
