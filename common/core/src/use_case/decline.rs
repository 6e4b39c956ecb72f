//! A signer declines.

use super::{Coordination, OpenedLink, TransitionError, run, transition};
use crate::sign_request::{Event, InvalidTransition};

/// Longest reason kept, in characters.
const LONGEST_REASON: usize = 1_000;

/// Why nothing was declined.
#[derive(Debug, thiserror::Error)]
pub enum DeclineError {
    /// The state does not allow it.
    #[error(transparent)]
    NotPossible(#[from] InvalidTransition),
    /// Worth trying again.
    #[error("declining is not possible now: {0}")]
    Unavailable(String),
}

/// Declines for the signer of the link, and with that ends the request.
pub async fn decline(coordination: &Coordination, opened: &OpenedLink, reason: Option<String>) -> Result<(), DeclineError> {
    let reason = reason.map(|reason| reason.chars().take(LONGEST_REASON).collect::<String>()).filter(|reason| !reason.trim().is_empty());
    let event = Event::Declined { signer: opened.signer, reason };
    match transition(&*coordination.store, &*coordination.clock, &opened.request.id, &event).await {
        Ok(_) => {
            run(&coordination.finishing(), &opened.request.id).await;
            Ok(())
        }
        Err(TransitionError::Invalid(invalid)) => Err(invalid.into()),
        Err(other) => Err(DeclineError::Unavailable(other.to_string())),
    }
}
