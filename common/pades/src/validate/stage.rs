//! The document as it was at the end of a revision.

use super::policy;
use super::revisions::Revision;
use crate::form::{self, Field};
use crate::reader::limits::Limits;
use crate::reader::{Document, Entry, File};
use crate::refusal::Refusal;

/// A revision, opened.
pub struct Stage<'a> {
    pub file: File<'a>,
    /// From 1.
    pub number: usize,
    pub revision: Revision,
    /// Every terminal field of the form.
    pub fields: Vec<Field>,
}

impl<'a> Stage<'a> {
    /// Opens revision `number` of `of` revisions.
    pub fn open(pdf: Document<'a>, revision: Revision, number: usize, of: usize) -> Result<Self, Refusal> {
        let pdf = pdf.first(revision.end);
        // Together the revisions cost what is meant for one document.
        let work = policy::LIMITS.work / of.max(1) as u64 + 8 * pdf.len() as u64;
        let file = File::open(pdf.limited(Limits { work, ..policy::LIMITS }))?;
        let fields = form::fields(&file)?;
        Ok(Self { file, number, revision, fields })
    }

    /// The entry of object `number`.
    pub fn entry(&self, number: u32) -> Result<Entry, Refusal> {
        self.file.entry(number)
    }

    /// What the cross-reference of this revision itself lists.
    pub fn listing(&self) -> Result<Vec<(u32, Entry)>, Refusal> {
        self.file.newest()
    }
}
