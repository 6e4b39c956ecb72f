//! Giving out a stored document: in the answer while it is small, else by an address of its own.

use jiff::Timestamp;
use pades::Digest;
use url::Url;

use crate::ports::{Disposition, DocumentStore, DocumentStoreError, Transfers};
use crate::sign_request::{Document, SignRequest};

/// The largest document that goes into an answer: AWS Lambda takes 6 MB, and base64 makes a third more of it.
pub const LARGEST_ANSWER: u64 = 4 << 20;

/// A document for somebody who may have it.
#[derive(Debug)]
pub enum Fetched {
    /// Its bytes.
    Here(Vec<u8>),
    /// Where they are for the next minutes.
    Elsewhere(Url),
}

/// `digest`, which is a state of `document`.
pub async fn fetch(
    (documents, transfers): (&dyn DocumentStore, &dyn Transfers),
    request: &SignRequest,
    (document, digest): (&Document, &Digest),
    disposition: Disposition,
    now: Timestamp,
) -> Result<Fetched, DocumentStoreError> {
    // Documents only grow, so no state of it is larger.
    if document.size <= LARGEST_ANSWER {
        documents.get(&request.id, digest).await.map(Fetched::Here)
    } else {
        transfers.download(&request.id, digest, disposition, now).await.map(Fetched::Elsewhere)
    }
}
