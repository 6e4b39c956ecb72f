//! A thousand signatures in a row: each succeeds, and all of them are valid in the end.
#![allow(missing_docs, clippy::unwrap_used)]

use sigill_tests::independent::assert_verifies;
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;
use sigill_tests::signing::{root, sign};

const DOCUMENTS: usize = 10;
const SIGNATURES: usize = 100;

#[test]
fn a_thousand_signatures_in_a_row_are_all_valid() {
    let at = folder();
    for document in 0..DOCUMENTS {
        let (name, next) = (format!("{document}.pdf"), format!("{document}-next.pdf"));
        std::fs::write(at.join(&name), one_page("", "")).unwrap();
        for _ in 0..SIGNATURES {
            sign(&at, &[&name, &next, "--invisible"]);
            std::fs::rename(at.join(&next), at.join(&name)).unwrap();
        }
    }
    let anchor = root(&at);
    for document in 0..DOCUMENTS {
        let pdf = at.join(format!("{document}.pdf"));
        assert_eq!(pades::verify_signatures(&std::fs::read(&pdf).unwrap()).unwrap().len(), SIGNATURES);
        assert_verifies(&anchor, &pdf, SIGNATURES);
    }
}
