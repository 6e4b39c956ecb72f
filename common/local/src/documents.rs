//! Documents as files named by their digest.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use async_trait::async_trait;
use pades::Digest;
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

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.0.join(&name[..2]).join(name)
    }
}

#[async_trait]
impl DocumentStore for DirectoryDocuments {
    async fn put(&self, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        let digest = Digest::of(bytes);
        let path = self.path(&digest);
        if path.is_file() {
            return Ok(digest);
        }
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| write_whole(&path, bytes));
        written.map(|()| digest).map_err(|error| DocumentStoreError::Unavailable(error.to_string()))
    }

    async fn get(&self, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        match fs::read(self.path(digest)) {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(bytes),
            Ok(_) => Err(DocumentStoreError::Damaged(*digest)),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(DocumentStoreError::Missing(*digest)),
            Err(error) => Err(DocumentStoreError::Unavailable(error.to_string())),
        }
    }
}
