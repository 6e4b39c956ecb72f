//! `finish-sign-requests` on AWS Lambda.

mod environment;

use std::sync::Arc;

use environment::Environment;
use finish_sign_requests::{Work, Worker};
use lambda_runtime::{LambdaEvent, service_fn};
use sigill_aws::dynamodb::{DynamoLastToken, DynamoRequests};
use sigill_aws::lambda::{LambdaAssemblePades, LambdaSignDocumentHash};
use sigill_aws::s3::S3Documents;
use sigill_aws::secrets::SecretsManager;
use sigill_aws::sqs::SqsQueue;
use sigill_aws::start::{Ended, Start, start};
use sigill_core::use_case::Finishing;
use sigill_machine::SystemClock;
use sigill_web::client::{Addresses, WebClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let clock = Arc::new(SystemClock);
    let requests = Arc::new(DynamoRequests::new(&config, environment.table.clone(), clock.clone()));
    let finishing = Finishing {
        municipality,
        store: requests.clone(),
        documents: Arc::new(S3Documents::new(&config, environment.documents)),
        assemble_pades: Arc::new(LambdaAssemblePades::new(&config, environment.assemble_pades)),
        sign_document_hash: Arc::new(LambdaSignDocumentHash::new(&config, environment.sign_document_hash)),
        last_token: Arc::new(DynamoLastToken::new(&config, environment.table.clone())),
        secrets: Arc::new(SecretsManager::new(&config)),
        http: Arc::new(WebClient::new(Addresses::Public)?),
        clock,
    };
    let worker = &Worker { finishing, index: requests, queue: Arc::new(SqsQueue::new(&config, environment.queue_url)) };
    let answer = async |event: LambdaEvent<Work>| Ok::<_, lambda_runtime::Error>(metrics.after(worker.handle(event.payload).await));
    lambda_runtime::run(service_fn(answer)).await.map_err(Ended)
}
