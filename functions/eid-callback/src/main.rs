//! `eid-callback` on AWS Lambda.

mod environment;

use std::sync::Arc;

use environment::Environment;
use sigill_aws::dynamodb::{DynamoLastToken, DynamoRequests};
use sigill_aws::lambda::{LambdaAssemblePades, LambdaSignDocumentHash};
use sigill_aws::s3::S3Documents;
use sigill_aws::secrets::{SecretKey, SecretsManager};
use sigill_aws::sqs::SqsQueue;
use sigill_aws::start::{Ended, Start, start};
use sigill_core::use_case::Coordination;
use sigill_machine::{SystemClock, SystemRandom};
use sigill_web::client::{Addresses, WebClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let (clock, secrets) = (Arc::new(SystemClock), Arc::new(SecretsManager::new(&config)));
    let documents = Arc::new(S3Documents::new(&config, environment.documents));
    let coordination = Coordination {
        municipality,
        store: Arc::new(DynamoRequests::new(&config, environment.table.clone(), clock.clone())),
        queue: Arc::new(SqsQueue::new(&config, environment.queue_url)),
        documents: documents.clone(),
        transfers: documents,
        assemble_pades: Arc::new(LambdaAssemblePades::new(&config, environment.assemble_pades)),
        sign_document_hash: Arc::new(LambdaSignDocumentHash::new(&config, environment.sign_document_hash)),
        last_token: Arc::new(DynamoLastToken::new(&config, environment.table.clone())),
        client_key: Arc::new(SecretKey::new(secrets.clone(), environment.client_key)),
        secrets,
        http: Arc::new(WebClient::new(Addresses::Public)?),
        clock,
        random: Arc::new(SystemRandom::default()),
    };
    lambda_http::run(metrics.measured(eid_callback::router(coordination))).await.map_err(Ended)
}
