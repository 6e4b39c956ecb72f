//! Which e-service asks, by its bearer key.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sigill_core::config::EService;
use sigill_core::ids::SignRequestId;
use sigill_core::sign_request::SignRequest;
use sigill_core::use_case::Intake;
use sigill_web::problem::{Kind, Problem};

/// An e-service and the key that it presented.
pub struct Requester<'a> {
    pub service: &'a EService,
    pub bearer: &'a str,
}

/// The e-service behind the request.
pub fn requester<'a>(intake: &'a Intake, headers: &'a HeaderMap) -> Result<Requester<'a>, Problem> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let services = intake.municipality.e_services.values();
    let found = bearer.and_then(|bearer| {
        let mut services = services.filter(|service| service.keys.iter().any(|key| key.matches(bearer)));
        services.next().map(|service| Requester { service, bearer })
    });
    found.ok_or_else(|| Problem::new(Kind::Unauthorized, "Send the e-service's key as Authorization: Bearer."))
}

/// The requester's own request `id`; another's is as if it did not exist.
pub async fn own_request(intake: &Intake, requester: &Requester<'_>, id: &str) -> Result<SignRequest, Problem> {
    let missing = || Problem::new(Kind::NotFound, "There is no such sign request.");
    let id = SignRequestId::try_from(id.to_owned()).map_err(|_| missing())?;
    let stored = intake.store.load(&id).await.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?;
    let request = stored.map(|stored| stored.value).filter(|request| request.requester == requester.service.id);
    request.ok_or_else(missing)
}
