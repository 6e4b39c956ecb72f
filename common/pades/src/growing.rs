//! A document with revisions behind it that are not stored yet.

use std::io;

use ring::digest;

use crate::digest::Hashed;
use crate::reader::source::Source;
use crate::reader::{Document, File};
use crate::verify::{Covered, Verification, VerifyError, read_and_hash, verify_from};

/// A stored document and what is to be appended to it. The stored bytes are neither copied nor hashed again.
pub struct Growing<'a> {
    base: &'a dyn Source,
    base_hashed: Hashed,
    appended: Vec<u8>,
    hashed: Hashed,
}

impl<'a> Growing<'a> {
    /// Starts from `base`, all of which is `hashed`.
    pub fn new(base: &'a dyn Source, hashed: Hashed) -> Self {
        Self { base, base_hashed: hashed.clone(), appended: Vec::new(), hashed }
    }

    /// Appends a revision.
    pub fn append(&mut self, update: &[u8]) {
        self.appended.extend_from_slice(update);
        self.hashed.update(update);
    }

    /// All revisions appended so far.
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// To read it as one document.
    pub fn document(&self) -> Document<'_> {
        self.base.in_memory().map_or_else(|| Document::ranged(self), |base| Document::grown(base, &self.appended))
    }

    /// The hash of the whole.
    pub fn hashed(&self) -> &Hashed {
        &self.hashed
    }

    /// Reads the finished document with our own reader and verifies every signature and document timestamp that was
    /// appended, as [`crate::verify`] does for all of them. Only for another digest than SHA-256 is it hashed again.
    pub fn verify(&self) -> Result<Verification, VerifyError> {
        let from = usize::try_from(self.base_hashed.length()).unwrap_or(usize::MAX);
        let hash = |algorithm: &'static digest::Algorithm, covered: &Covered| {
            if algorithm != &digest::SHA256 {
                return read_and_hash(self.document(), algorithm, covered);
            }
            let tail = |first: usize, end: usize| self.appended.get(first.checked_sub(from)?..end.checked_sub(from)?);
            let mut hashed = self.base_hashed.clone();
            hashed.update(tail(from, covered.first)?);
            hashed.update(tail(covered.second, covered.end)?);
            Some(hashed.finish())
        };
        verify_from(&File::open(self.document())?, from, &hash)
    }
}

impl Source for Growing<'_> {
    fn length(&self) -> u64 {
        self.base_hashed.length() + self.appended.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let stored = self.base_hashed.length().saturating_sub(offset).min(buffer.len() as u64) as usize;
        let (from_base, from_appended) = buffer.split_at_mut(stored);
        if !from_base.is_empty() {
            self.base.read_at(offset, from_base)?;
        }
        let at = usize::try_from(offset.saturating_sub(self.base_hashed.length())).unwrap_or(usize::MAX);
        read_slice(&self.appended, at, from_appended)
    }
}

impl Source for Vec<u8> {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        read_slice(self, usize::try_from(offset).unwrap_or(usize::MAX), buffer)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(self)
    }
}

fn read_slice(bytes: &[u8], at: usize, buffer: &mut [u8]) -> io::Result<()> {
    let range = at.checked_add(buffer.len()).and_then(|end| bytes.get(at..end)).ok_or(io::ErrorKind::UnexpectedEof)?;
    buffer.copy_from_slice(range);
    Ok(())
}
