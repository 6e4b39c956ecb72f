//! Opening a signing link.

use super::{Coordination, Fetched, TransitionError, fetch, transition};
use crate::ids::SignRequestId;
use crate::ports::{Disposition, DocumentStoreError};
use crate::sign_request::{Document, Event, SignRequest};

/// An opened link: what the page shows, and for whom.
#[derive(Clone, Debug)]
pub struct OpenedLink {
    /// The request as it stands.
    pub request: SignRequest,
    /// Index of the signer whose link it is.
    pub signer: usize,
}

/// Why a link does not open.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No such link. Whether the request exists is not told.
    #[error("no such signing link")]
    Unknown,
    /// Worth trying again.
    #[error("the signing link can't be opened now: {0}")]
    Unavailable(String),
}

/// Opens the link and notes that it was.
pub async fn open(coordination: &Coordination, id: &str, secret: &str) -> Result<OpenedLink, LinkError> {
    let id = SignRequestId::try_from(id.to_owned()).map_err(|_| LinkError::Unknown)?;
    let stored = coordination.store.load(&id).await.map_err(|error| LinkError::Unavailable(error.to_string()))?;
    let signer = stored.and_then(|stored| stored.value.signer_of(secret)).ok_or(LinkError::Unknown)?;
    let now = coordination.clock.now();
    // Time may have ended the request since the last sweep; the page must say so.
    for event in [Event::ClockPassed, Event::Viewed { signer }] {
        transition(&*coordination.store, &*coordination.clock, &id, &event).await.map_err(unavailable)?;
    }
    let stored = coordination.store.load(&id).await.map_err(|error| LinkError::Unavailable(error.to_string()))?;
    let request = stored.ok_or(LinkError::Unknown)?.value;
    tracing::info!(sign_request.id = %id, signer, at = %now, "signing link opened");
    Ok(OpenedLink { request, signer })
}

/// Document `number` (from 1) as it stands: the bytes that the signer signs on top of.
pub async fn document(
    coordination: &Coordination,
    opened: &OpenedLink,
    number: usize,
    disposition: Disposition,
) -> Result<(Document, Fetched), LinkError> {
    let document = number.checked_sub(1).and_then(|index| opened.request.documents.get(index)).ok_or(LinkError::Unknown)?;
    let places = (&*coordination.documents, &*coordination.transfers);
    match fetch(places, &opened.request, (document, &document.current), disposition, coordination.clock.now()).await {
        Ok(fetched) => Ok((document.clone(), fetched)),
        Err(DocumentStoreError::Missing(_)) => Err(LinkError::Unknown),
        Err(error) => Err(LinkError::Unavailable(error.to_string())),
    }
}

fn unavailable(error: TransitionError) -> LinkError {
    match error {
        TransitionError::Unknown => LinkError::Unknown,
        other => LinkError::Unavailable(other.to_string()),
    }
}
