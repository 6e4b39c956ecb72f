//! Timestamp authorities over HTTP (RFC 3161, 3.4), tried in their order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use metrics::{counter, histogram};
use pades::timestamp_granted;
use sigill_core::measure::{TIMESTAMP_FAULTS, TIMESTAMP_TIME};
use sigill_core::ports::{HttpClient, TimeStampAuthority, TimeStampError};
use tokio::time::timeout;
use url::Url;

/// The configured authorities.
pub struct HttpTimeStamps {
    authorities: Vec<Url>,
    budget: Duration,
    http: Arc<dyn HttpClient>,
}

impl HttpTimeStamps {
    /// Authorities in the order in which they are tried, each for `budget` at most.
    pub fn new(authorities: Vec<Url>, budget: Duration, http: Arc<dyn HttpClient>) -> Self {
        Self { authorities, budget, http }
    }

    async fn ask(&self, authority: &Url, request: &[u8]) -> Result<Vec<u8>, String> {
        let request = http::Request::post(authority.as_str())
            .header(http::header::CONTENT_TYPE, "application/timestamp-query")
            .header(http::header::ACCEPT, "application/timestamp-reply")
            .body(request.to_vec())
            .map_err(|error| error.to_string())?;
        let response = timeout(self.budget, self.http.send(request)).await.map_err(|_| "no answer in time".to_owned())?;
        let response = response.map_err(|error| error.to_string())?;
        match response.status().as_u16() {
            200..=299 if timestamp_granted(response.body()) => Ok(response.into_body()),
            200..=299 => Err("no timestamp was granted".to_owned()),
            status => Err(format!("status {status}")),
        }
    }
}

#[async_trait]
impl TimeStampAuthority for HttpTimeStamps {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        let mut failures = Vec::new();
        for authority in &self.authorities {
            let host = authority.host_str().unwrap_or_default();
            let asked = Instant::now();
            match self.ask(authority, request).await {
                Ok(response) => {
                    histogram!(TIMESTAMP_TIME).record(asked.elapsed().as_secs_f64() * 1_000.0);
                    return Ok(response);
                }
                Err(failure) => {
                    counter!(TIMESTAMP_FAULTS).increment(1);
                    failures.push(format!("{host}: {failure}"));
                }
            }
        }
        Err(TimeStampError(failures.join("; ")))
    }
}
