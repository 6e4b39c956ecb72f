//! Revocation data over HTTP, from where certificates say: OCSP responders (RFC 6960), else certificate lists (RFC 5280).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use pades::validate::issuer_among;
use pades::{Digest, OcspStatus, ocsp_answer, ocsp_request};
use sigill_core::certificate::{list_urls, next_update, ocsp_urls};
use sigill_core::ports::{Clock, HttpClient, NoRevocationData, RevocationData, RevocationSource};

/// Responses and lists, each checked, and fetched again only when its time is over. A response is asked for first: it is
/// small and speaks of one certificate. A list takes its place where there is no responder, where it gives no sound
/// answer, or where the issuer is not at hand, without which nothing can be asked.
pub struct HttpRevocation {
    http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<Asked, Known>>,
}

/// What was asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Asked {
    /// The list there.
    List(String),
    /// The responder there about the certificate with this hash.
    Responder(String, Digest),
}

struct Known {
    der: Vec<u8>,
    until: Timestamp,
}

/// A certificate, and its issuer when it is at hand.
struct Subject<'c> {
    certificate: &'c [u8],
    issuer: Option<&'c [u8]>,
}

impl HttpRevocation {
    /// Data by way of `http`, which must allow plain http: what comes carries its own signature.
    pub fn new(http: Arc<dyn HttpClient>, clock: Arc<dyn Clock>) -> Self {
        Self { http, clock, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Asked, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known and still holds.
    fn fresh(&self, asked: &Asked, now: Timestamp) -> Option<Vec<u8>> {
        self.known().get(asked).filter(|known| now < known.until).map(|known| known.der.clone())
    }

    /// Adds what tells about `subject`, from the first place that does; nothing when it names none.
    async fn add(&self, subject: &Subject<'_>, data: &mut RevocationData) -> Result<(), NoRevocationData> {
        let mut failures = Vec::new();
        if let Some(issuer) = subject.issuer {
            for url in ocsp_urls(subject.certificate) {
                match self.response(subject.certificate, issuer, &url).await {
                    Ok(response) => {
                        add_once(&mut data.ocsp, response);
                        return Ok(());
                    }
                    Err(failure) => failures.push(format!("{url}: {failure}")),
                }
            }
        } else if !ocsp_urls(subject.certificate).is_empty() {
            failures.push("the issuer of a certificate is not at hand, to ask a responder".to_owned());
        }
        for url in list_urls(subject.certificate) {
            match self.list(subject, &url).await {
                Ok(list) => {
                    add_once(&mut data.crls, list);
                    return Ok(());
                }
                Err(failure) => failures.push(format!("{url}: {failure}")),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(NoRevocationData(failures.join("; "))) }
    }

    async fn response(&self, certificate: &[u8], issuer: &[u8], url: &str) -> Result<Vec<u8>, String> {
        let now = self.clock.now();
        let asked = Asked::Responder(url.to_owned(), Digest::of(certificate));
        if let Some(known) = self.fresh(&asked, now) {
            return Ok(known);
        }
        let question = ocsp_request(certificate, issuer).map_err(|error| error.to_string())?;
        let request = http::Request::post(url).header(CONTENT_TYPE, "application/ocsp-request").body(question);
        let der = self.fetch(request).await?;
        let answer = ocsp_answer(&der, certificate, issuer, now.as_second()).map_err(|error| error.to_string())?;
        if let OcspStatus::Revoked { at } = answer.status {
            // It is as it is: whoever validates is told.
            tracing::warn!(url, at, "a certificate is revoked");
        }
        if let Some(until) = answer.until.and_then(|until| Timestamp::from_second(until).ok()) {
            self.known().insert(asked, Known { der: der.clone(), until });
        }
        Ok(der)
    }

    async fn list(&self, subject: &Subject<'_>, url: &str) -> Result<Vec<u8>, String> {
        let now = self.clock.now();
        let asked = Asked::List(url.to_owned());
        if let Some(known) = self.fresh(&asked, now) {
            return Ok(known);
        }
        let der = self.fetch(http::Request::get(url).body(Vec::new())).await?;
        let until = next_update(&der, subject.certificate, subject.issuer, now).map_err(|error| error.to_string())?;
        self.known().insert(asked, Known { der: der.clone(), until });
        Ok(der)
    }

    async fn fetch(&self, request: http::Result<http::Request<Vec<u8>>>) -> Result<Vec<u8>, String> {
        let request = request.map_err(|error| error.to_string())?;
        let response = self.http.send(request).await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status().as_u16()));
        }
        Ok(response.into_body())
    }
}

fn add_once(all: &mut Vec<Vec<u8>>, der: Vec<u8>) {
    if !all.contains(&der) {
        all.push(der);
    }
}

#[async_trait]
impl RevocationSource for HttpRevocation {
    async fn collect(&self, certificates: &[Vec<u8>]) -> Result<RevocationData, NoRevocationData> {
        let mut data = RevocationData::default();
        for certificate in certificates {
            self.add(&Subject { certificate, issuer: issuer_among(certificate, certificates) }, &mut data).await?;
        }
        Ok(data)
    }
}
