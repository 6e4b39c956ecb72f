//! The one document of a run: copied and hashed in one pass, then appended to. It is never held in memory, and OUT is
//! there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use pades::{Digest, Document, Growing, Hashed, Source};
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStore, DocumentStoreError, StoredDocument};
use sigill_machine::{FileSource, copy_hashed};

use crate::local::Failure;

/// A store of one document.
pub struct OneFile {
    stored: StoredDocument,
    /// The digest of the document as it came.
    pub digest: Digest,
    beside: PathBuf,
}

impl OneFile {
    /// Copies `input` beside `output`.
    pub fn copy(input: &Path, output: &Path) -> Result<Self, Failure> {
        let named = |error: io::Error| format!("{}: {error}", input.display());
        let source = Arc::new(File::open(input).and_then(FileSource::new).map_err(named)?);
        let mut beside = OsString::from(output);
        beside.push(".part");
        let mut to = File::create(&beside).map_err(|error| format!("{}: {error}", output.display()))?;
        let hashed = match source.in_memory() {
            Some(bytes) => to.write_all(bytes).map(|()| Hashed::of(bytes)),
            None => File::open(input).and_then(|from| copy_hashed(from, to)),
        };
        let hashed = hashed.map_err(named)?;
        let digest = hashed.digest();
        Ok(Self { stored: StoredDocument { source, hashed }, digest, beside: beside.into() })
    }

    /// To read it as it came.
    pub fn document(&self) -> Document<'_> {
        Document::ranged(&*self.stored.source)
    }

    /// Puts the finished document in its place.
    pub fn publish(&self, output: &Path) -> Result<(), Failure> {
        fs::rename(&self.beside, output).map_err(|error| format!("{}: {error}", output.display()).into())
    }
}

impl Drop for OneFile {
    fn drop(&mut self) {
        // Gone when it was published.
        let _ = fs::remove_file(&self.beside);
    }
}

#[async_trait]
impl DocumentStore for OneFile {
    async fn put(&self, _: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        Err(DocumentStoreError::Missing(Digest::of(bytes)))
    }

    async fn get(&self, _: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        Err(DocumentStoreError::Missing(*digest))
    }

    async fn open(&self, _: &SignRequestId, digest: &Digest) -> Result<StoredDocument, DocumentStoreError> {
        if *digest == self.digest { Ok(self.stored.clone()) } else { Err(DocumentStoreError::Missing(*digest)) }
    }

    async fn append(&self, _: &SignRequestId, _: &StoredDocument, grown: &Growing<'_>) -> Result<Digest, DocumentStoreError> {
        let append = || File::options().append(true).open(&self.beside)?.write_all(grown.appended());
        append().map_err(|error| DocumentStoreError::Unavailable(error.to_string()))?;
        Ok(grown.hashed().digest())
    }

    async fn forget(&self, _: &SignRequestId) -> Result<(), DocumentStoreError> {
        Ok(())
    }
}
