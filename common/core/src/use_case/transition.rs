//! Read, advance, save; again when somebody else saved first.

use jiff::Timestamp;

use crate::ids::SignRequestId;
use crate::measure;
use crate::ports::{Clock, SignRequestStore, StoreError, Versioned};
use crate::sign_request::{Effect, Event, InvalidTransition, SignRequest, advance};

/// More than this many lost races in a row mean that something is wrong.
const ATTEMPTS: usize = 8;

/// Why an event did not take effect.
#[derive(Debug, thiserror::Error)]
pub enum TransitionError {
    /// No such request.
    #[error("no such sign request")]
    Unknown,
    /// The event does not fit the state.
    #[error(transparent)]
    Invalid(#[from] InvalidTransition),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies `event` to the stored request; gives the request as saved and the work that it asks for now.
pub async fn transition(
    store: &dyn SignRequestStore,
    clock: &dyn Clock,
    id: &SignRequestId,
    event: &Event,
) -> Result<(SignRequest, Vec<Effect>), TransitionError> {
    for _ in 0..ATTEMPTS {
        let current = store.load(id).await?.ok_or(TransitionError::Unknown)?;
        match apply(store, current, event, clock.now()).await {
            Err(TransitionError::Store(StoreError::Conflict)) => {}
            done => return done,
        }
    }
    Err(StoreError::Conflict.into())
}

async fn apply(
    store: &dyn SignRequestStore,
    current: Versioned<SignRequest>,
    event: &Event,
    now: Timestamp,
) -> Result<(SignRequest, Vec<Effect>), TransitionError> {
    let before = current.value.clone();
    let (value, effects) = advance(current.value, event.clone(), now)?;
    if value != before {
        store.save(&Versioned { value: value.clone(), version: current.version }).await?;
        measure::changed(&before, &value);
    }
    Ok((value, effects))
}
