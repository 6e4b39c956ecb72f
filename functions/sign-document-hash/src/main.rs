//! `sign-document-hash` on AWS Lambda.

mod environment;

use std::sync::Arc;

use environment::Environment;
use lambda_runtime::{LambdaEvent, service_fn};
use sigill_aws::dynamodb::{DynamoJournal, DynamoRoot};
use sigill_aws::kms::{KmsKey, KmsOneTimeKeys, SigningRole};
use sigill_aws::start::{Ended, Start, start};
use sigill_core::config::OneTimeKeyCustody;
use sigill_core::ports::{OneTimeKeys, SigningCommand};
use sigill_core::use_case::Signing;
use sigill_machine::{SoftwareOneTimeKeys, SystemClock, SystemRandom};
use sigill_web::client::{Addresses, WebClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let one_time_keys: Arc<dyn OneTimeKeys> = match municipality.keys.one_time {
        OneTimeKeyCustody::Kms => Arc::new(KmsOneTimeKeys::new(&config, environment.stack, SigningRole::parse(&environment.role)?)),
        OneTimeKeyCustody::Memory => Arc::new(SoftwareOneTimeKeys::default()),
    };
    let signing = &Signing {
        root: Arc::new(DynamoRoot::new(&config, environment.table.clone())),
        ca_key: Arc::new(KmsKey::new(&config, environment.ca_key)),
        one_time_keys,
        journal: Arc::new(DynamoJournal::new(&config, environment.table, municipality.retention.after_end)),
        http: Arc::new(WebClient::new(Addresses::Public)?),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom::default()),
        municipality,
    };
    let answer = async |event: LambdaEvent<SigningCommand>| {
        Ok::<_, lambda_runtime::Error>(metrics.after(sign_document_hash::handle(signing, event.payload).await))
    };
    lambda_runtime::run(service_fn(answer)).await.map_err(Ended)
}
