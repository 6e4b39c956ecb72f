use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::use_case::{Coordination, StartError, start as start_eid};
use sigill_web::security::{Cookie, is_own_form};

use crate::frame::LanguageQuery;
use crate::show::opened;
use crate::state::{Message, message};

/// As long as an e-ID step may take, seconds.
const SESSION_TIME: u32 = 900;

#[derive(Deserialize)]
pub struct StartForm {
    token: String,
    provider: String,
}

/// `POST …/start`: to the e-ID.
pub async fn start(
    State(coordination): State<Coordination>,
    Path((id, secret)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<StartForm>,
) -> Response {
    let (link, language) = match opened(&coordination, &id, &secret, LanguageQuery::default()).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let page = format!("/sign/{id}/{secret}");
    if !is_own_form(&coordination.municipality, &headers, &form.token) {
        return message(&coordination, language, Message::ForeignForm, Some(page));
    }
    match start_eid(&coordination, &link, &form.provider).await {
        Ok(started) => {
            // The callback needs the way back to this page; the link itself is stored nowhere.
            let value = format!("{}.{secret}", started.session);
            let mut response = Redirect::to(started.redirect.as_str()).into_response();
            let cookie = Cookie::Session.set(&coordination.municipality, &value, SESSION_TIME);
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            response
        }
        Err(StartError::NotReady(_)) => Redirect::to(&page).into_response(),
        Err(StartError::Busy) => message(&coordination, language, Message::Busy, Some(page)),
        Err(StartError::Closed) => Redirect::to(&page).into_response(),
        Err(StartError::UnknownProvider) => message(&coordination, language, Message::Provider, Some(page)),
        Err(StartError::Refused { code }) => {
            tracing::warn!(sign_request.id = %link.request.id, code, "a document was refused at preparation");
            message(&coordination, language, Message::Refused, None)
        }
        Err(StartError::Unavailable(detail)) => {
            tracing::warn!(sign_request.id = %link.request.id, detail, "the e-ID step did not start");
            message(&coordination, language, Message::Unavailable, Some(page))
        }
    }
}
