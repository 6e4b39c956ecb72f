use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::SignRequestId;
use sigill_core::sign_request::SignRequest;
use sigill_core::use_case::{Answer, CallbackError, callback as take_answer};
use sigill_web::security::Cookie;

use crate::message::{Message, Origin};
use crate::visit::Visit;

#[derive(Default, Deserialize)]
pub struct CallbackQuery {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /eid/{provider}/callback`: the browser comes back. The answer leads to a clean address.
pub async fn callback(Path(provider): Path<String>, visit: Visit, query: Result<Query<CallbackQuery>, QueryRejection>) -> Response {
    let Query(CallbackQuery { state, code, error, iss }) = query.unwrap_or_default();
    let id = state.split('.').next().and_then(|id| SignRequestId::try_from(id.to_owned()).ok());
    let cookie = id.as_ref().and_then(|id| Cookie::Session(id).read(&visit.coordination.municipality, &visit.headers));
    let (session, secret) = cookie.as_deref().and_then(|cookie| cookie.split_once('.')).unzip();
    let origin = origin(&visit, id.as_ref(), secret).await;
    let result = match (code, error) {
        (Some(code), None) => Ok(code),
        (_, error) => Err(error.unwrap_or_default()),
    };
    let message = match take_answer(&visit.coordination, &provider, Answer { state, iss, result }, session).await {
        Ok(_) => match &origin {
            Some((_, base)) => return Redirect::to(&format!("{base}/result")).into_response(),
            None => Message::UsedAnswer,
        },
        Err(CallbackError::UnknownTransaction) => Message::UsedAnswer,
        Err(CallbackError::OtherBrowser) => Message::OtherBrowser,
        Err(CallbackError::Cancelled) => Message::Cancelled,
        Err(CallbackError::Provider) => Message::Provider,
        Err(CallbackError::WrongPerson) => Message::WrongPerson,
        Err(CallbackError::Evidence(_)) => Message::Evidence,
        Err(CallbackError::Expired) => Message::Ended,
        Err(CallbackError::Unavailable(detail)) => {
            tracing::warn!(sign_request.id = id.map(String::from), detail, "the answer was not finished");
            Message::Unavailable
        }
    };
    visit.message(message, origin.as_ref().map(|(request, base)| Origin { request, base }))
}

/// The page where this browser started. Only whoever holds the link's secret is told of it.
async fn origin(visit: &Visit, id: Option<&SignRequestId>, secret: Option<&str>) -> Option<(SignRequest, String)> {
    let (id, secret) = id.zip(secret)?;
    let request = visit.coordination.store.load(id).await.ok().flatten()?.value;
    request.signer_of(secret)?;
    let base = format!("/sign/{id}/{secret}");
    Some((request, base))
}
