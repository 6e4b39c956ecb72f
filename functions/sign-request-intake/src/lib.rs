//! `sign-request-intake`: the API for e-services (`/v1`). It stores documents and sign requests; it has no key.

mod answer;
mod authorize;
mod body;
mod copy;
mod create;
mod documents;
mod evidence;
mod information;
mod list;
mod receipt;
mod start;
mod trust;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
pub use body::CreateBody;
use sigill_core::use_case::Intake;
use sigill_web::reply;

/// The API's routes.
pub fn router(intake: Intake) -> Router {
    // Base64 takes a third more; the rest of the request is small.
    let limits = &intake.municipality.limits;
    let largest = limits.document_bytes.saturating_mul(limits.documents as u64).saturating_mul(4) / 3 + 1024 * 1024;
    Router::new()
        .route("/v1/sign-requests", get(list::list).post(create::create))
        .route("/v1/sign-requests/{id}", get(list::show).delete(list::withdraw))
        .route("/v1/sign-requests/{id}/start", post(start::start))
        .route("/v1/sign-requests/{id}/documents/{number}", get(documents::original))
        .route("/v1/sign-requests/{id}/documents/{number}/signed", get(documents::signed))
        .route("/v1/sign-requests/{id}/documents/{number}/copy", get(copy::copy))
        .route("/v1/sign-requests/{id}/evidence", get(evidence::evidence))
        .route("/v1/sign-requests/{id}/receipt", get(receipt::receipt))
        .route("/v1/api-info", get(information::api_info))
        .route("/v1/openapi.json", get(information::openapi))
        .route("/pki/root.pem", get(trust::root))
        .route("/health", get(information::health))
        .method_not_allowed_fallback(reply::method_not_allowed)
        .route("/v1/{*rest}", any(reply::not_found))
        .layer(DefaultBodyLimit::max(usize::try_from(largest).unwrap_or(usize::MAX)))
        .layer(axum::middleware::from_fn(reply::trace))
        .with_state(intake)
}
