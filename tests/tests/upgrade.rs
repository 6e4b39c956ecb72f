//! A timestamp authority that is down costs the level for a while, never the signature.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use jiff::SignedDuration;
use pades::BaselineLevel;
use sigill_core::SignRequestId;
use sigill_core::sign_request::Status;
use sigill_tests::pdf::one_page;
use sigill_tests::world::World;

const SIGNERS: [(&str, &str); 2] = [("Åsa Öberg", "189001019802"), ("Björn Lindström", "189001029819")];

async fn levels(world: &World, id: &SignRequestId) -> Vec<Option<BaselineLevel>> {
    world.request(id).await.documents.iter().map(|document| document.achieved).collect()
}

async fn time_passes(world: &World, minutes: i64) {
    for _ in 0..minutes {
        world.clock.advance(SignedDuration::from_mins(1));
        world.sweep().await;
    }
}

#[tokio::test]
async fn the_level_is_reached_in_the_background_when_the_authority_is_back() {
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &SIGNERS[..1]).await;
    world.authority.stop();
    world.sign(&id, 0).await;
    time_passes(&world, 3).await;
    let request = world.request(&id).await;
    assert_eq!((request.status(), request.level), (Status::Completed, BaselineLevel::T), "signed, and the level asked for is known");
    assert_eq!(levels(&world, &id).await, [Some(BaselineLevel::B); 2], "the level achieved is told as it is");

    world.authority.start();
    time_passes(&world, 10).await;
    let raised = world.request(&id).await;
    assert_eq!(levels(&world, &id).await, [Some(BaselineLevel::T); 2]);
    assert!(raised.upgrade.is_none(), "nothing is left to do");
    for (before, after) in request.documents.iter().zip(&raised.documents) {
        let documents = &world.custody.documents;
        let (before, after) = (documents.get(&id, &before.current).await.unwrap(), documents.get(&id, &after.current).await.unwrap());
        assert!(after.starts_with(&before), "the signature's bytes are untouched");
        let found = pades::verify(&after).unwrap();
        assert_eq!((found.signatures.len(), found.document_timestamps.len()), (1, 1));
        assert_eq!(found.signatures[0].level, BaselineLevel::T);
    }
}

#[tokio::test]
async fn the_next_signer_signs_on_top_of_what_was_raised_meanwhile() {
    let world = World::new().await;
    let id = world.receive(&one_page("", ""), &SIGNERS).await;
    world.authority.stop();
    world.sign(&id, 0).await;
    assert_eq!(levels(&world, &id).await, [Some(BaselineLevel::B); 2]);
    world.authority.start();
    time_passes(&world, 10).await;
    assert_eq!(levels(&world, &id).await, [Some(BaselineLevel::T); 2], "between two signers, too");
    world.sign(&id, 1).await;
    let request = world.request(&id).await;
    assert_eq!(request.status(), Status::Completed);
    let pdf = world.custody.documents.get(&id, &request.documents[0].current).await.unwrap();
    let found = pades::verify(&pdf).unwrap();
    assert!(found.signatures.len() == 2 && found.signatures.iter().all(|signature| signature.level >= BaselineLevel::T));
}
