//! `sign-request-intake` on AWS Lambda.

mod environment;

use std::sync::Arc;

use axum::middleware::map_response;
use axum::response::Response;
use environment::Environment;
use sigill_aws::dynamodb::{DynamoRequests, DynamoRoot};
use sigill_aws::s3::S3Documents;
use sigill_aws::start::{Ended, Start, start};
use sigill_core::use_case::Intake;
use sigill_machine::{SystemClock, SystemRandom};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let clock = Arc::new(SystemClock);
    let requests = Arc::new(DynamoRequests::new(&config, environment.table.clone(), clock.clone()));
    let intake = Intake {
        municipality,
        store: requests.clone(),
        index: requests,
        documents: Arc::new(S3Documents::new(&config, environment.documents)),
        root: Arc::new(DynamoRoot::new(&config, environment.table)),
        clock,
        random: Arc::new(SystemRandom::default()),
    };
    let flushed = map_response(move |response: Response| async move {
        metrics.flush();
        response
    });
    lambda_http::run(sign_request_intake::router(intake).layer(flushed)).await.map_err(Ended)
}
