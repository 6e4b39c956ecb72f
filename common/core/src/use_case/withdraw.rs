//! The e-service withdraws a request.

use super::{Intake, TransitionError, transition};
use crate::ids::SignRequestId;
use crate::sign_request::{Event, SignRequest};

/// Ends the request; idempotent. The sweep delivers the notification.
pub async fn withdraw(intake: &Intake, id: &SignRequestId) -> Result<SignRequest, TransitionError> {
    let (request, _) = transition(&*intake.store, &*intake.clock, id, &Event::Withdrawn).await?;
    tracing::info!(sign_request.id = %id, "withdrawn");
    Ok(request)
}
