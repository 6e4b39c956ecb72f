use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json, Response};
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::validation::Validation;

/// `POST /v1/validations`: a PDF in, a report out. Nothing is kept.
pub async fn validate(
    State(validation): State<Validation>,
    context: Context,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match try_validate(&validation, &headers, body).await {
        Ok(answer) => answer,
        Err(problem) => context.problem(&problem),
    }
}

async fn try_validate(validation: &Validation, headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Response, Problem> {
    requester(&validation.municipality, headers)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Not every client can name the kind of a file.
    if !matches!(content_type.split(';').next().map(str::trim), Some("application/pdf" | "application/octet-stream")) {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Content-Type must be application/pdf."));
    }
    let max_bytes = validation.municipality.limits.document_bytes;
    let pdf = body.ok().filter(|body| body.len() as u64 <= max_bytes);
    let pdf = pdf.ok_or_else(|| Problem::new(Kind::DocumentTooLarge, "The document is too large.").max_bytes(max_bytes))?;
    let report = validation.report(pdf).await.map_err(|detail| Problem::new(Kind::Unavailable, detail))?;
    Ok(Json(report).into_response())
}
