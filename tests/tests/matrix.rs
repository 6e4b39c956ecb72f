//! Every class of document at every level, signed once and three times, before every judge; and what people see of it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use sigill_tests::inputs::classes;
use sigill_tests::judges::assert_all_signed;
use sigill_tests::pictures::{Renderer, pages};
use sigill_tests::server::folder;
use sigill_tests::signing::{Fields, root, sign, three_signatures};

fn every_class_is_soundly_signed(level: &str, options: &[&str]) {
    let at = folder();
    let signed: Vec<_> =
        classes().iter().flat_map(|(name, input)| three_signatures(&at, name, input, level, Fields::Together, options)).collect();
    assert_all_signed(&root(&at), &signed);
}

#[test]
fn every_class_is_soundly_signed_at_b_b() {
    every_class_is_soundly_signed("B-B", &[]);
}

#[test]
fn every_class_is_soundly_signed_at_b_t() {
    every_class_is_soundly_signed("B-T", &[]);
}

#[test]
fn every_class_is_soundly_signed_at_b_lt() {
    every_class_is_soundly_signed("B-LT", &[]);
}

#[test]
fn every_class_is_soundly_signed_at_b_lta() {
    every_class_is_soundly_signed("B-LTA", &[]);
}

#[test]
fn every_class_is_soundly_signed_invisibly() {
    every_class_is_soundly_signed("B-LTA", &["--invisible"]);
}

#[test]
fn every_class_is_soundly_signed_on_a_signature_page() {
    every_class_is_soundly_signed("B-B", &["--signature-page"]);
}

/// In both renderers: an invisible signature changes no page, and visible ones only cover what was blank.
#[test]
fn nothing_that_a_page_shows_is_changed() {
    let at = folder();
    for (name, input) in classes() {
        three_signatures(&at, &name, &input, "B-B", Fields::Together, &[]);
        sign(&at, &[&format!("{name}-0.pdf"), "invisible.pdf", "--invisible"]);
        for renderer in [Renderer::Poppler, Renderer::MuPdf] {
            let Some(before) = pages(renderer, &at.join(format!("{name}-0.pdf"))) else { continue };
            let invisible = pages(renderer, &at.join("invisible.pdf")).unwrap();
            let visible = pages(renderer, &at.join(format!("{name}-3.pdf"))).unwrap();
            assert_eq!(invisible.len(), before.len());
            let mut changed = visible.len() - before.len();
            for (number, before) in before.iter().enumerate() {
                assert!(invisible[number].pixels == before.pixels, "{name}, page {number}: an invisible signature shows in {renderer:?}");
                assert_eq!(visible[number].width, before.width);
                let inked = visible[number].pixels.iter().zip(&before.pixels).filter(|(after, before)| after != before);
                let covered = inked.clone().filter(|(_, before)| **before < 250).count();
                assert_eq!(covered, 0, "{name}, page {number}: a signature lies over what {renderer:?} shows");
                changed += usize::from(inked.count() > 0);
            }
            assert_eq!(changed, 1, "{name}: all signatures are on one page in {renderer:?}");
        }
    }
}
