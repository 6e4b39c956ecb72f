//! A client configuration that answers from a list and remembers what was asked.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use serde_json::Value;

pub struct Replay {
    pub config: SdkConfig,
    client: StaticReplayClient,
}

/// What was asked.
pub struct Asked {
    pub method: String,
    pub uri: String,
    /// The last word of `X-Amz-Target`.
    pub operation: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Answers in this order: status, headers, body.
pub fn replay(answers: Vec<http::Response<Vec<u8>>>) -> Replay {
    let event = |answer: http::Response<Vec<u8>>| ReplayEvent::new(http::Request::new(SdkBody::empty()), answer.map(SdkBody::from));
    let client = StaticReplayClient::new(answers.into_iter().map(event).collect());
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-north-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("key", "secret", None, None, "test")))
        .sleep_impl(TokioSleep::new())
        .retry_config(RetryConfig::disabled())
        .http_client(client.clone())
        .build();
    Replay { config, client }
}

/// 200 with JSON.
pub fn json(body: Value) -> http::Response<Vec<u8>> {
    http::Response::new(body.to_string().into_bytes())
}

/// An error of a JSON service.
pub fn error(code: &str) -> http::Response<Vec<u8>> {
    error_with(code, serde_json::json!({}))
}

/// The same with further members.
pub fn error_with(code: &str, mut body: Value) -> http::Response<Vec<u8>> {
    body["__type"] = format!("com.amazonaws#{code}").into();
    body["message"] = "quotes what was sent: 189001019802".into();
    http::Response::builder().status(400).body(body.to_string().into_bytes()).unwrap()
}

impl Replay {
    pub fn asked(&self) -> Vec<Asked> {
        let asked = self.client.actual_requests().map(|request| {
            let headers: Vec<_> = request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            Asked {
                method: request.method().to_owned(),
                uri: request.uri().to_owned(),
                operation: target.rsplit('.').next().unwrap_or_default().to_owned(),
                headers,
                body: request.body().bytes().unwrap_or_default().to_vec(),
            }
        });
        asked.collect()
    }
}
