use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::sign_request::Language;
use sigill_core::use_case::{Answer, CallbackError, Coordination, callback as take_answer};
use sigill_web::security::Cookie;

use crate::state::{Message, message};

#[derive(Deserialize)]
pub struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /eid/{provider}/callback`: the browser comes back. The answer leads to a clean address.
pub async fn callback(
    State(coordination): State<Coordination>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    Query(query): Query<CallbackQuery>,
) -> Response {
    let cookie = Cookie::Session.read(&coordination.municipality, &headers);
    let (session, secret) = match cookie.as_deref().and_then(|cookie| cookie.split_once('.')) {
        Some((session, secret)) => (Some(session), Some(secret)),
        None => (None, None),
    };
    let state = query.state.unwrap_or_default();
    let id = state.split('.').next().unwrap_or_default().to_owned();
    let known = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let back =
        secret.filter(|secret| known && secret.bytes().all(|byte| byte.is_ascii_hexdigit())).map(|secret| format!("/sign/{id}/{secret}"));
    let result = match (query.code, query.error) {
        (Some(code), None) => Ok(code),
        (_, error) => Err(error.unwrap_or_default()),
    };
    let language = language(&coordination, &id).await;
    let error = match take_answer(&coordination, &provider, Answer { state, iss: query.iss, result }, session).await {
        Ok(_) => {
            let target = back.as_deref().map_or_else(|| "/".to_owned(), |back| format!("{back}/result"));
            return Redirect::to(&target).into_response();
        }
        Err(error) => error,
    };
    let what = match error {
        CallbackError::UnknownTransaction => Message::UsedAnswer,
        CallbackError::OtherBrowser => Message::OtherBrowser,
        CallbackError::Cancelled => Message::Cancelled,
        CallbackError::Provider => Message::Provider,
        CallbackError::WrongPerson => Message::WrongPerson,
        CallbackError::Evidence(_) => Message::Evidence,
        CallbackError::Expired => Message::Ended,
        CallbackError::Unavailable(detail) => {
            tracing::warn!(sign_request.id = id, detail, "the answer was not finished");
            Message::Unavailable
        }
    };
    message(&coordination, language, what, back)
}

async fn language(coordination: &Coordination, id: &str) -> Language {
    let Ok(id) = id.to_owned().try_into() else { return Language::default() };
    coordination.store.load(&id).await.ok().flatten().map(|stored| stored.value.language).unwrap_or_default()
}
