use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::use_case::{StartError, start as start_eid};
use sigill_web::security::{Cookie, is_own_form};

use crate::message::{Message, Origin};
use crate::visit::Visit;

/// As long as an e-ID step may take, seconds.
const SESSION_TIME: u32 = 900;

#[derive(Deserialize)]
pub struct StartForm {
    token: String,
    provider: String,
}

/// `POST …/start`: to the e-ID.
pub async fn start(Path((id, secret)): Path<(String, String)>, visit: Visit, form: Result<Form<StartForm>, FormRejection>) -> Response {
    let link = match visit.opened(&id, &secret).await {
        Ok(link) => link,
        Err(response) => return response,
    };
    let base = format!("/sign/{id}/{secret}");
    let municipality = &visit.coordination.municipality;
    let message = |message| visit.message(message, Some(Origin { request: &link.request, base: &base }));
    let Some(form) = form.ok().filter(|Form(form)| is_own_form(municipality, &visit.headers, &form.token)) else {
        return message(Message::ForeignForm);
    };
    match start_eid(&visit.coordination, &link, &form.provider, visit.language(Some(&link.request))).await {
        Ok(started) => {
            // The callback needs the way back to this page; the link itself is stored nowhere.
            let value = format!("{}.{secret}", started.session);
            let mut response = Redirect::to(started.redirect.as_str()).into_response();
            let cookie = Cookie::Session(&link.request.id).set(municipality, &value, SESSION_TIME);
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
            response
        }
        Err(StartError::NotReady(_) | StartError::Closed) => Redirect::to(&base).into_response(),
        Err(StartError::Busy) => message(Message::Busy),
        Err(StartError::UnknownProvider) => message(Message::Provider),
        Err(StartError::Refused { code }) => {
            tracing::warn!(sign_request.id = %link.request.id, code, "a document was refused at preparation");
            message(Message::Refused)
        }
        Err(StartError::Unavailable(detail)) => {
            tracing::warn!(sign_request.id = %link.request.id, detail, "the e-ID step did not start");
            message(Message::Unavailable)
        }
    }
}
