//! Any bytes: the same report each time, and never a success without trust. What is appended to a signed document is seen.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pades::validate::{Indication, Trust, validate};
use sigill_fuzz::{cms, parameters};

fuzz_target!(|data: &[u8]| {
    let trust = Trust::default();
    let report = validate(data, &trust, 0);
    assert_ne!(report.conclusion.indication, Indication::TotalPassed);
    assert_eq!(serde_json::to_value(&report).unwrap(), serde_json::to_value(validate(data, &trust, 0)).unwrap());
    let base: &[u8] = include_bytes!("../seeds/sign_round_trip/classic.pdf");
    let prepared = pades::prepare(base, &parameters(pades::Visibility::Invisible)).unwrap();
    let signed = [base, &pades::complete(&pades::Hashed::of(base), &prepared, &cms(&prepared)).unwrap()].concat();
    let sound = |pdf: &[u8]| {
        let report = validate(pdf, &trust, 0);
        report.facts.faults.is_empty() && report.facts.signatures.iter().all(|signature| signature.faults.is_empty())
    };
    assert!(sound(&signed));
    assert!(data.is_empty() || !sound(&[&signed, data].concat()));
});
