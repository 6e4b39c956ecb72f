use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigill_core::sign_request::InvalidTransition;
use sigill_core::use_case::{Coordination, DeclineError, decline as decline_signature};
use sigill_web::security::is_own_form;

use crate::frame::LanguageQuery;
use crate::show::opened;
use crate::state::{Message, message};

#[derive(Deserialize)]
pub struct DeclineForm {
    token: String,
    reason: Option<String>,
}

/// `POST …/decline`.
pub async fn decline(
    State(coordination): State<Coordination>,
    Path((id, secret)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<DeclineForm>,
) -> Response {
    let (link, language) = match opened(&coordination, &id, &secret, LanguageQuery::default()).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let page = format!("/sign/{id}/{secret}");
    if !is_own_form(&coordination.municipality, &headers, &form.token) {
        return message(&coordination, language, Message::ForeignForm, Some(page));
    }
    match decline_signature(&coordination, &link, form.reason).await {
        Ok(()) => Redirect::to(&format!("{page}/result")).into_response(),
        Err(DeclineError::NotPossible(InvalidTransition::Busy)) => message(&coordination, language, Message::Busy, Some(page)),
        Err(DeclineError::NotPossible(_)) => Redirect::to(&page).into_response(),
        Err(DeclineError::Unavailable(detail)) => {
            tracing::warn!(sign_request.id = %link.request.id, detail, "not declined");
            message(&coordination, language, Message::Unavailable, Some(page))
        }
    }
}
