//! One configuration for all clients, from what Lambda puts into the environment: no provider chain, no files, no
//! metadata service, and so nothing to wait for at start.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Builder, HttpClientError};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::environment::{EnvironmentError, optional, variable};
use crate::roots;

/// To a service in the same region.
const CONNECT: Duration = Duration::from_secs(2);
/// One try.
const ATTEMPT: Duration = Duration::from_secs(8);
/// All tries: what is left of the 30 s of an HTTP API is for everything else.
const OPERATION: Duration = Duration::from_secs(20);
/// Tries, the first one included.
const ATTEMPTS: u32 = 3;

/// Where AWS is and who asks.
pub struct Access {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`.
    pub key: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
    /// `AWS_SESSION_TOKEN`.
    pub session: Option<String>,
    /// `AWS_ENDPOINT_URL`: an emulator instead of AWS.
    pub endpoint: Option<String>,
}

impl Access {
    /// From the environment.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        Ok(Self {
            region: variable("AWS_REGION")?,
            key: variable("AWS_ACCESS_KEY_ID")?,
            secret: variable("AWS_SECRET_ACCESS_KEY")?,
            session: optional("AWS_SESSION_TOKEN")?,
            endpoint: optional("AWS_ENDPOINT_URL")?,
        })
    }
}

/// The configuration of every client.
pub fn sdk_config(access: Access) -> Result<SdkConfig, HttpClientError> {
    let credentials = Credentials::new(access.key, access.secret, access.session, None, "environment");
    let tls = TlsContext::builder().with_trust_store(roots::amazon()).build()?;
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls).build_https();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(access.region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .sleep_impl(TokioSleep::new())
        .timeout_config(
            TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build(),
        )
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
    config.set_endpoint_url(access.endpoint);
    Ok(config.build())
}
