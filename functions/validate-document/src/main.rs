//! `validate-document` on AWS Lambda.

mod environment;

use std::sync::Arc;

use environment::Environment;
use sigill_aws::dynamodb::DynamoRoot;
use sigill_aws::start::{Ended, Start, start};
use sigill_machine::SystemClock;
use sigill_web::client::{Addresses, WebClient};
use sigill_web::revocation::HttpRevocation;
use validate_document::{Validation, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let clock = Arc::new(SystemClock);
    let validation = Validation {
        municipality,
        root: Arc::new(DynamoRoot::new(&config, environment.table)),
        // This CA certifies nothing but signers, whose certificates need no list.
        units: Vec::new(),
        revocation: Arc::new(HttpRevocation::new(Arc::new(WebClient::new(Addresses::PublicUnencrypted)?), clock.clone())),
        clock,
    };
    lambda_http::run(metrics.measured(router(validation))).await.map_err(Ended)
}
