//! `assemble-pades` on AWS Lambda.

mod environment;

use std::sync::Arc;

use assemble_pades::handle;
use environment::Environment;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use sigill_aws::s3::S3Documents;
use sigill_aws::start::{Ended, Start, start};
use sigill_core::ports::AssembleCommand;
use sigill_core::use_case::Assembly;
use sigill_machine::{SystemClock, SystemRandom};
use sigill_web::client::{Addresses, WebClient};
use sigill_web::revocation::HttpRevocation;
use sigill_web::time_stamp::HttpTimeStamps;

// Documents in S3 are read by code that waits for them; the second thread brings them meanwhile.
#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> Result<(), Ended> {
    let Start { municipality, config, metrics } = start()?;
    let environment = Environment::from_env()?;
    let authorities = municipality.signature.time_stamp_authorities.clone();
    let lists = Arc::new(WebClient::new(Addresses::PublicUnencrypted)?);
    let assembly = &Assembly {
        documents: Arc::new(S3Documents::new(&config, environment.documents)),
        time_stamp_authority: Arc::new(HttpTimeStamps::new(
            authorities,
            municipality.signature.time_stamp_budget,
            Arc::new(WebClient::new(Addresses::Public)?),
        )),
        revocation: Arc::new(HttpRevocation::new(lists, Arc::new(SystemClock))),
        random: Arc::new(SystemRandom::default()),
        logo: municipality.visible_signature.logo.clone(),
        pre_sign_check: Some(municipality.pre_sign_check.clone()),
    };
    let answer = async |event: LambdaEvent<AssembleCommand>| Ok::<_, Error>(metrics.after(handle(assembly, event.payload).await));
    lambda_runtime::run(service_fn(answer)).await.map_err(Ended)
}
