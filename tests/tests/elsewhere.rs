//! A document is judged alike wherever its bytes are, and it is never read whole where they are not at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use pades::validate::{Policy, collect_ranged};
use pades::{Document, Growing, Hashed, Source, presign};
use sigill_tests::attacks::{all, base};
use sigill_tests::inputs::classes;
use sigill_tests::notary::Notary;
use sigill_tests::pdf::{classic, one_page, padded, replaced};

/// Bytes that are read in ranges, how many were, and the most at once.
struct Elsewhere<'a> {
    bytes: &'a [u8],
    read: AtomicU64,
    longest: AtomicU64,
}

impl<'a> Elsewhere<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, read: AtomicU64::new(0), longest: AtomicU64::new(0) }
    }
}

impl Source for Elsewhere<'_> {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let from = offset as usize;
        buffer.copy_from_slice(self.bytes.get(from..from + buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?);
        self.read.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.longest.fetch_max(buffer.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

/// Objects, white space and comments that are longer than what is read at first.
fn long() -> Vec<Vec<u8>> {
    let numbers = "7 ".repeat(5_000);
    let objects = |last: String| {
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>".to_owned();
        [format!("<</Type/Catalog/Pages 2 0 R/Long[{numbers}]>>"), "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(), page, last]
    };
    let spaced = |filling: &str| replaced(&classic(&objects("null".to_owned())), "trailer\n", &format!("trailer\n{filling}"));
    let stream = format!("<</Length 9000/Long[{numbers}]>>\nstream\n{}\nendstream", "x".repeat(9_000));
    vec![
        classic(&objects(format!("[{numbers}]"))),
        classic(&objects(stream)),
        spaced(&" ".repeat(9_000)),
        spaced(&format!("%{}\n", "-".repeat(9_000))),
        replaced(&one_page("", ""), "endobj\nxref", &format!("endobj\n{}xref", " ".repeat(9_000))),
        replaced(&one_page("", ""), "endobj\nxref", &format!("endobj\n%{}\nxref", "-".repeat(900))),
    ]
}

#[test]
fn a_document_is_judged_alike_wherever_its_bytes_are() {
    let notary = Notary::default();
    let signed = notary.sign(&notary.sign(&base()));
    let mut documents: Vec<Vec<u8>> = classes().into_iter().map(|(_, pdf)| pdf).collect();
    documents.extend(all(&notary).into_iter().map(|attack| attack.pdf));
    documents.extend(long());
    documents.extend((0..signed.len()).step_by(997).map(|length| signed[..length].to_vec()));
    documents.extend((0..signed.len()).step_by(499).map(|place| {
        let mut changed = signed.clone();
        changed[place] ^= 1;
        changed
    }));
    documents.push(signed);
    assert!(documents.len() > 100);
    for (index, pdf) in documents.iter().enumerate() {
        let elsewhere = Elsewhere::of(pdf);
        let here = format!("{:?}", presign::check(pdf));
        let (half, rest) = pdf.split_at(pdf.len() / 2);
        let half = half.to_vec();
        let mut growing = Growing::new(&half, Hashed::of(&half));
        growing.append(rest);
        assert_eq!(format!("{:?}", presign::check(growing.document())), here, "in two parts, document {index}");
        assert_eq!(format!("{:?}", presign::check(Document::ranged(&elsewhere))), here, "before signing, document {index}");
        let facts = format!("{:?}", collect_ranged(pdf.into(), &Policy::default()));
        assert_eq!(format!("{:?}", collect_ranged(Document::ranged(&elsewhere), &Policy::default())), facts, "validated, document {index}");
        assert_eq!(
            format!("{:?}", collect_ranged(growing.document(), &Policy::default())),
            facts,
            "validated in two parts, document {index}"
        );
    }
}

/// The one time is for signatures that no field holds.
#[test]
fn a_large_document_is_read_once_in_pieces_before_it_is_signed() {
    let pdf = padded(20_000_000);
    let elsewhere = Elsewhere::of(&pdf);
    assert_eq!(presign::check(Document::ranged(&elsewhere)).unwrap(), []);
    let (read, longest) = (elsewhere.read.load(Ordering::Relaxed), elsewhere.longest.load(Ordering::Relaxed));
    assert!(read < 20_300_000, "{read} bytes were read");
    assert!(longest < 2_000_000, "{longest} bytes at once");
}
