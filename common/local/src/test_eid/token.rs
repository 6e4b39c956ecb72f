//! The token endpoint.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Json, Response};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};
use sigill_core::eid::oidc::{COORDINATION_NUMBER, PERSONAL_IDENTITY_NUMBER, code_challenge};
use sigill_core::ids::hex;
use sigill_core::jose::{self, Algorithm};

use super::TestEid;
use super::claims::{AuthorizationClaims, LEVEL};
use super::persons::TestPerson;

/// Life of a code, seconds.
const CODE_LIFE: i64 = 60;
/// Life of an ID token, seconds.
const TOKEN_LIFE: i64 = 300;
const SKEW: i64 = 60;

/// What a code stands for.
pub struct Grant {
    pub claims: AuthorizationClaims,
    pub person: &'static TestPerson,
    pub authenticated: i64,
}

/// What an ID token is made of.
pub struct Approval<'a> {
    pub nonce: &'a str,
    pub person: &'static TestPerson,
    pub authenticated: i64,
}

#[derive(Deserialize)]
pub struct TokenRequest {
    grant_type: String,
    code: String,
    code_verifier: String,
    redirect_uri: String,
    client_assertion_type: String,
    client_assertion: String,
}

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    jti: String,
}

pub async fn token(State(provider): State<Arc<TestEid>>, Form(request): Form<TokenRequest>) -> Response {
    match grant(&provider, &request) {
        Err((status, error)) => (status, [(CACHE_CONTROL, "no-store")], Json(json!({ "error": error }))).into_response(),
        Ok(grant) => {
            match id_token(&provider, &Approval { nonce: &grant.claims.nonce, person: grant.person, authenticated: grant.authenticated })
                .await
            {
                Some(id_token) => {
                    let body =
                        json!({ "id_token": id_token, "access_token": provider.token(), "token_type": "Bearer", "expires_in": TOKEN_LIFE });
                    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
                }
                None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    }
}

fn grant(provider: &TestEid, request: &TokenRequest) -> Result<Grant, (StatusCode, &'static str)> {
    authenticate(provider, request).ok_or((StatusCode::UNAUTHORIZED, "invalid_client"))?;
    if request.grant_type != "authorization_code" {
        return Err((StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    // A code is gone with its first use, right or wrong.
    let grant = provider.state().codes.remove(&request.code).ok_or((StatusCode::BAD_REQUEST, "invalid_grant"))?;
    let fits = grant.claims.redirect_uri.as_str() == request.redirect_uri
        && grant.claims.code_challenge == code_challenge(&request.code_verifier)
        && provider.now() <= grant.authenticated + CODE_LIFE;
    if fits { Ok(grant) } else { Err((StatusCode::BAD_REQUEST, "invalid_grant")) }
}

/// `private_key_jwt`, with the issuer as its only audience and each `jti` once.
fn authenticate(provider: &TestEid, request: &TokenRequest) -> Option<()> {
    let client = &provider.parameters.client;
    let keys = &client.keys;
    let assertion = jose::verify::<Assertion>(&request.client_assertion, keys, &[Algorithm::ES256]).ok()?.claims;
    let fits = request.client_assertion_type == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        && assertion.iss == client.id
        && assertion.sub == client.id
        && assertion.aud == provider.issuer()
        && provider.now() - SKEW <= assertion.exp;
    (fits && provider.state().spent.insert(assertion.jti)).then_some(())
}

pub async fn id_token(provider: &TestEid, approval: &Approval<'_>) -> Option<String> {
    let now = provider.now();
    let person = approval.person;
    let client = &provider.parameters.client.id;
    let number = if person.number.as_bytes()[6] >= b'6' { COORDINATION_NUMBER } else { PERSONAL_IDENTITY_NUMBER };
    // Pairwise, and never the number itself.
    let subject = digest(&SHA256, format!("{client} {} {}", person.number, provider.issuer()).as_bytes());
    let claims: Value = json!({
        "iss": provider.issuer(),
        "sub": hex(subject.as_ref()),
        "aud": client,
        "iat": now,
        "exp": now + TOKEN_LIFE,
        "auth_time": approval.authenticated,
        "nonce": approval.nonce,
        "acr": LEVEL,
        "jti": provider.token(),
        "txn": provider.token(),
        "name": person.name(),
        "given_name": person.given_name,
        "family_name": person.surname,
        number: person.number,
    });
    jose::sign(&*provider.parameters.key, "JWT", &claims).await.ok()
}
