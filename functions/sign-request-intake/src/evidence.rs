use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use sigill_core::use_case::{self, Intake};
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::authorize::own_request;

/// `GET /v1/sign-requests/{id}/evidence`: everything that proves what happened, to be archived by the e-service.
pub async fn evidence(State(intake): State<Intake>, context: Context, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let found = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        let package = use_case::evidence(&intake, &request).await;
        Ok(Json(package.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?).into_response())
    };
    found.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}
