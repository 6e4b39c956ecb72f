//! Every call that leaves the process is a place to crash at, before or after it took effect. Wherever that is in the
//! way of two signers, everything is finished by the sweep and by the persons' own trying again, and nothing is done twice.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::{BTreeSet, HashMap};

use pades::BaselineLevel;
use sigill_core::sign_request::{Done, Status};
use sigill_tests::pdf::{one_page, padded};
use sigill_tests::world::World;
use sigill_tests::world::fuse::{CrashPoint, Side};

const SIGNERS: [(&str, &str); 2] = [("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")];

async fn flow(point: Option<CrashPoint>) -> (World, Vec<&'static str>) {
    let world = World::new().await;
    world.fuse.arm(point);
    let id = world.receive_with_upload(&one_page("", ""), &padded(10_000), &SIGNERS).await;
    for signer in 0..SIGNERS.len() {
        world.sign(&id, signer).await;
    }
    let calls = world.fuse.calls();
    // What is left to do needs nobody.
    for _ in 0..5 {
        world.clock.advance(jiff::SignedDuration::from_mins(5));
        world.sweep().await;
    }
    let request = world.request(&id).await;
    assert_eq!(request.status(), Status::Completed);
    for document in &request.documents {
        assert_eq!(document.achieved, Some(BaselineLevel::T));
        let pdf = world.custody.documents.get(&id, &document.current).await.unwrap();
        assert!(pdf.starts_with(&world.custody.documents.get(&id, &document.original).await.unwrap()), "earlier bytes are untouched");
        let found: Vec<_> = pades::verify_signatures(&pdf).unwrap().into_iter().map(|found| found.signer_certificate).collect();
        let kept: Vec<_> = request.signers.iter().map(|signer| certificate(signer.done.as_ref())).collect();
        assert_eq!(found, kept, "one signature a signer, and it is the one that the evidence names");
    }
    let told = world.outside.notified.lock().unwrap().clone();
    let words: BTreeSet<&str> = told.iter().map(|(_, status)| status.as_str()).collect();
    assert_eq!(words, BTreeSet::from(["pending", "completed"]), "every change is told, and nothing else");
    let mut by_id: HashMap<&str, &str> = HashMap::new();
    assert!(told.iter().all(|(id, status)| *by_id.entry(id).or_insert(status) == status), "a repetition says the same");
    assert!(world.keys.left().iter().all(|used| *used == 0), "no key that signed is left");
    assert!(world.keys.left().len() <= 1, "at most the one key that was made when the process died is left");
    (world, calls)
}

fn certificate(done: Option<&Done>) -> Vec<u8> {
    match done {
        Some(Done::Signed { evidence, .. }) => evidence.outcome.certificates[0].clone(),
        other => panic!("not signed: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_at_any_call_before_or_after_its_effect_loses_nothing_and_repeats_nothing() {
    let (world, calls) = flow(None).await;
    assert!(world.keys.left().is_empty());
    assert!(calls.len() > 50, "the flow makes its calls through the fuse: {calls:?}");
    for call in 1..=calls.len() {
        let flows = [Side::Before, Side::After].map(|side| tokio::spawn(flow(Some(CrashPoint { call, side }))));
        for (side, flow) in [Side::Before, Side::After].into_iter().zip(flows) {
            let outcome = flow.await;
            let (world, _) = outcome.unwrap_or_else(|error| panic!("a crash {side:?} call {call}, {}: {error}", calls[call - 1]));
            std::fs::remove_dir_all(&world.folder).unwrap();
        }
    }
    println!("{} crash points", 2 * calls.len());
}
