//! The copy for publication: the original to the byte, a page that says what it is, and no personal identity number.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;

use pades::{NoNote, Note, append_note, inspect};
use sigill_tests::archival::{CLAIMS, document};
use sigill_tests::browser::{AtEid, Browser};
use sigill_tests::inputs::classes;
use sigill_tests::judges::{assert_conforming, qpdf_is_content, words};
use sigill_tests::pdf::one_page;
use sigill_tests::pictures::{Renderer, pages};
use sigill_tests::server::{Server, folder};
use sigill_tests::signing::sign;

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");

fn note() -> Note {
    Note {
        heading: "Kopia utan underskrifter".to_owned(),
        paragraphs: vec!["Det här är en kopia. ".repeat(12), "עברית, اللغة العربية, 契約 🙂.".to_owned(), "x".repeat(500)],
        language: "sv".to_owned(),
    }
}

#[test]
fn what_is_published_begins_with_the_original_and_names_who_signed() {
    let server = Server::start();
    let (_, claim) = CLAIMS[10];
    let original = document(claim);
    let created = server.create(&server.body(&original, &[ASA]));
    let path = format!("/v1/sign-requests/{}/documents/1", created["id"].as_str().unwrap());
    assert_eq!(server.api("GET", &format!("{path}/copy"), None, &[]).json()["type"], "urn:sigill:problem:not-signed-yet");
    Browser::default().sign(created["signers"][0]["signingUrl"].as_str().unwrap(), AtEid::Approve);
    let copy = server.api("GET", &format!("{path}/copy"), None, &[]);
    assert_eq!((copy.status, copy.header("content-type")), (200, "application/pdf"));
    assert!(copy.body.starts_with(&original));
    assert_eq!(server.api("GET", &format!("{path}/copy"), None, &[]).body, copy.body, "the same each time");
    let facts = inspect(copy.body.as_slice()).unwrap();
    assert_eq!((facts.pages.len(), facts.signatures.len()), (2, 0));
    let signed = server.api("GET", &format!("{path}/signed"), None, &[]).body;
    let holds = |pdf: &[u8], text: &str| pdf.windows(text.len()).any(|window| window == text.as_bytes());
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(holds(&signed, &hex(ASA.1)), "the certificate names the number");
    assert!(!holds(&copy.body, &hex(ASA.1)) && !holds(&copy.body, ASA.1));

    let at = folder().join("copy.pdf");
    std::fs::write(&at, &copy.body).unwrap();
    assert_conforming(&[&at]);
    if let Some(told) = words(&at) {
        let length = original.len();
        for expected in ["kopia av arvode.pdf, inte", &format!("filens första {length} byte"), "Åsa Öberg", "Test-e-legitimation"] {
            assert!(told.contains(expected), "{expected}: {told}");
        }
    }
    if let Some(kept) = std::env::var_os("SIGILL_KEEP") {
        std::fs::copy(&at, Path::new(&kept).join("copy.pdf")).unwrap();
    }
}

#[test]
fn what_came_with_a_signature_is_not_copied() {
    let server = Server::start();
    let at = folder();
    std::fs::write(at.join("plain.pdf"), one_page("", "")).unwrap();
    sign(&at, &["plain.pdf", "signed.pdf", "--reserve", "1"]);
    let signed = std::fs::read(at.join("signed.pdf")).unwrap();
    assert_eq!(append_note(signed.as_slice(), &note()), Err(NoNote::Signed));
    let created = server.create(&server.body(&signed, &[ASA]));
    Browser::default().sign(created["signers"][0]["signingUrl"].as_str().unwrap(), AtEid::Approve);
    let path = format!("/v1/sign-requests/{}/documents/1/copy", created["id"].as_str().unwrap());
    let refused = server.api("GET", &path, None, &[]).json();
    assert_eq!((refused["status"].as_u64(), refused["reason"].as_str()), (Some(409), Some("signed_before")), "{refused}");
}

/// In both renderers; and every claim of PDF/A and PDF/UA is still true.
#[test]
fn a_note_behind_any_document_changes_none_of_its_pages() {
    let at = folder();
    let mut made = Vec::new();
    for (name, input) in classes() {
        let before = at.join(format!("{name}-0.pdf"));
        let after = at.join(format!("{name}-1.pdf"));
        let added = append_note(input.as_slice(), &note()).unwrap();
        std::fs::write(&after, [input.as_slice(), &added].concat()).unwrap();
        std::fs::write(&before, input).unwrap();
        qpdf_is_content(&after);
        for renderer in [Renderer::Poppler, Renderer::MuPdf] {
            let Some(before) = pages(renderer, &before) else { continue };
            let after = pages(renderer, &after).unwrap();
            assert_eq!(after.len(), before.len() + 1, "{name}");
            assert!(before.iter().zip(&after).all(|(before, after)| before.pixels == after.pixels), "{name} in {renderer:?}");
            assert!(after.last().unwrap().pixels.iter().any(|pixel| *pixel < 128), "{name}: the note is seen in {renderer:?}");
        }
        made.push(after);
    }
    assert_conforming(&made.iter().map(|path| path.as_path()).collect::<Vec<_>>());
}
