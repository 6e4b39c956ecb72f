use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::sign_request::InvalidTransition;
use sigill_core::use_case::{DeclineError, decline as decline_signature};
use sigill_web::security::is_own_form;

use crate::message::{Message, Origin};
use crate::visit::Visit;

#[derive(Deserialize)]
pub struct DeclineForm {
    token: String,
    reason: Option<String>,
}

/// `POST …/decline`.
pub async fn decline(Path((id, secret)): Path<(String, String)>, visit: Visit, form: Result<Form<DeclineForm>, FormRejection>) -> Response {
    let link = match visit.opened(&id, &secret).await {
        Ok(link) => link,
        Err(response) => return response,
    };
    let base = format!("/sign/{id}/{secret}");
    let message = |message| visit.message(message, Some(Origin { request: &link.request, base: &base }));
    let own = |form: &Form<DeclineForm>| is_own_form(&visit.coordination.municipality, &visit.headers, &form.token);
    let Some(Form(form)) = form.ok().filter(own) else {
        return message(Message::ForeignForm);
    };
    match decline_signature(&visit.coordination, &link, form.reason).await {
        Ok(()) => Redirect::to(&format!("{base}/result")).into_response(),
        Err(DeclineError::NotPossible(InvalidTransition::Busy)) => message(Message::Busy),
        Err(DeclineError::NotPossible(_)) => Redirect::to(&base).into_response(),
        Err(DeclineError::Unavailable(detail)) => {
            tracing::warn!(sign_request.id = %link.request.id, detail, "not declined");
            message(Message::Unavailable)
        }
    }
}
