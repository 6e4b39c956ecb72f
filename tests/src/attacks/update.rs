//! Incremental updates as an attacker writes them: right, or wrong in one way.

use crate::pdf::replaced;

/// What is left out of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omit {
    Nothing,
    Xref,
    Trailer,
    Startxref,
    EndMarker,
    XrefAndTrailer,
    AllButObjects,
}

/// The offset that the last `startxref` names.
pub fn last_xref(pdf: &[u8]) -> usize {
    let at = rfind(pdf, b"startxref").unwrap() + 9;
    text(&pdf[at..]).split_whitespace().next().unwrap().parse().unwrap()
}

pub fn rfind(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(64)]).into_owned()
}

/// /Size of the last trailer: the first number that is free.
pub fn size(pdf: &[u8]) -> u32 {
    let at = rfind(pdf, b"/Size ").unwrap() + 6;
    text(&pdf[at..]).split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
}

/// The newest value of object `number`, as text.
pub fn object(pdf: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj\n");
    let at = rfind(pdf, head.as_bytes()).unwrap() + head.len();
    let end = at + find(&pdf[at..], b"\nendobj").unwrap();
    pdf[at..end].iter().map(|byte| char::from(*byte)).collect()
}

/// `pdf` with an update that holds `objects` (number and value).
pub fn update(pdf: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    partial_update(pdf, objects, Omit::Nothing)
}

/// The same with something left out.
pub fn partial_update(pdf: &[u8], objects: &[(u32, String)], omit: Omit) -> Vec<u8> {
    let mut out = pdf.to_vec();
    let mut objects = objects.to_vec();
    objects.sort();
    let mut entries = String::new();
    for (number, body) in &objects {
        entries.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(body.chars().map(|c| u8::try_from(u32::from(c)).unwrap()));
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0).max(size(pdf));
    let has = |omitted: &[Omit]| !omitted.contains(&omit);
    if has(&[Omit::Xref, Omit::XrefAndTrailer, Omit::AllButObjects]) {
        out.extend(format!("xref\n{entries}").bytes());
    }
    if has(&[Omit::Trailer, Omit::XrefAndTrailer, Omit::AllButObjects]) {
        out.extend(trailer(pdf, size).bytes());
    }
    if has(&[Omit::Startxref, Omit::AllButObjects]) {
        out.extend(format!("startxref\n{xref}\n").bytes());
    }
    if has(&[Omit::EndMarker, Omit::AllButObjects]) {
        out.extend(b"%%EOF\n");
    }
    out
}

fn trailer(pdf: &[u8], size: u32) -> String {
    format!("trailer\n<</Size {size}/Root 1 0 R/Info 11 0 R/Prev {}>>\n", last_xref(pdf))
}

/// An update whose cross-reference points object `number` to byte `offset`, and that holds nothing itself.
pub fn remapped(pdf: &[u8], entry: &str) -> Vec<u8> {
    let xref = pdf.len();
    let trailer = trailer(pdf, size(pdf));
    [pdf, format!("xref\n{entry}{trailer}startxref\n{xref}\n%%EOF\n").as_bytes()].concat()
}

/// `pdf` with object `number` changed by replacing a text in it.
pub fn patched(pdf: &[u8], number: u32, from: &str, to: &str) -> Vec<u8> {
    let body = object(pdf, number);
    assert!(body.contains(from), "object {number} has no {from}: {body}");
    update(pdf, &[(number, body.replacen(from, to, 1))])
}

/// A dictionary with one more element in front of those of its array `name`.
pub fn with_element(body: &str, name: &str, element: &str) -> String {
    let at = body.find(name).unwrap() + name.len();
    let at = at + body[at..].find('[').unwrap() + 1;
    format!("{}{element} {}", &body[..at], &body[at..])
}

/// The same with the element last.
pub fn with_last_element(body: &str, name: &str, element: &str) -> String {
    let at = body.find(name).unwrap();
    let at = at + body[at..].find(']').unwrap();
    format!("{} {element}{}", &body[..at], &body[at..])
}

/// A stream object.
pub fn stream(entries: &str, data: &str) -> String {
    format!("<<{entries}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// `pdf` with `from` replaced by `to`, filled up with spaces so that nothing moves.
pub fn in_place(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    replaced(pdf, from, &format!("{to:width$}", width = from.len()))
}
