//! The authorization endpoint: show who asks and what, let the person decide, send the browser back.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::Url;

use super::pages;
use super::token::Grant;
use super::{TestEid, claims, persons};

#[derive(Deserialize)]
pub struct AuthorizationRequest {
    request: String,
}

#[derive(Deserialize)]
pub struct Decision {
    transaction: String,
    action: Action,
    person: Option<String>,
    other: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Action {
    Approve,
    Cancel,
    /// Come back as somebody else, to try how the relying party takes it.
    ApproveAsOther,
}

pub async fn by_query(State(provider): State<Arc<TestEid>>, headers: HeaderMap, Query(request): Query<AuthorizationRequest>) -> Response {
    show(&provider, &headers, &request.request)
}

pub async fn by_form(State(provider): State<Arc<TestEid>>, headers: HeaderMap, Form(request): Form<AuthorizationRequest>) -> Response {
    show(&provider, &headers, &request.request)
}

fn show(provider: &TestEid, headers: &HeaderMap, object: &str) -> Response {
    match claims::read(provider, object) {
        Err(claims::Untrusted) => pages::refused(provider, headers),
        Ok(Err((redirect_uri, state, error))) => answer(provider, redirect_uri, &[("error", error), ("state", &state)]),
        Ok(Ok(claims)) => {
            let transaction = provider.token();
            let page = pages::decide(provider, &transaction, &claims);
            provider.state().waiting.insert(transaction, claims);
            page
        }
    }
}

pub async fn decide(State(provider): State<Arc<TestEid>>, headers: HeaderMap, Form(decision): Form<Decision>) -> Response {
    let Some(claims) = provider.state().waiting.remove(&decision.transaction) else {
        return pages::refused(&provider, &headers);
    };
    let (redirect_uri, state) = (claims.redirect_uri.clone(), claims.state.clone());
    let number = match decision.action {
        Action::Cancel => return answer(&provider, redirect_uri, &[("error", "access_denied"), ("state", &state)]),
        // A request that names a person is for that person; somebody else is refused before the message is approved.
        Action::Approve => claims.person().map(str::to_owned).or(decision.person),
        Action::ApproveAsOther => decision.other,
    };
    let Some(person) = number.as_deref().and_then(persons::by_number) else {
        return answer(&provider, redirect_uri, &[("error", "access_denied"), ("state", &state)]);
    };
    let code = provider.token();
    let grant = Grant { claims, person, authenticated: provider.now() };
    provider.state().codes.insert(code.clone(), grant);
    answer(&provider, redirect_uri, &[("code", &code), ("state", &state)])
}

/// Back to the client, with `iss` (RFC 9207).
fn answer(provider: &TestEid, mut redirect_uri: Url, parameters: &[(&str, &str)]) -> Response {
    redirect_uri.query_pairs_mut().extend_pairs(parameters).append_pair("iss", provider.issuer());
    Redirect::to(redirect_uri.as_str()).into_response()
}
