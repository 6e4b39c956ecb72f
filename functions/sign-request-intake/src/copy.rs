use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sigill_core::use_case::Intake;
use sigill_paper::{NoCopy, copy as make};
use sigill_web::language;
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;
use sigill_web::text::Text;

use crate::authorize::own_request;
use crate::documents::{bytes, numbered};

/// `GET /v1/sign-requests/{id}/documents/{number}/copy`: what can be published, without personal identity numbers of the
/// signers; its note in the language of the request or of `?lang=`.
pub async fn copy(
    State(intake): State<Intake>,
    context: Context,
    headers: HeaderMap,
    Path((id, number)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let made = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        let document = numbered(&request, &number)?;
        let original = bytes(&intake, &request, &document.original).await?;
        let text = Text(query.as_deref().and_then(language::asked).unwrap_or(request.language));
        let copy = make(document, original, &request, &intake.municipality, text).map_err(problem)?;
        Ok(([(CONTENT_TYPE, "application/pdf")], copy).into_response())
    };
    made.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}

fn problem(error: NoCopy) -> Problem {
    match error {
        NoCopy::NotCompleted => Problem::new(Kind::NotSignedYet, "The copy is there when everybody has signed."),
        NoCopy::SignedBefore => {
            let detail = "The document came with signatures, whose certificates may hold personal identity numbers.";
            Problem::new(Kind::NoCopy, detail).reason("signed_before")
        }
        NoCopy::Document(refusal) => Problem::new(Kind::NoCopy, refusal.to_string()).reason(refusal.code()),
    }
}
