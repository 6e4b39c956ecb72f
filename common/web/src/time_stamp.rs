//! Timestamp authorities over HTTP (RFC 3161, 3.4), tried in their order.

use std::sync::Arc;

use async_trait::async_trait;
use sigill_core::ports::{HttpClient, TimeStampAuthority, TimeStampError};
use url::Url;

/// The configured authorities.
pub struct HttpTimeStamps {
    authorities: Vec<Url>,
    http: Arc<dyn HttpClient>,
}

impl HttpTimeStamps {
    /// Authorities in the order in which they are tried.
    pub fn new(authorities: Vec<Url>, http: Arc<dyn HttpClient>) -> Self {
        Self { authorities, http }
    }

    async fn ask(&self, authority: &Url, request: &[u8]) -> Result<Vec<u8>, String> {
        let request = http::Request::post(authority.as_str())
            .header(http::header::CONTENT_TYPE, "application/timestamp-query")
            .header(http::header::ACCEPT, "application/timestamp-reply")
            .body(request.to_vec())
            .map_err(|error| error.to_string())?;
        let response = self.http.send(request).await.map_err(|error| error.to_string())?;
        if response.status().is_success() { Ok(response.into_body()) } else { Err(format!("status {}", response.status().as_u16())) }
    }
}

#[async_trait]
impl TimeStampAuthority for HttpTimeStamps {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        let mut failures = Vec::new();
        for authority in &self.authorities {
            match self.ask(authority, request).await {
                Ok(response) => return Ok(response),
                Err(failure) => failures.push(format!("{}: {failure}", authority.host_str().unwrap_or_default())),
            }
        }
        Err(TimeStampError(failures.join("; ")))
    }
}
