//! Requests whose documents are uploaded before they are started, and those that never are.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::{Digest, Source};
use sigill_core::SignRequestId;
use sigill_core::ports::{Announced, Disposition, DocumentStoreError, Transfers, Upload};
use sigill_core::sign_request::Status;
use sigill_core::use_case::{Intake, ReceiveError, begin};
use sigill_tests::pdf::{one_page, padded};
use sigill_tests::world::World;

const ASA: [(&str, &str); 1] = [("Åsa Öberg", "189001019802")];

#[tokio::test]
async fn a_draft_that_nobody_starts_is_forgotten_with_what_was_uploaded() {
    let world = World::new().await;
    let (inline, uploaded) = (one_page("", ""), padded(10_000));
    let request = world.announce((&inline, &uploaded), &ASA, "key").await.unwrap().request;
    assert_eq!(request.status(), Status::Draft);
    world.clock.advance(SignedDuration::from_hours(24));
    assert!(matches!(begin(&world.intake(), request.clone()).await, Err(ReceiveError::Ended)), "a day is over");
    world.sweep().await;
    assert!(world.custody.store.load(&request.id).await.unwrap().is_some(), "an upload may still be on its way");
    world.clock.advance(SignedDuration::from_hours(1));
    world.sweep().await;
    assert!(world.custody.store.load(&request.id).await.unwrap().is_none());
    for digest in [Digest::of(&inline), Digest::of(&uploaded)] {
        assert!(matches!(world.custody.documents.get(&request.id, &digest).await, Err(DocumentStoreError::Missing(_))));
    }
    assert!(world.outside.notified.lock().unwrap().is_empty());
    let again = world.announce((&inline, &uploaded), &ASA, "key").await.unwrap().request;
    assert_eq!((again.status(), again.id), (Status::Draft, request.id), "its key is free again");
}

#[tokio::test]
async fn an_upload_comes_too_late_after_a_quarter_of_an_hour_and_a_new_address_is_told() {
    let world = World::new().await;
    let pdf = padded(10_000);
    let announced = Announced { size: pdf.len() as u64, sha256: Digest::of(&pdf) };
    let request = SignRequestId::try_from("0".repeat(32)).unwrap();
    let clock = &world.intake().clock;
    let upload = world.custody.transfers.upload(&request, &announced, clock.now()).await.unwrap();
    world.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(world.put(&upload, &pdf).await, 403);
    let upload = world.custody.transfers.upload(&request, &announced, clock.now()).await.unwrap();
    assert_eq!(world.put(&upload, &pdf).await, 200);
}

/// Uploads of which one read fails.
struct Failing {
    inner: Arc<dyn Transfers>,
    at: usize,
}

struct FailingSource {
    inner: Arc<dyn Source>,
    left: AtomicUsize,
}

impl Source for FailingSource {
    fn length(&self) -> u64 {
        self.inner.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        match self.left.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(io::ErrorKind::TimedOut.into()),
            _ => self.inner.read_at(offset, buffer),
        }
    }
}

#[async_trait]
impl Transfers for Failing {
    async fn upload(&self, request: &SignRequestId, document: &Announced, now: Timestamp) -> Result<Upload, DocumentStoreError> {
        self.inner.upload(request, document, now).await
    }

    async fn uploaded(&self, request: &SignRequestId, document: &Announced) -> Result<Arc<dyn Source>, DocumentStoreError> {
        let inner = self.inner.uploaded(request, document).await?;
        Ok(Arc::new(FailingSource { inner, left: AtomicUsize::new(self.at) }))
    }

    async fn download(&self, _: &SignRequestId, digest: &Digest, _: Disposition, _: Timestamp) -> Result<url::Url, DocumentStoreError> {
        Err(DocumentStoreError::Missing(*digest))
    }
}

#[tokio::test]
async fn whichever_read_fails_the_document_is_not_blamed() {
    let world = World::new().await;
    let signed_before = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/signed/pyhanko-approved.pdf")).unwrap();
    for (key, uploaded) in [("plain", padded(10_000)), ("signed", signed_before)] {
        let request = world.announce((&one_page("", ""), &uploaded), &ASA, key).await.unwrap().request;
        let mut failed = 0;
        let started = loop {
            let intake = Intake { transfers: Arc::new(Failing { inner: world.custody.transfers.clone(), at: failed }), ..world.intake() };
            match begin(&intake, request.clone()).await {
                Err(ReceiveError::Unavailable(_)) => failed += 1,
                other => break other,
            }
        };
        assert!(failed > 10, "{failed} reads");
        assert_eq!(started.unwrap().request.status(), Status::Created, "{key}");
    }
}
