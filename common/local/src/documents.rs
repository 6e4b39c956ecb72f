//! Documents as files named by their digest, a folder for each sign request.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use pades::{Digest, Growing};
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStore, DocumentStoreError, StoredDocument};
use sigill_machine::{FileSource, copy_hashed};

use crate::data_folder::{write_whole, write_with};

/// A folder of documents.
#[derive(Clone, Debug)]
pub struct DirectoryDocuments(PathBuf);

impl DirectoryDocuments {
    /// Documents in `folder`, which exists.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(crate) fn path(&self, request: &SignRequestId, digest: &Digest) -> PathBuf {
        self.0.join(request.as_str()).join(digest.to_string())
    }
}

#[async_trait]
impl DocumentStore for DirectoryDocuments {
    async fn put(&self, request: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        let digest = Digest::of(bytes);
        let path = self.path(request, &digest);
        if path.is_file() {
            return Ok(digest);
        }
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| write_whole(&path, bytes));
        written.map(|()| digest).map_err(|error| DocumentStoreError::Unavailable(error.to_string()))
    }

    async fn get(&self, request: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        match fs::read(self.path(request, digest)) {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(bytes),
            Ok(_) => Err(DocumentStoreError::Damaged(*digest)),
            Err(error) => Err(failed(digest, &error)),
        }
    }

    async fn open(&self, request: &SignRequestId, digest: &Digest) -> Result<StoredDocument, DocumentStoreError> {
        let open = || {
            let file = fs::File::open(self.path(request, digest))?;
            let hashed = copy_hashed(&file, io::sink())?;
            Ok(StoredDocument { source: Arc::new(FileSource::new(file)?), hashed })
        };
        let stored = open().map_err(|error| failed(digest, &error))?;
        if stored.hashed.digest() == *digest { Ok(stored) } else { Err(DocumentStoreError::Damaged(*digest)) }
    }

    async fn append(&self, request: &SignRequestId, document: &StoredDocument, grown: &Growing<'_>) -> Result<Digest, DocumentStoreError> {
        let (base, digest) = (document.hashed.digest(), grown.hashed().digest());
        let (from, to) = (self.path(request, &base), self.path(request, &digest));
        if to.is_file() {
            return Ok(digest);
        }
        let copied = write_with(&to, |file| {
            // The system copies by itself, without the bytes coming here.
            let copied = io::copy(&mut fs::File::open(&from)?, file)?;
            if copied != document.hashed.length() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            file.write_all(grown.appended())
        });
        copied.map(|()| digest).map_err(|error| failed(&base, &error))
    }

    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError> {
        match fs::remove_dir_all(self.0.join(request.as_str())) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(DocumentStoreError::Unavailable(error.to_string())),
            _ => Ok(()),
        }
    }
}

pub(crate) fn failed(digest: &Digest, error: &io::Error) -> DocumentStoreError {
    match error.kind() {
        ErrorKind::NotFound => DocumentStoreError::Missing(*digest),
        _ => DocumentStoreError::Unavailable(error.to_string()),
    }
}
