//! `sign-request-intake` on AWS Lambda.

mod environment;
mod service_host;

use std::sync::Arc;

use environment::Environment;
use sigill_aws::dynamodb::{DynamoRequests, DynamoRoot};
use sigill_aws::s3::S3Documents;
use sigill_aws::start::{Ended, Start, start};
use sigill_core::use_case::Intake;
use sigill_machine::{SystemClock, SystemRandom};
use sigill_web::reply;

// Documents in S3 are read by code that waits for them; the second thread brings them meanwhile.
#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let clock = Arc::new(SystemClock);
    let requests = Arc::new(DynamoRequests::new(&config, environment.table.clone(), clock.clone()));
    let documents = Arc::new(S3Documents::new(&config, environment.documents));
    let intake = Intake {
        municipality,
        store: requests.clone(),
        index: requests,
        documents: documents.clone(),
        transfers: documents,
        root: Arc::new(DynamoRoot::new(&config, environment.table)),
        clock,
        random: Arc::new(SystemRandom::default()),
    };
    // The gateway sends here what no other function answers.
    let router = sign_request_intake::router(intake).fallback(reply::not_found);
    let router = service_host::confined(router, environment.service_host);
    lambda_http::run(metrics.measured(router)).await.map_err(Ended)
}
