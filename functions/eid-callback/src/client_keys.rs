use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;
use sigill_core::jose;
use sigill_core::use_case::Coordination;

/// `GET /eid/jwks`: the public key that signs our requests to e-ID providers, to be registered with them as `jwks_uri`
/// (OpenID Connect Dynamic Client Registration 1.0, section 2).
pub async fn client_keys(State(coordination): State<Coordination>) -> Response {
    let jwk = coordination.client_key.public_key().await.and_then(|spki| jose::public_jwk(&spki));
    match jwk {
        Ok(jwk) => ([(CACHE_CONTROL, "public, max-age=300")], Json(json!({ "keys": [jwk] }))).into_response(),
        Err(error) => {
            tracing::error!(%error, "the client key is not there");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
