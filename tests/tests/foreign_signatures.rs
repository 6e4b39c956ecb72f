//! Documents that somebody else has signed: our signatures leave theirs valid, by pyHanko's own and strict account.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use sigill_tests::judges::{pyhanko, qpdf_is_content};
use sigill_tests::server::folder;
use sigill_tests::signing::{root, sigill, sign};

fn foreign(at: &Path, kind: &str) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/signed");
    std::fs::copy(fixtures.join(format!("pyhanko-{kind}.pdf")), at.join("0.pdf")).unwrap();
}

/// Every signature in `pdf` is accepted, of which there are `count`; trusted are both their root and ours.
fn assert_accepted(at: &Path, pdf: &str, count: usize) {
    let theirs = include_str!("../fixtures/signed/pyhanko.pem");
    let roots = at.join("roots.pem");
    std::fs::write(&roots, format!("{}{theirs}", std::fs::read_to_string(root(at)).unwrap())).unwrap();
    let pdf = at.join(pdf);
    qpdf_is_content(&pdf);
    let Some(judged) = pyhanko(&roots, &[&pdf]) else { return };
    let judged = judged[pdf.to_str().unwrap()].as_array().unwrap();
    assert_eq!(judged.len(), count, "{judged:#?}");
    assert!(judged.iter().all(|signature| signature["ok"] == true), "{judged:#?}");
}

#[test]
fn existing_fields_of_a_signed_or_certified_document_are_signed() {
    for kind in ["approved", "certified"] {
        let at = folder();
        foreign(&at, kind);
        sign(&at, &["0.pdf", "1.pdf", "--field", "Chef"]);
        sign(&at, &["1.pdf", "2.pdf", "--field", "Attest", "--level", "B-LTA"]);
        sign(&at, &["2.pdf", "3.pdf", "--invisible"]);
        // Theirs, three of ours, one document timestamp.
        assert_accepted(&at, "3.pdf", 5);
    }
}

#[test]
fn a_visible_field_is_added_to_a_signed_document_but_not_to_a_certified_one() {
    let at = folder();
    foreign(&at, "approved");
    sign(&at, &["0.pdf", "1.pdf"]);
    assert_accepted(&at, "1.pdf", 2);
    foreign(&at, "certified");
    let refused = sigill(&at, &["sign", "0.pdf", "1.pdf"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("\"refused\":\"new_field_forbidden\""));
}
