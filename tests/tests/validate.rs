//! The validator: no attack passes, and every sound document does.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeSet;

use pades::validate::{Code, Indication, Report, validate};
use sigill_tests::attacks::update::in_place;
use sigill_tests::attacks::{all, base, certify};
use sigill_tests::notary::{Notary, now};
use sigill_tests::pdf::one_page;

/// Everything that was found, in the file and in its signatures.
fn codes(report: &Report) -> BTreeSet<Code> {
    let signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    report.facts.faults.iter().chain(signatures).map(|fault| fault.code).collect()
}

#[test]
fn no_attack_passes_and_each_is_found_for_what_it_is() {
    let notary = Notary::default();
    let trust = notary.trust();
    let mut wrong = Vec::new();
    for attack in all(&notary) {
        let report = validate(&attack.pdf, &trust, now().as_second());
        let found = codes(&report);
        let refused = matches!(report.conclusion.indication, Indication::Indeterminate | Indication::TotalFailed);
        if !refused || !found.contains(&attack.code) {
            wrong.push(format!("{}: {:?} instead of {:?}, found {found:?}", attack.name, report.conclusion.indication, attack.code));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_the_attacks_are_made_from_passes() {
    let notary = Notary::default();
    let mut sound = vec![notary.sign(&base()), notary.sign(&notary.sign(&base()))];
    sound.extend([1, 2, 3].map(|level| certify(&notary, level)));
    for pdf in sound {
        let report = validate(&pdf, &notary.trust(), now().as_second());
        assert_eq!(report.conclusion.indication, Indication::TotalPassed, "{}", serde_json::to_string_pretty(&report).unwrap());
    }
}

#[test]
fn a_signature_that_no_field_holds_is_told() {
    let notary = Notary::default();
    let field = "<</FT/Tx/T(name)/Type/Annot/Subtype/Widget/Rect[72 600 200 620]/F 4/P 3 0 R>>";
    let with = |object: &str| in_place(&one_page("", ""), field, object);
    let orphan = with("<</Type/Sig/ByteRange[0 1 2 3]/Contents<30>>>");
    for pdf in [orphan.clone(), notary.sign(&orphan)] {
        let report = validate(&pdf, &notary.trust(), now().as_second());
        assert_eq!(report.conclusion.indication, Indication::Indeterminate);
        assert_eq!(codes(&report), BTreeSet::from([Code::SignatureWithoutField]));
    }
    let findings = pades::presign::check(&orphan).unwrap();
    assert!(findings.iter().any(|finding| finding.code.code() == "prior_signature_invalid"), "{findings:?}");
    let chance = notary.sign(&with("(/ByteRange[0 1 2 3]/Contents<30>)"));
    assert_eq!(validate(&chance, &notary.trust(), now().as_second()).conclusion.indication, Indication::TotalPassed);
}

#[test]
fn an_anchor_for_timestamps_is_none_for_signers() {
    let notary = Notary::default();
    let trust = pades::validate::Trust { anchors: Vec::new(), time_stamp_anchors: vec![notary.root().to_vec()], ..notary.trust() };
    let report = validate(&notary.sign(&base()), &trust, now().as_second());
    assert_eq!(report.conclusion.indication, Indication::Indeterminate);
    assert!(codes(&report).contains(&Code::NoChain));
}

#[test]
fn a_document_without_a_signature_is_no_success() {
    let report = validate(&base(), &Notary::default().trust(), now().as_second());
    assert_eq!(report.conclusion.indication, Indication::NoSignatureFound);
}

#[test]
fn what_may_change_its_look_is_told_beside_the_verdict() {
    let notary = Notary::default();
    let signed = notary.sign(&one_page("/OpenAction<</S/JavaScript/JS(x)>>", ""));
    let report = validate(&signed, &notary.trust(), now().as_second());
    let codes: Vec<&str> = report.facts.document.changing.iter().map(|finding| finding.code.code()).collect();
    assert_eq!(report.conclusion.indication, Indication::TotalPassed);
    assert!(codes.contains(&"javascript"), "{codes:?}");
}

#[test]
fn the_same_bytes_trust_and_time_give_the_same_report() {
    let notary = Notary::default();
    let (signed, trust, at) = (notary.sign(&notary.sign(&base())), notary.trust(), now().as_second());
    let report = || serde_json::to_string(&validate(&signed, &trust, at)).unwrap();
    assert_eq!(report(), report());
}

#[test]
fn no_document_with_a_changed_byte_passes() {
    let notary = Notary::default();
    let (signed, trust, at) = (notary.sign(&base()), notary.trust(), now().as_second());
    // A prime, so that over the places of the file every kind of byte is met.
    for place in (0..signed.len()).step_by(11) {
        let mut changed = signed.clone();
        changed[place] ^= 1;
        let conclusion = validate(&changed, &trust, at).conclusion;
        assert_ne!(conclusion.indication, Indication::TotalPassed, "byte {place}");
    }
}

#[test]
fn no_cut_document_passes_or_brings_the_validator_down() {
    let notary = Notary::default();
    let once = notary.sign(&base());
    let (signed, trust, at) = (notary.sign(&once), notary.trust(), now().as_second());
    // Cut behind the first signature, with or without its last line end, it is the document as it was then.
    for length in (0..signed.len()).step_by(17).filter(|length| !(once.len() - 1..=once.len()).contains(length)) {
        let conclusion = validate(&signed[..length], &trust, at).conclusion;
        assert_ne!(conclusion.indication, Indication::TotalPassed, "{length} bytes");
    }
}
