//! That a signature covers its revision and nothing but its own place (ISO 32000-2, 12.8.1): by position, not by length.

use ring::digest::{Algorithm, Context, SHA256};

use super::facts::{Code, Fault};
use super::stage::Stage;
use crate::digest::Digest;
use crate::reader::syntax::{Object, parse};
use crate::reader::{Document, Entry, Located, dictionary};

/// The bytes that a signature covers: `0..first` and `second..end`.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    pub first: usize,
    pub second: usize,
    pub end: usize,
}

/// What is hashed at once of a document that is not in memory.
const PIECE: usize = 256 * 1024;

/// What a signature that came with `stage` covers; `number` is its dictionary.
pub fn covered(stage: &Stage<'_>, number: u32, byte_range: [u64; 4], cms: &[u8]) -> Result<Covered, Fault> {
    let wrong = |what: &str| Fault::new(Code::ByteRange, what).of_object(number);
    let [zero, first, second, length] = byte_range.map(|value| usize::try_from(value).unwrap_or(usize::MAX));
    let end = second.checked_add(length).filter(|end| zero == 0 && first < second && *end <= stage.file.document.len());
    let end = end.ok_or_else(|| wrong("it lies outside the file"))?;
    match stage.entry(number) {
        Ok(Entry::At { offset, .. }) if offset >= stage.revision.start => {}
        _ => return Err(wrong("the signature dictionary is not in its own revision")),
    }
    let located = stage.file.located(number).map_err(|error| wrong(&error.to_string()))?;
    let Located { source, start } = located.ok_or_else(|| wrong("the signature dictionary is not where it is listed"))?;
    let dictionary = dictionary(&source, number).map_err(|error| wrong(&error.to_string()))?;
    let contents = dictionary.source("Contents").ok_or_else(|| wrong("no Contents"))?;
    if position(&source, contents).map(|(from, to)| (start + from, start + to)) != Some((first, second)) {
        return Err(wrong("the gap is not exactly the Contents of this signature"));
    }
    let digits = contents.strip_prefix(b"<").and_then(|contents| contents.strip_suffix(b">")).unwrap_or_default();
    if digits.is_empty() || digits.len() % 2 == 1 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(wrong("Contents is not a plain hexadecimal string"));
    }
    if end != stage.revision.marker && end != stage.revision.end {
        return Err(Fault::new(Code::RangeEnd, "the covered bytes do not end where the revision ends").of_object(number));
    }
    match parse(contents) {
        Some(Object::String(padded)) if padded.iter().skip(cms.len()).all(|byte| *byte == 0) => Ok(Covered { first, second, end }),
        _ => Err(Fault::new(Code::TrailingContents, "something follows the CMS").of_object(number)),
    }
}

/// Where `part` lies in `whole`, when it is a part of it and not a copy.
fn position(whole: &[u8], part: &[u8]) -> Option<(usize, usize)> {
    let from = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let to = from.checked_add(part.len()).filter(|to| *to <= whole.len())?;
    Some((from, to))
}

/// Hashes the file once, and every covered part on the way.
pub struct Hashes<'a> {
    pdf: Document<'a>,
    context: Context,
    at: usize,
}

impl<'a> Hashes<'a> {
    pub fn of(pdf: Document<'a>) -> Self {
        Self { pdf, context: Context::new(&SHA256), at: 0 }
    }

    /// The digest of the covered bytes. Signatures of later revisions go on from earlier ones.
    pub fn digest(&mut self, algorithm: &'static Algorithm, covered: &Covered) -> Vec<u8> {
        let mut context = if algorithm == &SHA256 && covered.first >= self.at {
            hash(&mut self.context, &self.pdf, self.at, covered.first);
            self.at = covered.first;
            self.context.clone()
        } else {
            let mut context = Context::new(algorithm);
            hash(&mut context, &self.pdf, 0, covered.first);
            context
        };
        hash(&mut context, &self.pdf, covered.second, covered.end);
        context.finish().as_ref().to_vec()
    }

    /// The digest of the whole.
    pub fn whole(mut self) -> Digest {
        hash(&mut self.context, &self.pdf, self.at, self.pdf.len());
        Digest::from_ring(&self.context.finish())
    }
}

/// Hashes the bytes `from..to`, piece by piece. What can't be read is left out, and no digest fits.
fn hash(context: &mut Context, pdf: &Document<'_>, mut from: usize, to: usize) {
    while from < to {
        let Ok(piece) = pdf.window(from, PIECE.min(to - from)) else { return };
        let piece = piece.get(..piece.len().min(to - from)).unwrap_or_default();
        if piece.is_empty() {
            return;
        }
        context.update(piece);
        from += piece.len();
    }
}
