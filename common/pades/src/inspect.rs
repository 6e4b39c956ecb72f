//! What a document is, and whether it can be signed soundly.

use crate::form;
use crate::geometry::Rect;
use crate::permission::Permissions;
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Document, File, XrefKind, dictionary};
use crate::refusal::Refusal;

/// Facts of a document that can be signed.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// Its pages.
    pub pages: Vec<PageFacts>,
    /// The header's version, for example `1.7`.
    pub pdf_version: String,
    /// The part of PDF/A that it claims.
    pub pdfa: Option<PdfaClaim>,
    /// The kind of its last cross-reference.
    pub xref: XrefKind,
    /// How many revisions it has.
    pub revisions: usize,
    /// Whether it begins with a linearization dictionary.
    pub linearized: bool,
    /// Its signatures and document timestamps.
    pub signatures: Vec<SignatureFacts>,
    /// Names of signature fields without a signature.
    pub empty_signature_fields: Vec<String>,
}

/// A page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageFacts {
    /// The visible box, in its own coordinates.
    pub visible: Rect,
    /// Clockwise, 0, 90, 180 or 270.
    pub rotation: u32,
}

/// What the metadata claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfaClaim {
    /// `pdfaid:part`.
    pub part: u8,
    /// `pdfaid:conformance`; PDF/A-4 has none.
    pub conformance: Option<char>,
}

/// A signature as it stands, not verified.
#[derive(Clone, Debug)]
pub struct SignatureFacts {
    /// Fully qualified name of its field.
    pub field_name: String,
    /// /SubFilter.
    pub sub_filter: String,
    /// /ByteRange.
    pub byte_range: [u64; 4],
    /// /Contents without its padding.
    pub contents: Vec<u8>,
    /// /M as it stands.
    pub signing_time: Option<String>,
}

/// Reads the document's facts. Refuses everything that can't be signed soundly.
pub fn inspect<'a>(pdf: impl Into<Document<'a>>) -> Result<Inspection, Refusal> {
    let file = File::open_strictly(pdf)?;
    let fields = form::fields(&file)?;
    Permissions::read(&file, &fields)?;
    let empty = fields.iter().filter(|field| field.signature && field.value.is_none());
    Ok(Inspection {
        pages: pages(&file)?.iter().map(|page| PageFacts { visible: page.visible, rotation: page.rotation }).collect(),
        pdf_version: String::from_utf8_lossy(&file.version).into_owned(),
        pdfa: pdfa_claim(&file)?,
        xref: file.xref.kind,
        revisions: file.xref.revisions,
        linearized: is_linearized(&file)?,
        empty_signature_fields: empty.map(|field| field.name.clone()).collect(),
        signatures: signatures(&file)?,
    })
}

fn is_linearized(file: &File<'_>) -> Result<bool, Refusal> {
    let first = file.document.window(0, 1_024)?;
    Ok(first.get(..1_024).unwrap_or(&first).windows(12).any(|window| window == b"/Linearized "))
}

/// Every signature of the document, by its fields.
pub(crate) fn signatures(file: &File<'_>) -> Result<Vec<SignatureFacts>, Refusal> {
    let signed = form::fields(file)?.into_iter().filter(|field| field.signature);
    signed.filter_map(|field| field.value.map(|value| (field.name, value))).map(|(name, value)| facts(file, name, value)).collect()
}

pub(crate) fn facts(file: &File<'_>, field_name: String, number: u32) -> Result<SignatureFacts, Refusal> {
    let malformed = |what| Refusal::Malformed { object: number, what };
    let source = file.object(number)?;
    let signature = dictionary(&source, number)?;
    let Some(Object::Array(range)) = signature.get("ByteRange") else {
        return Err(malformed("no ByteRange"));
    };
    let range = range.into_iter().map(|value| parse(value)?.integer().and_then(|value| u64::try_from(value).ok()));
    let byte_range = range.collect::<Option<Vec<u64>>>().and_then(|range| <[u64; 4]>::try_from(range).ok());
    let Some(Object::String(contents)) = signature.get("Contents") else {
        return Err(malformed("no Contents"));
    };
    let sub_filter = match signature.get("SubFilter") {
        Some(Object::Name(name)) => String::from_utf8_lossy(&name).into_owned(),
        _ => return Err(malformed("no SubFilter")),
    };
    let signing_time = match signature.get("M") {
        Some(Object::String(time)) => Some(form::text_string(&time)),
        _ => None,
    };
    Ok(SignatureFacts {
        field_name,
        sub_filter,
        byte_range: byte_range.ok_or_else(|| malformed("ByteRange"))?,
        contents: without_padding(contents),
        signing_time,
    })
}

/// A DER value is as long as its header says; what follows is the placeholder's rest.
pub(crate) fn without_padding(mut contents: Vec<u8>) -> Vec<u8> {
    let length = match contents.get(1).copied() {
        Some(short @ 0..=0x7f) => Some(2 + usize::from(short)),
        Some(long @ 0x81..=0x84) => {
            let count = usize::from(long & 0x7f);
            contents.get(2..2 + count).map(|bytes| 2 + count + bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte)))
        }
        _ => None,
    };
    contents.truncate(length.unwrap_or(contents.len()));
    contents
}

/// The claim in the XMP metadata, as attribute or as element.
pub(crate) fn pdfa_claim(file: &File<'_>) -> Result<Option<PdfaClaim>, Refusal> {
    let (root, catalog) = file.catalog()?;
    let metadata = dictionary(&catalog, root)?.get("Metadata").and_then(|metadata| metadata.reference());
    let Some(metadata) = metadata else {
        return Ok(None);
    };
    let metadata = file.stream(metadata)?;
    let part = xmp_value(&metadata, b"pdfaid:part").and_then(|part| part.to_digit(10)).and_then(|part| u8::try_from(part).ok());
    Ok(part.map(|part| PdfaClaim { part, conformance: xmp_value(&metadata, b"pdfaid:conformance") }))
}

fn xmp_value(xmp: &[u8], name: &[u8]) -> Option<char> {
    let at = xmp.windows(name.len()).position(|window| window == name)? + name.len();
    let value = xmp.get(at..)?.iter().find(|byte| !matches!(byte, b'=' | b'"' | b'\'' | b'>') && !byte.is_ascii_whitespace())?;
    value.is_ascii_alphanumeric().then(|| char::from(*value))
}
