use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sigill_core::use_case::Intake;
use sigill_paper::NoReceipt;
use sigill_web::language;
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;
use sigill_web::text::Text;

use crate::authorize::own_request;

/// `GET /v1/sign-requests/{id}/receipt`: what was signed, by whom and how, in the language of the request or of `?lang=`.
pub async fn receipt(
    State(intake): State<Intake>,
    context: Context,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let made = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        let language = query.as_deref().and_then(language::asked).unwrap_or(request.language);
        let receipt = sigill_paper::receipt(&request, &intake.municipality, Text(language)).map_err(|error| match error {
            NoReceipt::NotCompleted => Problem::new(Kind::NotSignedYet, "The receipt is there when everybody has signed."),
            NoReceipt::NotMade(_) => Problem::new(Kind::Unavailable, error.to_string()),
        })?;
        Ok(([(CONTENT_TYPE, "application/pdf")], receipt).into_response())
    };
    made.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}
