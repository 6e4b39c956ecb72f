//! How much a signature adds to a document.
#![allow(clippy::unwrap_used, missing_docs)]

use pades::{Appearance, NewField, Rect, SignatureField, SignatureParameters, Visibility, prepare};

/// A CMS with a P-256 certificate that names a person, of 640 bytes.
const CMS: usize = 1_100;

const PAGE: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n178\n%%EOF\n";

fn added(visibility: Visibility) -> usize {
    let lines = ["Åsa Öberg", "Elektroniskt underskriven", "2026-11-24 21:02 med Freja eID+", "Timrå kommun, Referens 3f2a9c1b"];
    let prepared = prepare(
        PAGE,
        &SignatureParameters {
            field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Underskrift: Åsa Öberg".to_owned() }),
            visibility,
            appearance: Some(Appearance { lines: lines.map(str::to_owned).into(), logo: None }),
            signing_time: 1_795_000_000,
            reason: Some("Arvodesräkning för januari".to_owned()),
            location: None,
            contact: None,
            signer_name: Some("Åsa Öberg".to_owned()),
            contents_capacity: CMS,
        },
    );
    let prepared = prepared.unwrap();
    prepared.before.len() + 2 * prepared.capacity + 2 + prepared.after.len()
}

#[test]
fn an_invisible_signature_adds_at_most_5_kilobytes() {
    let added = added(Visibility::Invisible);
    assert!(added <= 5_000, "{added}");
}

#[test]
fn a_visible_signature_adds_at_most_10_kilobytes() {
    let added = added(Visibility::At { page: 1, rect: Rect { x: 42.0, y: 42.0, width: 235.0, height: 62.0 } });
    assert!(added <= 10_000, "{added}");
}
