use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sigill_core::certificate::pem;
use sigill_core::use_case::Intake;
use sigill_web::problem::{Kind, Problem};
use sigill_web::reply::Context;

/// `GET /pki/root.pem`: the root that validators are to trust.
pub async fn root(State(intake): State<Intake>, context: Context) -> Response {
    match intake.root.root().await {
        Ok(Some(root)) => ([(CONTENT_TYPE, "application/x-pem-file")], pem(&root)).into_response(),
        Ok(None) => context.problem(&Problem::new(Kind::NotFound, "The root certificate is not issued yet.")),
        Err(error) => context.problem(&Problem::new(Kind::Unavailable, error.to_string())),
    }
}
