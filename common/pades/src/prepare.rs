//! Making the next revision: everything but the CMS, whose place stays open.

use serde::{Deserialize, Serialize};

use crate::appearance::{self, Appearance};
use crate::digest::{Digest, Hashed};
use crate::form;
use crate::geometry::Rect;
use crate::inspect::{Permission, permission};
use crate::placement::{self, Placed};
use crate::reader::lexer::{Object, parse};
use crate::reader::pages::{Page, Wanted, page};
use crate::reader::{Document, File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision, Update, text};

/// Where a signature shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Visibility {
    /// Nowhere.
    Invisible,
    /// In a free place on the last page.
    Automatic,
    /// At a place in the page's own coordinates.
    At {
        /// From 1.
        page: usize,
        /// Points from the lower left.
        rect: Rect,
    },
}

/// What the signature dictionary and the field say.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureParameters {
    /// The field's name begins with this; a number makes it unique.
    pub field_name_hint: String,
    /// Where it shows.
    pub visibility: Visibility,
    /// What it says there.
    pub appearance: Option<Appearance>,
    /// /M, unix seconds.
    pub signing_time: i64,
    /// /Reason.
    pub reason: Option<String>,
    /// /Location.
    pub location: Option<String>,
    /// /ContactInfo.
    pub contact: Option<String>,
    /// /Name.
    pub signer_name: Option<String>,
    /// Bytes reserved for the CMS.
    pub contents_capacity: usize,
}

/// A prepared revision: a few kilobytes that can wait anywhere, never the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prepared {
    /// Bytes of the document that this is prepared on.
    pub base_length: u64,
    /// SHA-256 of them.
    pub base: Digest,
    /// The revision up to the hexadecimal string of /Contents.
    #[serde(with = "latin1")]
    pub before: Vec<u8>,
    /// Bytes reserved in that string.
    pub capacity: usize,
    /// The revision after it.
    #[serde(with = "latin1")]
    pub after: Vec<u8>,
    /// The four integers of /ByteRange.
    pub byte_range: [u64; 4],
    /// SHA-256 over the ByteRange.
    pub digest: Digest,
}

impl Prepared {
    /// What is to be signed: SHA-256 over the ByteRange.
    pub fn document_digest(&self) -> Digest {
        self.digest
    }
}

/// Mostly ASCII bytes as a JSON string, a byte a character: short and readable.
mod latin1 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.chars().map(|c| u8::try_from(u32::from(c)).map_err(|_| D::Error::custom("not a byte"))).collect()
    }
}

/// Prepares a signature on a document in memory: [`draft`] and [`Draft::close`] in one.
pub fn prepare(pdf: &[u8], parameters: &SignatureParameters) -> Result<Prepared, Refusal> {
    Ok(draft(pdf, parameters)?.close(&Hashed::of(pdf)))
}

/// Drafts a signature: field, widget, appearance and signature dictionary behind the untouched document. Only the
/// objects that this needs are read.
pub fn draft<'a>(pdf: impl Into<Document<'a>>, parameters: &SignatureParameters) -> Result<Draft, Refusal> {
    let file = File::open(pdf)?;
    if permission(&file)? == Permission::Forbidden {
        return Err(Refusal::SignatureForbidden);
    }
    let (page, placed) = place(&file, parameters.visibility)?;
    let mut revision = Revision::new(&file);
    let appearance = match (&placed, &parameters.appearance) {
        (Some(placed), Some(appearance)) => appearance::put(&mut revision, appearance, placed)?,
        _ => appearance::put_empty(&mut revision)?,
    };
    let rect = placed.map_or("[0 0 0 0]".to_owned(), |placed| rectangle(&placed.rect));
    let alternate = parameters.appearance.as_ref().map(|appearance| appearance.alternate.as_str());
    let field = Field { hint: &parameters.field_name_hint, alternate, rect: &rect, appearance, page };
    let mut entries = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached".to_vec();
    for (name, value) in [
        ("Name", &parameters.signer_name),
        ("Reason", &parameters.reason),
        ("Location", &parameters.location),
        ("ContactInfo", &parameters.contact),
    ] {
        if let Some(value) = value {
            entries.extend_from_slice(&text::name(name.as_bytes()));
            entries.extend_from_slice(&text::string(value));
        }
    }
    entries.extend_from_slice(format!("/M({})", text::date(parameters.signing_time)).as_bytes());
    finish(&file, revision, field, entries, parameters.contents_capacity)
}

/// Drafts a document timestamp (ISO 32000-2, 12.8.5): its /Contents is an RFC 3161 token over the ByteRange.
pub fn draft_document_timestamp<'a>(pdf: impl Into<Document<'a>>, contents_capacity: usize) -> Result<Draft, Refusal> {
    let file = File::open(pdf)?;
    let page = page(&file, Wanted::First)?.number;
    let mut revision = Revision::new(&file);
    let appearance = appearance::put_empty(&mut revision)?;
    let field = Field { hint: "Timestamp", alternate: None, rect: "[0 0 0 0]", appearance, page };
    let entries = b"/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161".to_vec();
    finish(&file, revision, field, entries, contents_capacity)
}

/// A new signature field that is its own widget.
struct Field<'a> {
    hint: &'a str,
    alternate: Option<&'a str>,
    rect: &'a str,
    appearance: u32,
    page: u32,
}

fn place(file: &File<'_>, visibility: Visibility) -> Result<(u32, Option<Placed>), Refusal> {
    match visibility {
        Visibility::Invisible => Ok((page(file, Wanted::First)?.number, None)),
        Visibility::Automatic => {
            let page = page(file, Wanted::Last)?;
            Ok((page.number, Some(placement::automatic(file, &page)?)))
        }
        Visibility::At { page: number, rect } => {
            let page: Page = page(file, Wanted::Number(number))?;
            Ok((page.number, Some(placement::at(&page, number, &rect)?)))
        }
    }
}

fn rectangle(rect: &Rect) -> String {
    let [left, bottom, right, top] = [rect.x, rect.y, rect.right(), rect.top()].map(text::number);
    format!("[{left} {bottom} {right} {top}]")
}

fn finish(file: &File<'_>, mut revision: Revision<'_, '_>, field: Field<'_>, entries: Vec<u8>, capacity: usize) -> Result<Draft, Refusal> {
    let fields = form::fields(file)?;
    let first = !fields.iter().any(|field| field.signature && field.value.is_some());
    let value = revision.allocate();
    let widget = revision.allocate();
    let mut body = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/F 132/Rect{}/P {} 0 R/V {value} 0 R/AP<</N {} 0 R>>/T",
        field.rect, field.page, field.appearance
    )
    .into_bytes();
    body.extend_from_slice(&text::string(&form::unique_name(&fields, field.hint)));
    if let Some(alternate) = field.alternate {
        body.extend_from_slice(b"/TU");
        body.extend_from_slice(&text::string(alternate));
    }
    body.extend_from_slice(b">>");
    revision.put(widget, body)?;

    let page_source = file.object(field.page)?;
    let page = dictionary(&page_source, field.page)?;
    if let Some(annotations) = form::add_to_array(&mut revision, file, &page, "Annots", &format!("{widget} 0 R"))? {
        revision.patch(field.page, &[("Annots", Some(annotations))])?;
    }
    let mut catalog_changes = form::add_field(&mut revision, file, widget, first)?;
    if first {
        catalog_changes.extend(extensions(file)?);
    }
    if !catalog_changes.is_empty() {
        revision.patch(file.catalog()?.0, &catalog_changes)?;
    }

    let mut before = b"<<".to_vec();
    before.extend_from_slice(&entries);
    before.extend_from_slice(BYTE_RANGE);
    before.extend_from_slice(b"/Contents ");
    revision.put_with_gap(value, before, 2 * capacity + 2, b">>".to_vec())?;
    Ok(Draft { base_length: file.document.len(), update: revision.finish(), capacity })
}

/// Room for numbers of ten digits; what they leave over becomes spaces behind the array.
const BYTE_RANGE: &[u8] = b"/ByteRange[0 0000000000 0000000000 0000000000]";

/// ESIC level 2 tells a reader of PDF 1.7 that ETSI.CAdES.detached may occur. Written with the first signature only:
/// later it would look like a change.
fn extensions(file: &File<'_>) -> Result<Option<Change<'static>>, Refusal> {
    let (root, source) = file.catalog()?;
    let catalog = dictionary(&source, root)?;
    let header = file.version.as_slice();
    let version = match catalog.get("Version") {
        Some(Object::Name(version)) if version.as_ref() > header => version.into_owned(),
        _ => header.to_vec(),
    };
    let ours = "/ESIC<</BaseVersion/1.7/ExtensionLevel 2>>";
    Ok(match catalog.source("Extensions") {
        _ if version != b"1.7" => None,
        None => Some(("Extensions", Some(format!("<<{ours}>>").into_bytes()))),
        Some(known) => match parse(known) {
            Some(Object::Dictionary(known)) if known.source("ESIC").is_none() => {
                let value = b"<</BaseVersion/1.7/ExtensionLevel 2>>".to_vec();
                Some(("Extensions", Some(crate::writer::patched(&known, &[("ESIC", Some(value))]))))
            }
            _ => None,
        },
    })
}

/// A revision that waits for the hash of what it stands on.
pub struct Draft {
    base_length: usize,
    update: Update,
    capacity: usize,
}

impl Draft {
    /// Fills in the ByteRange and hashes what it covers. `base` is the hash of the document that was drafted on.
    pub fn close(self, base: &Hashed) -> Prepared {
        let Self { base_length, update: Update { mut before, after }, capacity } = self;
        let gap_start = base_length + before.len();
        let gap_end = gap_start + 2 * capacity + 2;
        let byte_range = [0, gap_start as u64, gap_end as u64, after.len() as u64];
        let text = format!("/ByteRange[0 {gap_start} {gap_end} {}]", after.len());
        // The placeholder is the last thing before /Contents.
        if let Some(at) = before.windows(BYTE_RANGE.len()).rposition(|window| window == BYTE_RANGE) {
            let place = &mut before[at..at + BYTE_RANGE.len()];
            place.fill(b' ');
            place[..text.len()].copy_from_slice(text.as_bytes());
        }
        let mut covered = base.clone();
        covered.update(&before);
        covered.update(&after);
        Prepared { base_length: base.length(), base: base.digest(), before, capacity, after, byte_range, digest: covered.digest() }
    }
}
