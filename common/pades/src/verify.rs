//! Our own check of a finished document: every ByteRange exact, every CMS right over it, the level computed.

use ring::digest;

use crate::cms::{self, CmsError, TimestampError};
use crate::digest::Digest;
use crate::form;
use crate::inspect::{SignatureFacts, facts};
use crate::level::BaselineLevel;
use crate::reader::syntax::Object;
use crate::reader::{Document, File, dictionary};
use crate::refusal::Refusal;

/// A signature that verifies. Whether its certificate is to be trusted is not judged here.
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    /// Fully qualified name of its field.
    pub field_name: String,
    /// DER.
    pub signer_certificate: Vec<u8>,
    /// All certificates in the CMS, DER.
    pub certificates: Vec<Vec<u8>>,
    /// /ByteRange.
    pub byte_range: [u64; 4],
    /// What it covers.
    pub coverage: Coverage,
    /// Time of its signature timestamp, unix seconds.
    pub timestamp: Option<i64>,
    /// All certificates in that timestamp, DER.
    pub timestamp_certificates: Vec<Vec<u8>>,
    /// The level it has reached.
    pub level: BaselineLevel,
}

/// How much of the file a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    WholeFile,
    /// A revision; others follow.
    Revision,
}

/// Why a document does not verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The structure is not sound.
    #[error(transparent)]
    Structure(#[from] Refusal),
    /// The ByteRange is not everything but exactly the /Contents of its own dictionary, up to the end of a revision.
    #[error("the ByteRange of {field} is not exact")]
    ByteRange {
        /// The field.
        field: String,
    },
    /// The CMS does not verify.
    #[error("the signature in {field} does not verify: {error}")]
    Cms {
        /// The field.
        field: String,
        /// Why.
        error: CmsError,
    },
    /// A timestamp does not verify.
    #[error("the timestamp in {field} does not verify: {error}")]
    Timestamp {
        /// The field.
        field: String,
        /// Why.
        error: TimestampError,
    },
}

/// A document timestamp that verifies.
#[derive(Clone, Debug)]
pub struct VerifiedTimestamp {
    /// Its time, unix seconds.
    pub time: i64,
    /// All certificates in it, DER.
    pub certificates: Vec<Vec<u8>>,
    /// /ByteRange.
    pub byte_range: [u64; 4],
}

/// What verification found.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// Signatures, in the order of their fields.
    pub signatures: Vec<VerifiedSignature>,
    /// Document timestamps, likewise.
    pub document_timestamps: Vec<VerifiedTimestamp>,
}

/// Verifies every signature of a document in memory; one that fails fails the document.
pub fn verify_signatures(pdf: &[u8]) -> Result<Vec<VerifiedSignature>, VerifyError> {
    Ok(verify(pdf)?.signatures)
}

/// Verifies every signature and document timestamp; one that fails fails the document.
pub fn verify<'a>(pdf: impl Into<Document<'a>>) -> Result<Verification, VerifyError> {
    let document = pdf.into();
    verify_from(&File::open(document)?, 0, &|algorithm, covered| read_and_hash(document, algorithm, covered))
}

/// Reads and hashes what is covered.
pub(crate) fn read_and_hash(document: Document<'_>, algorithm: &'static digest::Algorithm, covered: &Covered) -> Option<digest::Digest> {
    let mut context = digest::Context::new(algorithm);
    for (from, to) in [(0, covered.first), (covered.second, covered.end)] {
        document.pieces(from, to, |piece| context.update(piece)).ok()?;
    }
    Some(context.finish())
}

/// A ByteRange that was found exact: `0..first` and `second..end`.
pub(crate) struct Covered {
    pub first: usize,
    pub second: usize,
    pub end: usize,
}

/// Hashes covered bytes; `None` when it can't by this algorithm.
pub(crate) type Hash<'h> = dyn Fn(&'static digest::Algorithm, &Covered) -> Option<digest::Digest> + 'h;

/// Verifies the signatures and document timestamps whose dictionaries stand at byte `from` or behind it.
pub(crate) fn verify_from(file: &File<'_>, from: usize, hash: &Hash<'_>) -> Result<Verification, VerifyError> {
    let mut found = Verification::default();
    for field in form::fields(file)?.into_iter().filter(|field| field.signature) {
        let Some(value) = field.value else { continue };
        if from > 0 && file.position(value)?.is_none_or(|offset| offset < from) {
            continue;
        }
        let facts = facts(file, field.name, value)?;
        let covered = covered(file, &facts)?;
        if facts.sub_filter == "ETSI.RFC3161" {
            let failed = |error| VerifyError::Timestamp { field: facts.field_name.clone(), error };
            let imprint = hash(&digest::SHA256, &covered).ok_or_else(|| failed(CmsError::Algorithm.into()))?;
            let token = cms::read_token(&facts.contents, &Digest::from_ring(&imprint)).map_err(failed)?;
            let byte_range = facts.byte_range;
            found.document_timestamps.push(VerifiedTimestamp { time: token.gen_time, certificates: token.certificates, byte_range });
        } else {
            found.signatures.push(signature(file, facts, &covered, hash)?);
        }
    }
    let store = store_position(file)?;
    for signature in &mut found.signatures {
        let later = || found.document_timestamps.iter().filter(|stamp| stamp.byte_range[1] > signature.byte_range[2]);
        // It covers what stands before its end.
        let stored_before = |stamp: &VerifiedTimestamp| store.is_some_and(|at| (at as u64) < stamp.byte_range[2] + stamp.byte_range[3]);
        signature.level = match (signature.timestamp.is_some() || later().next().is_some(), store) {
            (false, _) => BaselineLevel::B,
            (true, None) => BaselineLevel::T,
            (true, Some(_)) if later().any(stored_before) => BaselineLevel::Lta,
            (true, Some(_)) => BaselineLevel::Lt,
        };
    }
    Ok(found)
}

fn signature(file: &File<'_>, facts: SignatureFacts, covered: &Covered, hash: &Hash<'_>) -> Result<VerifiedSignature, VerifyError> {
    let field = facts.field_name.clone();
    let hash = |algorithm| hash(algorithm, covered).map(|digest| digest.as_ref().to_vec());
    let cms = cms::verify::verify(&facts.contents, Some(&hash)).map_err(|error| VerifyError::Cms { field: field.clone(), error })?;
    let token = cms.timestamp.as_deref().map(|token| cms::read_token(token, &Digest::of(&cms.signature)));
    let token = token.transpose().map_err(|error| VerifyError::Timestamp { field, error })?;
    Ok(VerifiedSignature {
        field_name: facts.field_name,
        signer_certificate: cms.signer,
        certificates: cms.certificates,
        byte_range: facts.byte_range,
        coverage: if covered.end == file.document.len() { Coverage::WholeFile } else { Coverage::Revision },
        timestamp: token.as_ref().map(|token| token.gen_time),
        timestamp_certificates: token.map(|token| token.certificates).unwrap_or_default(),
        level: BaselineLevel::B,
    })
}

/// The covered bytes, when the gap is exactly this signature's /Contents and the end is the end of a revision.
fn covered(file: &File<'_>, facts: &SignatureFacts) -> Result<Covered, VerifyError> {
    let wrong = || VerifyError::ByteRange { field: facts.field_name.clone() };
    let [zero, first, second, length] = facts.byte_range.map(|value| usize::try_from(value).unwrap_or(usize::MAX));
    let end = second.checked_add(length).filter(|end| zero == 0 && *end <= file.document.len()).ok_or_else(wrong)?;
    let gap = file.document.range(first, second)?.ok_or_else(wrong)?;
    let hex_string = gap.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    let same = hex_string.is_some_and(|hex| holds(hex, &facts.contents));
    // The end-of-file marker and its line end.
    let last = file.document.range(end.saturating_sub(length.min(7)), end)?.ok_or_else(wrong)?;
    let trimmed = last.trim_ascii_end();
    if same && trimmed.ends_with(b"%%EOF") && last.len() - trimmed.len() <= 2 { Ok(Covered { first, second, end }) } else { Err(wrong()) }
}

/// Whether `hex` is hexadecimal digits alone that begin with `contents`.
fn holds(hex: &[u8], contents: &[u8]) -> bool {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let begins = hex.len() >= 2 * contents.len()
        && hex
            .chunks_exact(2)
            .zip(contents)
            .all(|(pair, byte)| digit(pair[0]).zip(digit(pair[1])) == Some((u32::from(byte >> 4), u32::from(byte & 15))));
    begins && hex.iter().all(u8::is_ascii_hexdigit)
}

/// Where the newest document security store is, when there is one.
fn store_position(file: &File<'_>) -> Result<Option<usize>, Refusal> {
    let (root, catalog) = file.catalog()?;
    match dictionary(&catalog, root)?.get("DSS") {
        None => Ok(None),
        Some(Object::Reference(number)) => file.position(number),
        Some(_) => file.position(root),
    }
}
