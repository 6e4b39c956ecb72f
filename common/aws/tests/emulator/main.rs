//! The whole flow of two signers over the adapters for AWS, against an emulator. What is signed is judged by openssl,
//! never by the emulator.
#![allow(clippy::unwrap_used, missing_docs)]

mod cloud;
mod large;

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_kms::types::KeyState;
use cloud::Cloud;
use jiff::SignedDuration;
use pades::SignatureAlgorithm;
use sigill_core::TransactionId;
use sigill_core::certificate::pem;
use sigill_core::ports::{DocumentStoreError, Idempotency, Page, StoreError, ToBeSigned};
use sigill_core::sign_request::Status;
use sigill_machine::{SystemClock, SystemRandom};
use sigill_tests::independent::assert_verifies;
use sigill_tests::pdf::{one_page, padded};
use sigill_tests::world::World;
use sigill_tests::world::fuse::{CrashPoint, Side};

const SIGNERS: [(&str, &str); 2] = [("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")];
const SERVICE: &str = "arvodesrakning";

async fn world(cloud: &Cloud) -> World {
    World::over(|clock| Some(cloud.custody(clock))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_signers_sign_with_keys_of_the_key_service_and_everything_is_forgotten_in_time() {
    let Some(cloud) = Cloud::start().await else { return };
    let world = world(&cloud).await;
    let root = world.signing().issue_root().await.unwrap();
    assert_eq!(world.signing().issue_root().await.unwrap(), root, "the root is issued once");
    std::fs::write(world.folder.join("kms-root.pem"), pem(&root)).unwrap();

    let pdf = one_page("", "");
    let id = world.receive(&pdf, &SIGNERS).await;
    for signer in 0..SIGNERS.len() {
        world.sign(&id, signer).await;
    }
    let request = world.request(&id).await;
    assert_eq!(request.status(), Status::Completed);
    for document in &request.documents {
        let signed = world.custody.documents.get(&id, &document.current).await.unwrap();
        assert!(signed.starts_with(&pdf), "earlier bytes are untouched");
        let file = world.folder.join("signed.pdf");
        std::fs::write(&file, signed).unwrap();
        assert_verifies(&world.folder.join("kms-root.pem"), &file, SIGNERS.len());
    }
    assert_eq!(cloud.one_time_keys().await, [KeyState::PendingDeletion, KeyState::PendingDeletion], "no one-time key is left");
    assert_eq!(cloud.messages().await, SIGNERS.len(), "each signature was put into the queue before it was made");
    let (page, total) = world.custody.index.page(SERVICE, Page { number: 1, limit: 10 }).await.unwrap();
    assert_eq!((page, total), (vec![request.clone()], 1));

    world.clock.advance(request.kept + SignedDuration::from_hours(1));
    for _ in 0..3 {
        world.sweep().await;
    }
    assert_eq!(world.custody.store.load(&id).await.unwrap(), None);
    let gone = world.custody.documents.get(&id, &request.documents[0].current).await;
    assert!(matches!(gone, Err(DocumentStoreError::Missing(_))), "{gone:?}");
}

#[tokio::test]
async fn keys_of_every_suite_sign_what_verifies_by_their_public_keys() {
    let Some(cloud) = Cloud::start().await else { return };
    let custody = cloud.custody(Arc::new(SystemClock));
    let transaction = TransactionId::random(&SystemRandom::default());
    let message = ToBeSigned::new(&b"signed attributes"[..]);
    for suite in SignatureAlgorithm::ALL {
        let key = custody.one_time_keys.create(&transaction, suite).await.unwrap();
        let value = custody.one_time_keys.sign(&key, &message).await.unwrap();
        suite.check(&key.public_key, message.bytes(), &value).unwrap_or_else(|error| panic!("{suite}: {error}"));
        custody.one_time_keys.destroy(&key).await.unwrap();
    }
}

/// One signer, with a crash at `point`: the calls that were made.
async fn flow(cloud: &Cloud, point: Option<CrashPoint>) -> Vec<&'static str> {
    let world = world(cloud).await;
    world.fuse.arm(point);
    // Large enough to grow inside S3.
    let id = world.receive_with_upload(&one_page("", ""), &padded(5_300_000), &SIGNERS[..1]).await;
    world.sign(&id, 0).await;
    let calls = world.fuse.calls();
    world.clock.advance(SignedDuration::from_mins(20));
    world.sweep().await;
    let request = world.request(&id).await;
    assert_eq!(request.status(), Status::Completed, "{point:?}");
    for document in &request.documents {
        let signed = world.custody.documents.get(&id, &document.current).await.unwrap();
        assert_eq!(pades::verify_signatures(&signed).unwrap().len(), 1, "{point:?}");
    }
    std::fs::remove_dir_all(&world.folder).unwrap();
    calls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_at_any_call_before_or_after_its_effect_leaves_one_signature() {
    let Some(cloud) = Cloud::start().await else { return };
    world(&cloud).await.signing().issue_root().await.unwrap();
    let calls = flow(&cloud, None).await;
    for call in 1..=calls.len() {
        for side in [Side::Before, Side::After] {
            flow(&cloud, Some(CrashPoint { call, side })).await;
        }
    }
    println!("{} crash points", 2 * calls.len());
}

#[tokio::test]
async fn of_two_who_save_at_once_one_must_decide_anew() {
    let Some(cloud) = Cloud::start().await else { return };
    let world = world(&cloud).await;
    let id = world.receive(&one_page("", ""), &SIGNERS).await;
    let read = world.custody.store.load(&id).await.unwrap().unwrap();
    let saves = (0..8).map(|_| {
        let (store, read) = (world.custody.store.clone(), read.clone());
        tokio::spawn(async move { store.save(&read).await })
    });
    let mut saved = Vec::new();
    for save in saves.collect::<Vec<_>>() {
        saved.push(save.await.unwrap());
    }
    assert_eq!(saved.iter().filter(|saved| saved.is_ok()).count(), 1);
    assert_eq!(saved.iter().filter(|saved| matches!(saved, Err(StoreError::Conflict))).count(), 7);

    let mut other = read.value.clone();
    other.id = "f".repeat(32).try_into().unwrap();
    let key = Idempotency { key: format!("{SERVICE}/k"), body: "ab".to_owned(), id: other.id.clone() };
    let outcomes: BTreeSet<String> = [
        format!("{:?}", world.custody.store.create(&other, Some(&key)).await.unwrap()),
        format!("{:?}", world.custody.store.create(&other, Some(&key)).await),
    ]
    .into();
    assert!(outcomes.iter().any(|outcome| outcome == "New"), "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| outcome.contains("Existing")), "{outcomes:?}");
}
