//! Documents as files named by their digest, a folder for each sign request.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use async_trait::async_trait;
use pades::Digest;
use sigill_core::SignRequestId;
use sigill_core::ports::{DocumentStore, DocumentStoreError};

use crate::data_folder::write_whole;

/// A folder of documents.
#[derive(Clone, Debug)]
pub struct DirectoryDocuments(PathBuf);

impl DirectoryDocuments {
    /// Documents in `folder`, which exists.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn path(&self, request: &SignRequestId, digest: &Digest) -> PathBuf {
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
            Err(error) if error.kind() == ErrorKind::NotFound => Err(DocumentStoreError::Missing(*digest)),
            Err(error) => Err(DocumentStoreError::Unavailable(error.to_string())),
        }
    }

    async fn forget(&self, request: &SignRequestId) -> Result<(), DocumentStoreError> {
        match fs::remove_dir_all(self.0.join(request.as_str())) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(DocumentStoreError::Unavailable(error.to_string())),
            _ => Ok(()),
        }
    }
}
