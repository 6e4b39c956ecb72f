use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::{Digest, Source};
use url::Url;

use super::DocumentStoreError;
use crate::ids::SignRequestId;

/// How long an upload may begin after its address was told.
pub const UPLOAD_TIME: SignedDuration = SignedDuration::from_mins(15);
/// How long a download may begin after its address was told.
pub const DOWNLOAD_TIME: SignedDuration = SignedDuration::from_mins(5);

/// Documents that go between their sender or reader and the store directly, past this service, whose requests and
/// answers are small. Each address is good for one document and for minutes.
#[async_trait]
pub trait Transfers: Send + Sync {
    /// Where exactly the announced bytes can be uploaded, within [`UPLOAD_TIME`] of `now`.
    async fn upload(&self, request: &SignRequestId, document: &Announced, now: Timestamp) -> Result<Upload, DocumentStoreError>;

    /// What was uploaded, for reading in ranges: size and digest were checked when it came. `Missing` when nothing has.
    async fn uploaded(&self, request: &SignRequestId, document: &Announced) -> Result<Arc<dyn Source>, DocumentStoreError>;

    /// Where a stored document can be fetched, within [`DOWNLOAD_TIME`] of `now`. The address holds no file name.
    async fn download(
        &self,
        request: &SignRequestId,
        digest: &Digest,
        disposition: Disposition,
        now: Timestamp,
    ) -> Result<Url, DocumentStoreError>;
}

/// What is known of a document before it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: Digest,
}

/// How to upload one document: a PUT of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Where to.
    pub url: Url,
    /// Headers that must be sent along, Content-Length among them.
    pub headers: Vec<(String, String)>,
    /// It must have begun before.
    pub expires: Timestamp,
}

/// What a browser does with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Shows it.
    Inline,
    /// Saves it.
    Attachment,
}

impl Disposition {
    /// The word in Content-Disposition.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Attachment => "attachment",
        }
    }
}
