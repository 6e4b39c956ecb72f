//! `eid-callback`: the signing pages and the way through the e-ID. It coordinates; documents are written and digests
//! signed by the functions that it calls.

mod callback;
mod client_keys;
mod decline;
mod documents;
mod message;
mod receipt;
mod show;
mod start;
mod state;
mod visit;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use sigill_core::use_case::Coordination;
use sigill_web::pages::{ICON, STYLE};

/// The pages' routes, and a page for every address that has none.
pub fn router(coordination: Coordination) -> Router {
    Router::new()
        .route("/sign/{id}/{secret}", get(show::page))
        .route("/sign/{id}/{secret}/result", get(show::page))
        .route("/sign/{id}/{secret}/documents/{number}", get(documents::open))
        .route("/sign/{id}/{secret}/documents/{number}/download", get(documents::download))
        .route("/sign/{id}/{secret}/receipt", get(receipt::receipt))
        .route("/sign/{id}/{secret}/start", post(start::start).get(show::page))
        .route("/sign/{id}/{secret}/decline", post(decline::decline).get(show::page))
        .route("/eid/jwks", get(client_keys::client_keys))
        .route("/eid/{provider}/callback", get(callback::callback))
        .route("/static/style.css", get(async || asset("text/css; charset=utf-8", STYLE)))
        .route("/static/icon.svg", get(async || asset("image/svg+xml", ICON)))
        // Where browsers look for it beside a PDF.
        .route("/favicon.ico", get(async || asset("image/svg+xml", ICON)))
        .fallback(message::not_found)
        .with_state(coordination)
}

fn asset(media_type: &'static str, content: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "public, max-age=3600")], content)
}
