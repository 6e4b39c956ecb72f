//! Making the next revision: everything but the CMS, whose place stays open.

use serde::{Deserialize, Serialize};

use crate::appearance::Appearance;
use crate::digest::{Digest, Hashed, MessageDigest};
use crate::dss::{self, ValidationMaterial};
use crate::field::{self, NewField, SignatureField, Signed, Target};
use crate::form::{self, Field, SignatureOrder};
use crate::geometry::Rect;
use crate::permission::Permissions;
use crate::placement::{self, MorePages, Places};
use crate::reader::pages::pages;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Document, File, dictionary};
use crate::refusal::Refusal;
use crate::writer::{Change, Revision, Update, text};

/// Where a signature shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Visibility {
    /// Nowhere.
    Invisible,
    /// In a free place on the last page; when it has none, on a signature page behind it.
    Automatic,
    /// On a page of their own behind the last one.
    SignaturePage,
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
    /// The field that is signed.
    pub field: SignatureField,
    /// Where new fields show.
    pub visibility: Visibility,
    /// What the signature says there.
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
    /// Digest over the ByteRange.
    pub digest: MessageDigest,
}

impl Prepared {
    /// What is to be signed: the digest over the ByteRange.
    pub fn document_digest(&self) -> MessageDigest {
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
    let file = File::open_strictly(pdf)?;
    let fields = form::fields(&file)?;
    if !fields.iter().any(Field::signed) {
        // What a reader would silently repair in the page tree breaks this signature when the next one comes.
        pages(&file)?;
    }
    let permissions = Permissions::read(&file, &fields)?;
    let target = Target::find(&fields, &parameters.field)?;
    let places = match &target {
        Target::Make { fields: new, .. } => {
            let more = if fields.iter().any(Field::signed) { MorePages::Forbidden } else { MorePages::Allowed };
            placement::places(&file, parameters.visibility, new.len(), more)?
        }
        Target::Fill(_) => Places::default(),
    };
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
    if let Some(reference) = field::permitted(&file, &permissions, &target, &places)? {
        entries.extend_from_slice(b"/Reference");
        entries.extend_from_slice(&reference);
    }
    let content = Content { appearance: parameters.appearance.as_ref(), material: None, entries };
    finish(&file, &fields, (&target, &places), content, parameters.contents_capacity)
}

/// Drafts a document timestamp (ISO 32000-2, 12.8.5): its /Contents is an RFC 3161 token over the ByteRange. Validation
/// material goes into the same revision, so that the timestamp covers it.
pub fn draft_document_timestamp<'a>(
    pdf: impl Into<Document<'a>>,
    material: Option<&ValidationMaterial>,
    contents_capacity: usize,
) -> Result<Draft, Refusal> {
    let file = File::open(pdf)?;
    let fields = form::fields(&file)?;
    let field = SignatureField::New(NewField { name: "Timestamp".to_owned(), label: "Timestamp".to_owned() });
    let entries = b"/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161".to_vec();
    let target = Target::find(&fields, &field)?;
    let places = placement::places(&file, Visibility::Invisible, 1, MorePages::Forbidden)?;
    finish(&file, &fields, (&target, &places), Content { appearance: None, material, entries }, contents_capacity)
}

/// What is written beside the field.
struct Content<'c> {
    appearance: Option<&'c Appearance>,
    material: Option<&'c ValidationMaterial>,
    /// Of the signature dictionary.
    entries: Vec<u8>,
}

/// Writes the field and the signature dictionary: its `entries`, and room for a CMS.
fn finish(
    file: &File<'_>,
    fields: &[Field],
    (target, places): (&Target, &Places),
    Content { appearance, material, entries }: Content<'_>,
    capacity: usize,
) -> Result<Draft, Refusal> {
    let order = if fields.iter().any(Field::signed) { SignatureOrder::Later } else { SignatureOrder::First };
    let mut revision = Revision::new(file);
    let value = revision.allocate();
    let mut catalog_changes = match target {
        Target::Make { fields, own } => {
            field::make(&mut revision, file, order, fields, places, &Signed { index: *own, value, appearance })?
        }
        Target::Fill(field) => field::fill(&mut revision, file, order, field, &Signed { index: 0, value, appearance })?,
    };
    if order == SignatureOrder::First {
        catalog_changes.extend(extensions(file)?);
    }
    if let Some(material) = material {
        catalog_changes.extend(dss::store(&mut revision, file, material)?);
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
    /// Fills in the ByteRange and hashes what it covers. `base` is the hash of the document that was drafted on, by the
    /// algorithm of the suite that is to sign ([`Hashed::by`]).
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
        Prepared { base_length: base.length(), base: base.digest(), before, capacity, after, byte_range, digest: covered.message_digest() }
    }
}
