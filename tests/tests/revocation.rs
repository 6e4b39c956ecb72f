//! Certificate lists from the distribution points that certificates name.
#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sigill_core::certificate::{Issuer, assemble, revocation_list};
use sigill_core::config;
use sigill_core::ports::{Clock, HttpClient, HttpError, RevocationSource, SigningKey, ToBeSigned};
use sigill_local::certificates::LocalPki;
use sigill_local::data_folder::DataFolder;
use sigill_machine::{SystemClock, SystemRandom};
use sigill_tests::server::folder;
use sigill_web::revocation::HttpRevocation;

/// Answers from a list, the last answer again and again.
struct Answers(Mutex<Vec<http::Response<Vec<u8>>>>, Mutex<Vec<String>>);

#[async_trait]
impl HttpClient for Answers {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        self.1.lock().unwrap().push(request.uri().to_string());
        let mut answers = self.0.lock().unwrap();
        if answers.is_empty() { Err(HttpError::Unreachable("none".to_owned())) } else { Ok(answers.remove(0)) }
    }
}

#[derive(Clone)]
struct Moving(Arc<Mutex<Timestamp>>);

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

async fn pki() -> LocalPki {
    let municipality = config::parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap();
    let folder = DataFolder::open(&folder()).unwrap();
    LocalPki::open(&folder, &municipality, &SystemRandom::default(), SystemClock.now()).await.unwrap()
}

async fn list(pki: &LocalPki, now: Timestamp) -> Vec<u8> {
    let tbs = revocation_list(&Issuer::from_certificate(&pki.ca.root).unwrap(), 1, now).unwrap();
    let signature = pki.ca.key.sign(&ToBeSigned::new(&*tbs)).await.unwrap();
    assemble(&tbs, &signature).unwrap()
}

fn answers(bodies: Vec<Vec<u8>>) -> Arc<Answers> {
    Arc::new(Answers(Mutex::new(bodies.into_iter().map(http::Response::new).collect()), Mutex::default()))
}

#[tokio::test]
async fn a_list_is_fetched_once_for_all_its_certificates_and_again_when_its_time_is_over() {
    let pki = pki().await;
    let clock = Moving(Arc::new(Mutex::new(Timestamp::now())));
    let http = answers(vec![list(&pki, clock.now()).await, list(&pki, clock.now() + SignedDuration::from_hours(24 * 40)).await]);
    let revocation = HttpRevocation::new(http.clone(), Arc::new(clock.clone()));
    let certificates = [pki.ca.root.clone(), pki.time_stamping.clone(), pki.time_stamping.clone()];
    assert_eq!(revocation.collect(&certificates).await.unwrap().crls.len(), 1);
    assert_eq!(revocation.collect(&certificates).await.unwrap().crls.len(), 1);
    assert_eq!(*http.1.lock().unwrap(), ["http://localhost:8080/pki/root.crl"]);
    *clock.0.lock().unwrap() += SignedDuration::from_hours(24 * 31);
    assert_eq!(revocation.collect(&certificates).await.unwrap().crls.len(), 1);
    assert_eq!(http.1.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_no_current_list_of_the_issuer_is_not_taken() {
    let ours = pki().await;
    let now = Timestamp::now();
    let mut other = config::parse("local.toml", "local", include_str!("../../common/config/local.toml"), Timestamp::now()).unwrap();
    other.signature.ca_subject.common_name = "Another CA".to_owned();
    let folder = DataFolder::open(&folder()).unwrap();
    let other = LocalPki::open(&folder, &other, &SystemRandom::default(), now).await.unwrap();
    let old = list(&ours, now - SignedDuration::from_hours(24 * 31)).await;
    for (body, reason) in [
        (b"<html>".to_vec(), "not a certificate list"),
        (ours.ca.root.clone(), "not a certificate list"),
        (list(&other, now).await, "the list of another issuer"),
        (old, "an outdated list"),
    ] {
        let revocation = HttpRevocation::new(answers(vec![body]), Arc::new(SystemClock));
        let error = revocation.collect(std::slice::from_ref(&ours.time_stamping)).await.unwrap_err().to_string();
        assert!(error.ends_with(reason), "{error}");
    }
}
