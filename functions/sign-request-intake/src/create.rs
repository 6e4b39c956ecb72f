use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use sigill_core::use_case::{Intake, ReceiveError, Received, Violation, body_hash, receive};
use sigill_web::finding::words;
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;
use sigill_web::requester::requester;
use sigill_web::text::Text;

use crate::answer::{SignRequestAnswer, WarningAnswer};
use crate::body::CreateBody;

/// Longest idempotency key, in bytes.
const LONGEST_KEY: usize = 255;

/// `POST /v1/sign-requests`.
pub async fn create(State(intake): State<Intake>, context: Context, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    match try_create(&intake, &context, &headers, body).await {
        Ok(answer) => answer,
        Err(problem) => context.problem(&problem),
    }
}

async fn try_create(
    intake: &Intake,
    context: &Context,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let requester = requester(&intake.municipality, headers)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Content-Type must be application/json."));
    }
    let max_bytes = intake.municipality.limits.document_bytes;
    let body = body.map_err(|_| too_large("The body is too large.", max_bytes, intake))?;
    let parsed: CreateBody = serde_json::from_slice(&body).map_err(|error| malformed(&error))?;
    let new = parsed.decode().map_err(invalid)?;
    let idempotency = idempotency_key(headers)?.map(|key| (key, body_hash(&body)));
    let text = context.text();
    let received = receive(intake, requester.service, requester.bearer, new, idempotency).await;
    let received = received.map_err(|error| problem(error, intake, text))?;
    let public_url = &intake.municipality.public_url;
    let request = &received.request;
    let location = public_url.join(&format!("/v1/sign-requests/{}", request.id)).map_or_else(|_| String::new(), String::from);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(answer(received, requester.bearer, intake, text))).into_response())
}

/// `received` as its sender is told.
pub fn answer(received: Received, bearer: &str, intake: &Intake, text: Text) -> SignRequestAnswer {
    let Received { request, warnings, uploads } = received;
    let warnings = warnings.iter().map(|(document, finding)| WarningAnswer::new(*document, finding, text)).collect();
    SignRequestAnswer::new(&request, bearer, &intake.municipality.public_url).with_warnings(warnings).with_uploads(uploads)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    let violation = || Violation { field: "Idempotency-Key".to_owned(), message: format!("must be 1 to {LONGEST_KEY} ASCII characters") };
    key.map(|key| Some(key.to_owned())).ok_or_else(|| invalid(vec![violation()]))
}

/// Tells where and what, but never the value: it may be a personal number.
fn malformed(error: &serde_json::Error) -> Problem {
    let what = match error.classify() {
        serde_json::error::Category::Data => "The JSON has an unknown, missing or wrongly typed field",
        _ => "The body is not JSON",
    };
    Problem::new(Kind::MalformedRequest, format!("{what} at line {}, column {}.", error.line(), error.column()))
}

fn invalid(violations: Vec<Violation>) -> Problem {
    Problem::new(Kind::InvalidRequest, "Mend the fields in violations.").violations(violations)
}

fn too_large(detail: &str, max_bytes: u64, intake: &Intake) -> Problem {
    let described = intake.municipality.public_url.join("/v1/openapi.json#/components/examples/CreateByUpload");
    let described = described.map_or_else(|_| String::new(), String::from);
    let problem = Problem::new(Kind::DocumentTooLarge, detail).max_bytes(max_bytes);
    problem.upload_instead(intake.municipality.limits.upload_bytes, described)
}

/// What is told when a request is not received or started.
pub fn problem(error: ReceiveError, intake: &Intake, text: Text) -> Problem {
    let violation = |document: usize, message: String| Violation { field: format!("documents[{document}].content"), message };
    match error {
        ReceiveError::Invalid(violations) => invalid(violations),
        ReceiveError::Document { document, reason, detail } => {
            let violation = violation(document, detail.clone());
            Problem::new(Kind::InvalidDocument, detail).reason(reason).violations(vec![violation])
        }
        ReceiveError::Unfit { document, findings } => {
            let violations: Vec<Violation> = findings.iter().map(|finding| violation(document, words(finding, text))).collect();
            let detail = violations.first().map_or_else(String::new, |first| first.message.clone());
            let reason = findings.first().map_or("", |finding| finding.code.code());
            Problem::new(Kind::InvalidDocument, detail).reason(reason).violations(violations)
        }
        ReceiveError::TooLarge { document, max_bytes } => {
            let violation = violation(document, format!("larger than {max_bytes} bytes"));
            too_large("A document is too large to be sent with the request.", max_bytes, intake).violations(vec![violation])
        }
        ReceiveError::UploadsTooLarge { max_bytes } => {
            Problem::new(Kind::DocumentTooLarge, "The documents are too large together.").max_bytes(max_bytes)
        }
        ReceiveError::NotUploaded(documents) => {
            let violations = documents.into_iter().map(|document| violation(document, "is not uploaded".to_owned())).collect();
            Problem::new(Kind::NotUploaded, "Upload every document, then start the request.").violations(violations)
        }
        ReceiveError::Ended => Problem::new(Kind::RequestEnded, "The sign request has ended, or its time to be started is over."),
        ReceiveError::Unknown => Problem::new(Kind::NotFound, "There is no such sign request."),
        ReceiveError::IdempotencyConflict => Problem::new(Kind::IdempotencyConflict, "Use a new Idempotency-Key for a new request."),
        ReceiveError::Unavailable(detail) => Problem::new(Kind::Unavailable, detail),
    }
}
