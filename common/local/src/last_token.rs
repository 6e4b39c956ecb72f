//! The size of the last timestamp token, in a file.

use std::fs;
use std::path::PathBuf;

use async_trait::async_trait;
use sigill_core::ports::LastToken;

use crate::data_folder::{DataFolder, write_whole};

/// The size as decimal digits.
pub struct FileLastToken(PathBuf);

impl FileLastToken {
    /// In `folder`.
    pub fn new(folder: &DataFolder) -> Self {
        Self(folder.path().join("last-timestamp-token"))
    }
}

#[async_trait]
impl LastToken for FileLastToken {
    async fn bytes(&self) -> Option<usize> {
        fs::read_to_string(&self.0).ok()?.trim().parse().ok()
    }

    async fn keep(&self, bytes: usize) {
        if let Err(error) = write_whole(&self.0, format!("{bytes}\n").as_bytes()) {
            tracing::warn!(%error, "the size of the last timestamp token is not kept");
        }
    }
}
