//! What would take too much is refused with its own reason code before it has taken it.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pades::{Document, Limits, inspect};

fn code(pdf: &[u8]) -> &'static str {
    inspect(pdf).unwrap_err().code()
}

/// `section` right behind the header, where `startxref` points.
fn with_section(section: &[u8]) -> Vec<u8> {
    [b"%PDF-1.7\n", section, b"\nstartxref\n9\n%%EOF\n"].concat()
}

/// Objects from 1 with a right table; object 1 is the catalog.
fn with_objects(objects: &[String]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = pdf.len();
    pdf.extend_from_slice(format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).as_bytes());
    pdf
}

fn zeros(count: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    (0..count >> 20).for_each(|_| encoder.write_all(&block).unwrap());
    encoder.finish().unwrap()
}

fn xref_stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("1 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Length {}{entries}>>\nstream\n", data.len());
    with_section(&[head.as_bytes(), data, b"\nendstream\nendobj"].concat())
}

#[test]
fn a_stream_that_inflates_to_much_more_is_refused() {
    let bomb = xref_stream("/Filter/FlateDecode", &zeros(32 << 20));
    assert_eq!(code(&bomb), "limit_inflated");
    let few = Limits { inflated: 1 << 10, ..Limits::default() };
    let small = xref_stream("/Filter/FlateDecode", &zeros(1 << 20));
    assert_eq!(inspect(Document::from(&small).limited(few)).unwrap_err().code(), "limit_inflated");
}

#[test]
fn columns_that_no_data_fills_are_refused() {
    let parameters = "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 9000000000000000000>>";
    assert_eq!(code(&xref_stream(parameters, &zeros(1 << 20))), "xref_damaged");
}

#[test]
fn a_chain_of_revisions_ends() {
    let section = |previous: usize| format!("xref\n0 0\ntrailer\n<</Size 1/Prev {previous}>>\n");
    assert_eq!(code(&with_section(section(9).as_bytes())), "xref_damaged", "a loop");
    let mut chain = String::new();
    let mut at = vec![9];
    for _ in 0..1_100 {
        chain.push_str(&section(at[at.len().saturating_sub(2)]));
        at.push(9 + chain.len());
    }
    let last = at[at.len() - 2];
    let pdf = [b"%PDF-1.7\n", chain.as_bytes(), format!("startxref\n{last}\n%%EOF\n").as_bytes()].concat();
    assert_eq!(code(&pdf), "limit_revisions");
}

#[test]
fn a_page_tree_without_end_is_refused() {
    let tree = |kid: &str| with_objects(&["<</Type/Catalog/Pages 2 0 R>>".to_owned(), format!("<</Type/Pages/Kids[{kid}]/Count 1>>")]);
    assert_eq!(code(&tree("2 0 R")), "malformed");
    let deep: Vec<String> = std::iter::once("<</Type/Catalog/Pages 2 0 R>>".to_owned())
        .chain((3..100).map(|kid| format!("<</Type/Pages/Kids[{kid} 0 R]/Count 1>>")))
        .collect();
    assert_eq!(code(&with_objects(&deep)), "limit_depth");
}

#[test]
fn nesting_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("<</A", ">>")] {
        let value = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        let objects = [format!("<</Type/Catalog/Pages 2 0 R/A {value}>>"), "<</Type/Pages/Kids[]>>".to_owned()];
        assert_eq!(code(&with_objects(&objects)), "malformed");
    }
}

#[test]
fn work_and_objects_are_counted() {
    let objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/MediaBox[0 0 9 9]>>"];
    let pdf = with_objects(&objects.map(str::to_owned));
    assert!(inspect(&pdf).is_ok());
    for (limits, code) in
        [(Limits { objects: 2, ..Limits::default() }, "limit_objects"), (Limits { work: 100, ..Limits::default() }, "limit_work")]
    {
        assert_eq!(inspect(Document::from(&pdf).limited(limits)).unwrap_err().code(), code);
    }
}
