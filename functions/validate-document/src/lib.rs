//! `validate-document`: what a signed PDF holds and whether it is sound, for e-services (`/v1/validations`) and for anyone
//! (`/validate`). It keeps no document and has no key.

mod api;
mod page;
mod validation;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use sigill_web::reply;
pub use validation::Validation;

/// What a form takes beside the document.
const FORM: u64 = 64 * 1024;

/// The routes.
pub fn router(validation: Validation) -> Router {
    let largest = usize::try_from(validation.municipality.limits.document_bytes.saturating_add(FORM)).unwrap_or(usize::MAX);
    let api = Router::new()
        .route("/v1/validations", post(api::validate))
        .method_not_allowed_fallback(reply::method_not_allowed)
        .layer(axum::middleware::from_fn(reply::trace));
    let page = Router::new().route("/validate", get(page::form).post(page::verdict));
    api.merge(page).layer(DefaultBodyLimit::max(largest)).with_state(validation)
}
