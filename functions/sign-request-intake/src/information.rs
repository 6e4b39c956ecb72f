use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json};
use serde_json::json;
use sigill_core::use_case::Intake;

/// `GET /v1/api-info` (DIGG's REST profile, VER.06), with the digest of the live configuration.
pub async fn api_info(State(intake): State<Intake>) -> impl IntoResponse {
    Json(json!({
        "apiName": "sigill",
        "apiVersion": env!("CARGO_PKG_VERSION"),
        "apiReleased": "2026-11-24",
        "apiDocumentation": intake.municipality.public_url.join("/v1/openapi.json").map(String::from).unwrap_or_default(),
        "apiStatus": "beta",
        "municipality": intake.municipality.id,
        "configDigest": intake.municipality.digest,
    }))
}

/// `GET /v1/openapi.json`.
pub async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], include_str!("openapi.json"))
}

/// `GET /health`: the process answers.
pub async fn health() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}
