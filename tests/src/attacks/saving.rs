//! Incremental saving: a page is changed behind the signature, by an update that is whole or lacks a part.

use pades::validate::Code;

use super::Attack;
use super::base::{CONTENT, PAGE};
use super::update::{Omit, object, partial_update, rfind, size, stream, update};

pub fn attacks(signed: &[u8]) -> Vec<Attack> {
    let evil = [(CONTENT, stream("", "BT /F1 18 Tf 72 700 Td (Arvode: 9 999 kr) Tj ET"))];
    let partial = |name, omit, code| Attack::new(name, code, partial_update(signed, &evil, omit));
    let mut other_page = evil.clone().to_vec();
    let new = size(signed);
    other_page[0].0 = new;
    other_page.push((PAGE, object(signed, PAGE).replace("/Contents 5 0 R", &format!("/Contents {new} 0 R"))));
    let copied_tail =
        [partial_update(signed, &evil, Omit::AllButObjects).as_slice(), &signed[rfind(signed, b"startxref").unwrap()..]].concat();
    // The signature dictionary once more, so that a reader finds it in the newest revision.
    let value = signature_number(signed);
    let mut with_signature = evil.to_vec();
    with_signature.push((value, object(signed, value)));
    let mut changed_signature = evil.to_vec();
    changed_signature.push((value, object(signed, value).replace("/Type/Sig", "/Type/Sig/Reason(evil)")));
    vec![
        Attack::new("isa-content-overridden", Code::ChangedAfterSigning, update(signed, &evil)),
        Attack::new("isa-page-with-other-content", Code::ChangedAfterSigning, update(signed, &other_page)),
        Attack::new("isa-with-signature-copied", Code::ChangedAfterSigning, update(signed, &with_signature)),
        Attack::new("isa-with-signature-changed", Code::ChangedAfterSigning, update(signed, &changed_signature)),
        partial("isa-without-xref", Omit::Xref, Code::Structure),
        partial("isa-without-trailer", Omit::Trailer, Code::Structure),
        partial("isa-without-xref-and-trailer", Omit::XrefAndTrailer, Code::Structure),
        partial("isa-without-startxref", Omit::Startxref, Code::Structure),
        partial("isa-without-end-marker", Omit::EndMarker, Code::Structure),
        partial("isa-objects-only", Omit::AllButObjects, Code::Structure),
        Attack::new("isa-objects-and-copied-end", Code::BytesOutsideRevisions, copied_tail),
        Attack::new("isa-trailing-bytes", Code::Structure, [signed, b"hello"].concat()),
        Attack::new("isa-trailing-white-space", Code::BytesOutsideRevisions, [signed, b"\n\n  \n"].concat()),
        Attack::new("isa-second-header", Code::UnlistedObjects, update(&[signed, b"%PDF-1.7\n"].concat(), &[])),
        Attack::new("isa-unlisted-object", Code::UnlistedObjects, update(&[signed, b"5 0 obj\n<<>>\nendobj\n"].concat(), &[])),
        Attack::new("isa-object-in-comment", Code::UnlistedObjects, update(&[signed, b"%5 0 obj <<>> endobj\n"].concat(), &[])),
    ]
}

/// The number of the (first) signature dictionary.
pub fn signature_number(signed: &[u8]) -> u32 {
    let at = super::update::find(signed, b"/Type/Sig/").unwrap();
    let head = String::from_utf8_lossy(&signed[at - 32..at]).into_owned();
    head.rsplit(" 0 obj").nth(1).unwrap().rsplit('\n').next().unwrap().parse().unwrap()
}
