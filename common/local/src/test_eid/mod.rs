//! An OpenID Provider for trying out and testing, with the OIDC Sweden signature extension 1.1: it verifies signed
//! request objects, PKCE and `private_key_jwt` as a real one does. Its persons are Skatteverket's test numbers.

mod authorize;
mod claims;
mod pages;
mod persons;
mod token;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Json};
use axum::routing::{get, post};
use serde_json::{Value, json};
use sigill_core::ports::{Clock, KeyError, Random, SigningKey};
use url::Url;

pub use persons::{TestPerson, test_persons};

/// What the provider is made of.
pub struct TestEidParameters {
    /// Issuer identifier; all endpoints lie below it.
    pub issuer: Url,
    /// Signs ID tokens.
    pub key: Arc<dyn SigningKey>,
    /// The one client it knows.
    pub client: TestClient,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Codes and transaction names.
    pub random: Arc<dyn Random>,
}

/// A registered client.
pub struct TestClient {
    /// `client_id`.
    pub id: String,
    /// How its name is shown.
    pub name: String,
    /// Its keys (JWK Set).
    pub keys: Value,
    /// Exactly these.
    pub redirect_uris: Vec<Url>,
}

/// The provider. Its transactions live as long as the process.
pub struct TestEid {
    parameters: TestEidParameters,
    state: Mutex<Transactions>,
}

#[derive(Default)]
struct Transactions {
    /// Authorization requests that wait for the person, by their page's name.
    waiting: HashMap<String, claims::AuthorizationClaims>,
    /// Codes that wait for the client.
    codes: HashMap<String, token::Grant>,
    /// `jti`s of request objects and client assertions: each counts once.
    spent: HashSet<String>,
}

impl TestEid {
    /// A provider without transactions.
    pub fn new(parameters: TestEidParameters) -> Self {
        Self { parameters, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, Transactions> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn issuer(&self) -> &str {
        self.parameters.issuer.as_str()
    }

    fn now(&self) -> i64 {
        self.parameters.clock.now().as_second()
    }

    fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.parameters.random.fill(&mut bytes);
        sigill_core::ids::hex(&bytes)
    }

    /// An ID token as `person`'s approval of whatever `nonce` stands for gives it, without pages: for the command line.
    pub async fn approve(&self, person: &'static TestPerson, nonce: &str) -> Option<String> {
        token::id_token(self, &token::Approval { nonce, person, authenticated: self.now() }).await
    }

    /// Its keys (JWK Set).
    pub async fn keys(&self) -> Result<Value, KeyError> {
        let key = sigill_core::jose::public_jwk(&self.parameters.key.public_key().await?)?;
        Ok(json!({ "keys": [key] }))
    }
}

/// Everything below the issuer.
pub fn router(provider: Arc<TestEid>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/jwks", get(keys))
        .route("/authorize", get(authorize::by_query).post(authorize::by_form))
        .route("/decide", post(authorize::decide))
        .route("/token", post(token::token))
        .route("/style.css", get(pages::style))
        .with_state(provider)
}

async fn keys(State(provider): State<Arc<TestEid>>) -> impl IntoResponse {
    match provider.keys().await {
        Ok(keys) => Json(keys).into_response(),
        Err(_) => axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// OpenID Connect Discovery 1.0, and the flags of OIDC Sweden.
async fn configuration(State(provider): State<Arc<TestEid>>) -> Json<Value> {
    use sigill_core::eid::oidc::{NATURAL_PERSON_INFO, NATURAL_PERSON_NUMBER, SIGN_APPROVAL, SIGN_REQUEST};
    let issuer = provider.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", SIGN_APPROVAL, NATURAL_PERSON_NUMBER, NATURAL_PERSON_INFO],
        "acr_values_supported": [claims::LEVEL],
        "id_token_signing_alg_values_supported": ["ES256"],
        "request_object_signing_alg_values_supported": ["ES256"],
        "request_parameter_supported": true,
        "request_uri_parameter_supported": false,
        "require_signed_request_object": true,
        "claims_parameter_supported": true,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": ["sv", "en"],
        SIGN_REQUEST: true,
    }))
}
