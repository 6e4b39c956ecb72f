//! Whose sign request it is.

use sigill_core::ids::SignRequestId;
use sigill_core::sign_request::SignRequest;
use sigill_core::use_case::Intake;
use sigill_web::problem::{Kind, Problem};
use sigill_web::requester::Requester;

/// The requester's own request `id`; another's is as if it did not exist.
pub async fn own_request(intake: &Intake, requester: &Requester<'_>, id: &str) -> Result<SignRequest, Problem> {
    let missing = || Problem::new(Kind::NotFound, "There is no such sign request.");
    let id = SignRequestId::try_from(id.to_owned()).map_err(|_| missing())?;
    let stored = intake.store.load(&id).await.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?;
    let request = stored.map(|stored| stored.value).filter(|request| request.requester == requester.service.id);
    request.ok_or_else(missing)
}
