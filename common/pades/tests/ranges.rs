//! A document that is read in ranges is the same document as one in memory.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::io;

use pades::{Document, Growing, Hashed, Source, Visibility};
use support::{classic, complete, hybrid, parameters, stream_document};

/// Bytes that are given out in copies alone.
struct Ranges(Vec<u8>);

impl Source for Ranges {
    fn length(&self) -> u64 {
        self.0.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, buffer)
    }
}

/// Small and large tables, streams, and objects longer than what is read at first.
fn documents() -> Vec<Vec<u8>> {
    let long = format!("<</Kept({})>>", "long ".repeat(10_000));
    let many: Vec<(&str, &str, &str)> = (0..1_000).map(|_| ("", "", "<</Kept(one of many)>>")).collect();
    let signed = complete(&hybrid(), &pades::prepare(&hybrid(), &parameters()).unwrap());
    vec![classic(&[]), classic(&[("/Kept 5 0 R", "", &long)]), classic(&many), stream_document(), hybrid(), signed]
}

#[test]
fn what_is_prepared_in_ranges_is_what_is_prepared_in_memory() {
    for pdf in documents() {
        for visibility in [Visibility::Invisible, Visibility::SignaturePage] {
            let parameters = pades::SignatureParameters { visibility, ..parameters() };
            let in_memory = pades::prepare(&pdf, &parameters);
            let ranges = Ranges(pdf.clone());
            let in_ranges = pades::draft(Document::ranged(&ranges), &parameters).map(|draft| draft.close(&Hashed::of(&pdf)));
            assert_eq!(in_memory, in_ranges);
        }
    }
}

#[test]
fn what_grows_is_read_as_what_has_grown() {
    for pdf in documents() {
        let prepared = pades::prepare(&pdf, &parameters()).unwrap();
        let whole = complete(&pdf, &prepared);
        let expected = format!("{:?}", pades::inspect(&whole).unwrap());
        let ranges = Ranges(pdf.clone());
        for base in [&pdf as &dyn Source, &ranges] {
            let mut growing = Growing::new(base, Hashed::of(&pdf));
            growing.append(&whole[pdf.len()..]);
            assert_eq!(format!("{:?}", pades::inspect(growing.document()).unwrap()), expected);
            assert_eq!(growing.hashed().digest(), Hashed::of(&whole).digest());
        }
    }
}
