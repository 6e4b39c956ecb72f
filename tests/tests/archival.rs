//! PDF/A and PDF/UA documents stay what they claim to be, by veraPDF, after one signature and after three.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use sigill_tests::archival::{CLAIMS, document};
use sigill_tests::judges::assert_all_signed;
use sigill_tests::server::folder;
use sigill_tests::signing::{Fields, root, three_signatures};

fn every_claim_is_kept(level: &str, options: &[&str]) {
    let at = folder();
    let signed = CLAIMS.iter().flat_map(|(name, claim)| three_signatures(&at, name, &document(*claim), level, Fields::Together, options));
    let signed: Vec<_> = signed.collect();
    assert_all_signed(&root(&at), &signed);
}

#[test]
fn every_claim_is_kept_with_visible_signatures() {
    every_claim_is_kept("B-B", &[]);
}

#[test]
fn every_claim_is_kept_with_invisible_signatures() {
    every_claim_is_kept("B-B", &["--invisible"]);
}

#[test]
fn every_claim_is_kept_with_visible_signatures_for_the_long_term() {
    every_claim_is_kept("B-LTA", &[]);
}

#[test]
fn every_claim_is_kept_with_invisible_signatures_for_the_long_term() {
    every_claim_is_kept("B-LTA", &["--invisible"]);
}
