use async_trait::async_trait;

/// Outgoing HTTP to configured hosts: e-ID providers, timestamp authorities, callbacks.
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// One exchange, without redirects; bounded in time and in size of the answer.
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError>;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is not one this service may call (private, loopback, not https).
    #[error("the address is not allowed")]
    NotAllowed,
    /// The answer is larger than the limit.
    #[error("the answer is too large")]
    TooLarge,
    /// No connection or no answer in time; worth trying again.
    #[error("no answer: {0}")]
    Unreachable(String),
}
