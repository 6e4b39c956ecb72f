//! Which e-service asks, by its bearer key.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sigill_core::config::{EService, Municipality};

use crate::problem::{Kind, Problem};

/// An e-service and the key that it presented.
pub struct Requester<'a> {
    /// The e-service.
    pub service: &'a EService,
    /// Its key.
    pub bearer: &'a str,
}

/// The e-service behind the request.
pub fn requester<'a>(municipality: &'a Municipality, headers: &'a HeaderMap) -> Result<Requester<'a>, Problem> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let services = municipality.e_services.values();
    let found = bearer.and_then(|bearer| {
        let mut services = services.filter(|service| service.keys.iter().any(|key| key.matches(bearer)));
        services.next().map(|service| Requester { service, bearer })
    });
    found.ok_or_else(|| Problem::new(Kind::Unauthorized, "Send the e-service's key as Authorization: Bearer."))
}
