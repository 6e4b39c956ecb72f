//! Certificate lists over HTTP, from the distribution points that certificates name (RFC 5280, 4.2.1.13).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use sigill_core::certificate::{list_urls, next_update};
use sigill_core::ports::{Clock, HttpClient, RevocationSource, TimeStampError};

/// Lists, each fetched again only when its time is over.
pub struct HttpRevocation {
    http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<String, Known>>,
}

struct Known {
    list: Vec<u8>,
    until: Timestamp,
}

impl HttpRevocation {
    /// Lists by way of `http`, which must allow plain http: a list carries its own signature.
    pub fn new(http: Arc<dyn HttpClient>, clock: Arc<dyn Clock>) -> Self {
        Self { http, clock, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The list that covers `certificate`, from the first of `urls` that gives one.
    async fn first(&self, certificate: &[u8], urls: &[String]) -> Result<Vec<u8>, TimeStampError> {
        let mut failures = Vec::new();
        for url in urls {
            match self.list(certificate, url).await {
                Ok(list) => return Ok(list),
                Err(failure) => failures.push(format!("{url}: {failure}")),
            }
        }
        Err(TimeStampError(failures.join("; ")))
    }

    async fn list(&self, certificate: &[u8], url: &str) -> Result<Vec<u8>, String> {
        let now = self.clock.now();
        if let Some(known) = self.known().get(url).filter(|known| now < known.until) {
            return Ok(known.list.clone());
        }
        let request = http::Request::get(url).body(Vec::new()).map_err(|error| error.to_string())?;
        let response = self.http.send(request).await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status().as_u16()));
        }
        let list = response.into_body();
        let until = next_update(&list, certificate, now).map_err(|error| error.to_string())?;
        self.known().insert(url.to_owned(), Known { list: list.clone(), until });
        Ok(list)
    }
}

#[async_trait]
impl RevocationSource for HttpRevocation {
    async fn lists(&self, certificates: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, TimeStampError> {
        let mut lists: Vec<Vec<u8>> = Vec::new();
        for certificate in certificates {
            let urls = list_urls(certificate);
            if urls.is_empty() {
                continue;
            }
            let list = self.first(certificate, &urls).await?;
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
        Ok(lists)
    }
}
