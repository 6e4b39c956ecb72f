use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde_json::json;
use sigill_core::ports::Page;
use sigill_core::sign_request::InvalidTransition;
use sigill_core::use_case::{Intake, TransitionError, Violation, uploads, withdraw as withdraw_request};
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;

use crate::answer::SignRequestAnswer;
use crate::authorize::own_request;

/// Requests a page when nothing is said (DIGG's REST profile, FNS.08).
const PAGE: u32 = 20;
const LARGEST_PAGE: u32 = 100;

#[derive(Deserialize)]
pub struct Paging {
    limit: Option<String>,
    page: Option<String>,
}

/// `GET /v1/sign-requests`.
pub async fn list(
    State(intake): State<Intake>,
    context: Context,
    headers: HeaderMap,
    paging: Result<Query<Paging>, QueryRejection>,
) -> Response {
    let listed = async {
        let requester = requester(&intake.municipality, &headers)?;
        let Query(paging) = paging.map_err(|_| wrong("query", "each parameter may stand once"))?;
        let page = Page { number: number("page", paging.page, 1, u32::MAX)?, limit: number("limit", paging.limit, PAGE, LARGEST_PAGE)? };
        let found = intake.index.page(&requester.service.id, page).await;
        let (requests, total) = found.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?;
        let public_url = &intake.municipality.public_url;
        let answers: Vec<_> = requests.iter().map(|request| SignRequestAnswer::new(request, requester.bearer, public_url)).collect();
        let meta = json!({
            "page": page.number, "limit": page.limit, "count": answers.len(),
            "totalRecords": total, "totalPages": total.div_ceil(page.limit.into()),
        });
        Ok(Json(json!({ "signRequests": answers, "_meta": meta })).into_response())
    };
    listed.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}

fn number(field: &str, value: Option<String>, default: u32, largest: u32) -> Result<u32, Problem> {
    let Some(value) = value else { return Ok(default) };
    let number = value.parse().ok().filter(|number| (1..=largest).contains(number));
    number.ok_or_else(|| wrong(field, format!("must be a number from 1 to {largest}")))
}

fn wrong(field: &str, message: impl Into<String>) -> Problem {
    let violation = Violation { field: field.to_owned(), message: message.into() };
    Problem::new(Kind::InvalidRequest, "Mend the fields in violations.").violations(vec![violation])
}

/// `GET /v1/sign-requests/{id}`.
pub async fn show(State(intake): State<Intake>, context: Context, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let shown = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        let uploads = uploads(&intake, &request).await.map_err(|error| Problem::new(Kind::Unavailable, error.to_string()))?;
        let answer = SignRequestAnswer::new(&request, requester.bearer, &intake.municipality.public_url);
        Ok(Json(answer.with_uploads(uploads)).into_response())
    };
    shown.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}

/// `DELETE /v1/sign-requests/{id}`.
pub async fn withdraw(State(intake): State<Intake>, context: Context, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let withdrawn = async {
        let requester = requester(&intake.municipality, &headers)?;
        let request = own_request(&intake, &requester, &id).await?;
        withdraw_request(&intake, &request.id).await.map_err(problem)?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    withdrawn.await.unwrap_or_else(|problem: Problem| context.problem(&problem))
}

fn problem(error: TransitionError) -> Problem {
    match error {
        TransitionError::Invalid(InvalidTransition::SignatureOnItsWay) => {
            Problem::new(Kind::SignatureOnItsWay, "A signer has authenticated; the signature is being made.")
        }
        TransitionError::Invalid(_) => Problem::new(Kind::RequestEnded, "A sign request that has ended can't be withdrawn."),
        TransitionError::Unknown => Problem::new(Kind::NotFound, "There is no such sign request."),
        TransitionError::Store(error) => Problem::new(Kind::Unavailable, error.to_string()),
    }
}
