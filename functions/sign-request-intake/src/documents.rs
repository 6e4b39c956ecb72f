use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use pades::Digest;
use sigill_core::ports::{Disposition, DocumentStoreError};
use sigill_core::sign_request::{Document, SignRequest, Status};
use sigill_core::use_case::{Fetched, Intake, fetch};
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::authorize::own_request;

/// `GET /v1/sign-requests/{id}/documents/{number}`: the bytes that came.
pub async fn original(
    State(intake): State<Intake>,
    context: Context,
    headers: HeaderMap,
    Path((id, number)): Path<(String, String)>,
) -> Response {
    let found = pdf(&intake, &headers, &id, &number, |_, document| Ok(document.original)).await;
    found.unwrap_or_else(|problem| context.problem(&problem))
}

/// `GET /v1/sign-requests/{id}/documents/{number}/signed`: with everybody's signature.
pub async fn signed(
    State(intake): State<Intake>,
    context: Context,
    headers: HeaderMap,
    Path((id, number)): Path<(String, String)>,
) -> Response {
    let found = pdf(&intake, &headers, &id, &number, |request, document| match request.status() {
        Status::Completed => Ok(document.current),
        _ => Err(Problem::new(Kind::NotSignedYet, "The signed document is there when everybody has signed.")),
    });
    found.await.unwrap_or_else(|problem| context.problem(&problem))
}

async fn pdf(
    intake: &Intake,
    headers: &HeaderMap,
    id: &str,
    number: &str,
    choose: impl Fn(&SignRequest, &Document) -> Result<Digest, Problem>,
) -> Result<Response, Problem> {
    let requester = requester(&intake.municipality, headers)?;
    let request = own_request(intake, &requester, id).await?;
    let document = numbered(&request, number)?;
    let digest = choose(&request, document)?;
    let places = (&*intake.documents, &*intake.transfers);
    let fetched = fetch(places, &request, (document, &digest), Disposition::Attachment, intake.clock.now());
    match fetched.await.map_err(not_to_be_had)? {
        Fetched::Here(bytes) => Ok(([(CONTENT_TYPE, "application/pdf")], bytes).into_response()),
        Fetched::Elsewhere(url) => Ok(Redirect::temporary(url.as_str()).into_response()),
    }
}

/// Document `number` of `request`, from 1.
pub fn numbered<'r>(request: &'r SignRequest, number: &str) -> Result<&'r Document, Problem> {
    let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let document = index.and_then(|index| request.documents.get(index));
    document.ok_or_else(|| Problem::new(Kind::NotFound, "There is no such document."))
}

/// The bytes of a document of `request`.
pub async fn bytes(intake: &Intake, request: &SignRequest, digest: &Digest) -> Result<Vec<u8>, Problem> {
    intake.documents.get(&request.id, digest).await.map_err(not_to_be_had)
}

fn not_to_be_had(error: DocumentStoreError) -> Problem {
    match error {
        DocumentStoreError::Missing(_) => Problem::new(Kind::NotFound, "The document is no longer kept."),
        other => Problem::new(Kind::Unavailable, other.to_string()),
    }
}
