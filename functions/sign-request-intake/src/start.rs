use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use sigill_core::use_case::{Intake, begin};
use sigill_web::problem::Problem;
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::authorize::own_request;
use crate::create::{answer, problem};

/// `POST /v1/sign-requests/{id}/start`: every document is uploaded.
pub async fn start(State(intake): State<Intake>, context: Context, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let started = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        let received = begin(&intake, request).await.map_err(|error| problem(error, &intake, context.text()))?;
        Ok(Json(answer(received, requester.bearer, &intake, context.text())).into_response())
    };
    started.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}
