//! Our own check of a finished document: every ByteRange exact, every CMS right over it, the level computed.

use ring::digest;

use crate::cms::{self, CmsError, TimestampError};
use crate::digest::Digest;
use crate::inspect::{SignatureFacts, signatures};
use crate::level::BaselineLevel;
use crate::reader::lexer::{Object, parse};
use crate::reader::{File, dictionary};
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

/// Verifies every signature and document timestamp; one that fails fails the document.
pub fn verify_signatures(pdf: &[u8]) -> Result<Vec<VerifiedSignature>, VerifyError> {
    let file = File::open(pdf)?;
    let mut verified = Vec::new();
    let mut document_timestamps = Vec::new();
    for facts in signatures(&file)? {
        let ranges = ranges(pdf, &facts)?;
        if facts.sub_filter == "ETSI.RFC3161" {
            let imprint = Digest::from_ring(&hash(&digest::SHA256, &ranges));
            cms::token_time(&facts.contents, &imprint)
                .map_err(|error| VerifyError::Timestamp { field: facts.field_name.clone(), error })?;
            document_timestamps.push(facts.byte_range);
        } else {
            verified.push(signature(pdf, facts, &ranges)?);
        }
    }
    let store = has_store(&file)?;
    for signature in &mut verified {
        let later = document_timestamps.iter().any(|range| range[1] > signature.byte_range[2]);
        signature.level = match (signature.timestamp.is_some() || later, store, later) {
            (false, ..) => BaselineLevel::B,
            (true, false, _) => BaselineLevel::T,
            (true, true, false) => BaselineLevel::Lt,
            (true, true, true) => BaselineLevel::Lta,
        };
    }
    Ok(verified)
}

fn signature(pdf: &[u8], facts: SignatureFacts, ranges: &[&[u8]; 2]) -> Result<VerifiedSignature, VerifyError> {
    let field = facts.field_name.clone();
    let hash = |algorithm| hash(algorithm, ranges).as_ref().to_vec();
    let cms = cms::verify::verify(&facts.contents, Some(&hash)).map_err(|error| VerifyError::Cms { field: field.clone(), error })?;
    let timestamp = cms.timestamp.as_deref().map(|token| cms::token_time(token, &Digest::of(&cms.signature)));
    let end = facts.byte_range[2].saturating_add(facts.byte_range[3]);
    Ok(VerifiedSignature {
        field_name: facts.field_name,
        signer_certificate: cms.signer,
        certificates: cms.certificates,
        byte_range: facts.byte_range,
        coverage: if end == pdf.len() as u64 { Coverage::WholeFile } else { Coverage::Revision },
        timestamp: timestamp.transpose().map_err(|error| VerifyError::Timestamp { field, error })?,
        level: BaselineLevel::B,
    })
}

fn hash(algorithm: &'static digest::Algorithm, ranges: &[&[u8]; 2]) -> digest::Digest {
    let mut context = digest::Context::new(algorithm);
    ranges.iter().for_each(|range| context.update(range));
    context.finish()
}

/// The covered bytes, when the gap is exactly this signature's /Contents and the end is the end of a revision.
fn ranges<'a>(pdf: &'a [u8], facts: &SignatureFacts) -> Result<[&'a [u8]; 2], VerifyError> {
    let wrong = || VerifyError::ByteRange { field: facts.field_name.clone() };
    let [zero, first, second, length] = facts.byte_range.map(|value| usize::try_from(value).unwrap_or(usize::MAX));
    let end = second.checked_add(length).ok_or_else(wrong)?;
    let before = pdf.get(..first).filter(|_| zero == 0).ok_or_else(wrong)?;
    let gap = pdf.get(first..second).ok_or_else(wrong)?;
    let after = pdf.get(second..end).ok_or_else(wrong)?;
    let hex_string =
        gap.len() >= 2 && gap.starts_with(b"<") && gap.ends_with(b">") && gap[1..gap.len() - 1].iter().all(u8::is_ascii_hexdigit);
    let same = matches!(parse(gap), Some(Object::String(contents)) if hex_string && contents.starts_with(&facts.contents));
    let trimmed = after.trim_ascii_end();
    if same && trimmed.ends_with(b"%%EOF") && after.len() - trimmed.len() <= 2 { Ok([before, after]) } else { Err(wrong()) }
}

fn has_store(file: &File<'_>) -> Result<bool, Refusal> {
    let (root, catalog) = file.catalog()?;
    Ok(dictionary(&catalog, root)?.source("DSS").is_some())
}
