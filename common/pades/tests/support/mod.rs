//! Small documents, written by the letter.
#![allow(dead_code)]

use pades::{Appearance, Hashed, NewField, Prepared, SignatureField, SignatureParameters, Visibility};

/// An invisible signature in a new field.
pub fn parameters() -> SignatureParameters {
    SignatureParameters {
        field: SignatureField::New(NewField { name: "Signature".to_owned(), label: "Underskrift".to_owned() }),
        visibility: Visibility::Invisible,
        appearance: Some(Appearance { lines: vec!["Åsa Öberg".to_owned()], logo: None }),
        signing_time: 1_795_000_000,
        reason: None,
        location: None,
        contact: None,
        signer_name: None,
        contents_capacity: 16,
    }
}

/// The document with the prepared revision and a void CMS.
pub fn complete(input: &[u8], prepared: &Prepared) -> Vec<u8> {
    [input, &pades::complete(&Hashed::of(input), prepared, &[0x30, 0]).unwrap()].concat()
}

/// `objects` 1, 2, … as a file with a classic table.
pub fn file(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = out.len();
    out.push_str(&format!("{table}trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

/// One page. Each further object brings an entry of the page and one of the catalog; they are numbered from 5.
pub fn classic(further: &[(&str, &str, &str)]) -> Vec<u8> {
    with_trailer(further, "")
}

pub fn with_trailer(further: &[(&str, &str, &str)], trailer: &str) -> Vec<u8> {
    let page: String = further.iter().map(|(page, ..)| *page).collect();
    let catalog: String = further.iter().map(|(_, catalog, _)| *catalog).collect();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R{page}>>"),
        "<</Length 0>>\nstream\n\nendstream".to_owned(),
    ];
    objects.extend(further.iter().map(|(.., object)| (*object).to_owned()));
    file(&objects, trailer)
}

/// One page with `entries` of its own.
pub fn page(entries: &str) -> Vec<u8> {
    file(
        &[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            format!("<</Type/Page/Parent 2 0 R/Resources<<>>{entries}>>"),
        ],
        "",
    )
}

/// The objects of a changed text, indexed anew.
pub fn reindexed(text: &str) -> Vec<u8> {
    let objects = text.split(" 0 obj\n").skip(1).map(|object| object.split("\nendobj").next().unwrap().to_owned());
    file(&objects.collect::<Vec<_>>(), "")
}

/// One page behind a cross-reference stream.
pub fn stream_document() -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut entries = vec![0, 0, 0, 0];
    for (number, object) in [
        (1, "<</Type/Catalog/Pages 2 0 R>>"),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"),
    ] {
        entries.extend([1, 0, u8::try_from(out.len()).unwrap(), 0]);
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = out.len();
    entries.extend([1, 0, u8::try_from(start).unwrap(), 0]);
    out.extend(format!("4 0 obj\n<</Type/XRef/Size 5/Root 1 0 R/W[1 2 1]/Length {}>>\nstream\n", entries.len()).into_bytes());
    out.extend(entries);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").into_bytes());
    out
}

/// [`classic`] with a cross-reference stream beside its table.
pub fn hybrid() -> Vec<u8> {
    let mut out = file(
        &[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>".to_owned(),
            "<</Type/XRef/Size 5/W[1 2 1]/Index[4 0]/Length 0>>\nstream\n\nendstream".to_owned(),
        ],
        "/XRefStm 0000000000",
    );
    let text = String::from_utf8(out.clone()).unwrap();
    let at = text.find("4 0 obj").unwrap();
    let place = text.find("/XRefStm ").unwrap() + "/XRefStm ".len();
    out[place..place + 10].copy_from_slice(format!("{at:010}").as_bytes());
    out
}
