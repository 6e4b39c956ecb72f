//! The state machine under any order of events, sensible or not: what must always hold, holds.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, Digest};
use proptest::prelude::*;
use serde_json::json;
use sigill_core::eid::Evidence;
use sigill_core::ids::{LinkSecret, SecretHash, SignRequestId, TransactionId};
use sigill_core::ports::{AssembledDocument, SignOutcome, VisibleSignature};
use sigill_core::sign_request::{
    Document, Done, Effect, EidTransaction, Event, History, Language, Outcome, Retry, SignRequest, Signer, Signing, SigningStep, Stage,
    Status, advance,
};

const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn request(signers: usize) -> SignRequest {
    let id = SignRequestId::try_from("0".repeat(32)).unwrap();
    let signer = |index: usize| Signer {
        external_id: index.to_string(),
        name: "Åsa Öberg".to_owned(),
        personal_identity_number: None,
        order: index as u32 / 2,
        allowed_identification: Vec::new(),
        link: LinkSecret::derive("key", &id, index).hash(),
        viewed: None,
        done: None,
    };
    SignRequest {
        requester: "e-service".to_owned(),
        customer_reference: "1".to_owned(),
        title: "Arvode".to_owned(),
        message: None,
        language: Language::Sv,
        return_url: "https://e.example/".parse().unwrap(),
        callback_url: Some("https://e.example/told".parse().unwrap()),
        level: BaselineLevel::T,
        visible_signature: VisibleSignature::None,
        created: at(0),
        expires: at(3_600),
        kept: KEPT,
        documents: vec![Document {
            file_name: "a.pdf".to_owned(),
            original: Digest::of(b"a"),
            current: Digest::of(b"a"),
            size: 1,
            pages: Some(1),
            achieved: None,
        }],
        signers: (0..signers).map(signer).collect(),
        stage: Stage::Open,
        upgrade: None,
        notifications: Vec::new(),
        history: History::default(),
        id,
    }
}

fn transaction(number: u8) -> TransactionId {
    TransactionId::try_from(format!("{number:032x}")).unwrap()
}

fn evidence() -> Evidence {
    Evidence::Oidc { provider: "eid".to_owned(), id_token: "token".to_owned(), keys: json!({}) }
}

fn outcome() -> SignOutcome {
    serde_json::from_value(json!({
        "signatures": [], "certificates": ["AA=="], "signedAt": at(0),
        "signer": {
            "personalIdentityNumber": "189001019802", "givenName": "Åsa", "surname": "Öberg", "displayName": "Åsa Öberg",
            "authnContext": {
                "identityProvider": "https://eid.example", "authenticationInstant": at(0), "levelOfAssurance": "loa3",
                "assertionRef": "j", "transaction": null,
            },
        },
    }))
    .unwrap()
}

fn signing(signer: usize, number: u8, now: Timestamp) -> Event {
    let eid = EidTransaction {
        provider: "eid".to_owned(),
        state: SecretHash::of("state"),
        session: SecretHash::of("session"),
        code_verifier: "verifier".to_owned(),
    };
    Event::EidStarted(Box::new(Signing {
        signer,
        transaction: transaction(number),
        manifest: Vec::new(),
        prepared: Vec::new(),
        started: now,
        step: SigningStep::AtEid { eid, until: now + SignedDuration::from_mins(10) },
    }))
}

/// Which event, of which attempt and signer, how long after the last one.
fn steps() -> impl Strategy<Value = Vec<(u8, u8, usize, i64)>> {
    prop::collection::vec((0u8..17, 0u8..3, 0usize..3, prop_oneof![3 => 0i64..30, 1 => 30i64..5_000]), 1..60)
}

fn event(kind: u8, number: u8, signer: usize, now: Timestamp) -> Event {
    let transaction = transaction(number);
    match kind {
        0 => Event::Viewed { signer },
        1 | 2 | 14 => signing(signer, number, now),
        3 | 13 => Event::CallbackReceived { transaction },
        4 => Event::EidFailed { transaction },
        5 | 12 => Event::Authenticated { transaction, evidence: evidence() },
        6 | 15 => Event::HashSigned { transaction, outcome: outcome() },
        7 => {
            let document = AssembledDocument { digest: Digest::of(&[number]), size: 2, achieved: BaselineLevel::T };
            Event::Assembled { transaction, documents: vec![document] }
        }
        8 => Event::Failed { transaction, code: "code".to_owned() },
        9 if number == 0 => Event::Declined { signer, reason: None },
        10 if number == 0 => Event::Withdrawn,
        11 => Event::Notified { id: format!("{}-{}", "0".repeat(32), signer + 1) },
        10 => {
            let document = AssembledDocument { digest: Digest::of(&[9]), size: 3, achieved: BaselineLevel::T };
            Event::Extended { base: vec![Digest::of(&[number])], documents: vec![document] }
        }
        9 => Event::NotNotified { id: format!("{}-{}", "0".repeat(32), signer + 1), again: Retry::Later },
        16 => Event::Started { pages: vec![1] },
        _ => Event::ClockPassed,
    }
}

fn authenticated(request: &SignRequest) -> bool {
    matches!(&request.stage, Stage::Signing(s) if matches!(s.step, SigningStep::Authenticated { .. } | SigningStep::HashSigned { .. }))
}

fn signed(request: &SignRequest) -> usize {
    request.signers.iter().filter(|signer| matches!(signer.done, Some(Done::Signed { .. }))).count()
}

fn check(before: &SignRequest, after: &SignRequest, now: Timestamp) {
    if authenticated(before) {
        let kept = authenticated(after) || signed(after) == signed(before) + 1;
        let failed = matches!(&after.stage, Stage::Closed { outcome: Outcome::Failed { .. }, .. });
        assert!(kept || failed, "an authenticated signature is never lost silently");
        assert!(!before.effects(now).is_empty(), "its work is always there to be found");
    }
    assert!(signed(after) >= signed(before), "what is signed stays signed");
    for (before, after) in before.signers.iter().zip(&after.signers) {
        assert!(before.done.is_none() || before.done == after.done, "what a signer did never changes");
    }
    if let Stage::Closed { .. } = before.stage {
        assert_eq!(before.stage, after.stage, "an end is an end");
    }
    let all = after.signers.iter().all(|signer| matches!(signer.done, Some(Done::Signed { .. })));
    assert_eq!(all, matches!(after.stage, Stage::Closed { outcome: Outcome::Completed, .. }), "completed means signed by all");
    if signed(after) > signed(before) {
        let waiting = before.signers.iter().filter(|signer| signer.done.is_none()).map(|signer| signer.order).min();
        let who = before.signers.iter().zip(&after.signers).find(|(before, after)| before.done != after.done).unwrap();
        assert_eq!(Some(who.0.order), waiting, "nobody signs before their turn");
        assert!(authenticated(before), "no evidence, no signature");
    }
    assert_eq!(after.documents[0].original, before.documents[0].original);
    assert!(after.wake_at(now).is_some(), "every state has its time: work, an end, or being forgotten");
    if let Stage::Draft { until } = before.stage
        && !matches!(after.stage, Stage::Draft { .. })
    {
        let begun = matches!(after.stage, Stage::Open) && now < until && after.documents[0].pages.is_some();
        let withdrawn = matches!(after.stage, Stage::Closed { outcome: Outcome::Withdrawn, .. });
        assert!(begun || withdrawn, "a draft is started in time and whole, or withdrawn");
    }
    if before.status() != after.status() && (before.status(), after.status()) != (Status::Draft, Status::Created) {
        assert_eq!(after.notifications.len(), before.notifications.len() + 1, "every change of status is told");
    }
    assert_eq!(after.effects(now).contains(&Effect::Forget), forgettable(after, now));
}

fn forgettable(request: &SignRequest, now: Timestamp) -> bool {
    match request.stage {
        Stage::Closed { at, .. } => at + KEPT <= now,
        Stage::Draft { until } => until + SignedDuration::from_hours(1) <= now,
        Stage::Open | Stage::Signing(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_order_of_events_breaks_what_must_hold(signers in 1usize..4, draft: bool, steps in steps()) {
        let mut request = request(signers);
        if draft {
            request.stage = Stage::Draft { until: at(1_800) };
            request.documents[0].pages = None;
        }
        let mut now = at(0);
        for (kind, number, signer, later) in steps {
            now += SignedDuration::from_secs(later);
            let event = event(kind, number, signer % signers, now);
            let Ok((next, effects)) = advance(request.clone(), event.clone(), now) else { continue };
            check(&request, &next, now);
            prop_assert_eq!(&effects, &next.effects(now));
            // At least once: the same event again is refused or changes nothing but what time alone changes.
            if let Ok((again, _)) = advance(next.clone(), event.clone(), now) {
                let renewed = matches!(event, Event::NotNotified { .. });
                prop_assert!(renewed || again == next, "{:?} twice", event);
            }
            let stored: SignRequest = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
            prop_assert_eq!(&stored, &next);
            request = next;
        }
        // Left alone it ends, unless a signature is on its way; a draft is forgotten.
        let much_later = request.expires.max(now) + SignedDuration::from_mins(31);
        let (ended, _) = advance(request, Event::ClockPassed, much_later).unwrap();
        let closed = matches!(ended.stage, Stage::Closed { .. });
        prop_assert!(authenticated(&ended) || closed || ended.effects(much_later) == [Effect::Forget]);
    }
}

/// A request whose only signature stayed at B-B.
fn below_its_level() -> SignRequest {
    let (mut now, at_time) = (request(1), at(10));
    for event in [
        signing(0, 1, at_time),
        Event::CallbackReceived { transaction: transaction(1) },
        Event::Authenticated { transaction: transaction(1), evidence: evidence() },
        Event::HashSigned { transaction: transaction(1), outcome: outcome() },
        Event::Assembled {
            transaction: transaction(1),
            documents: vec![AssembledDocument { digest: Digest::of(b"signed"), size: 2, achieved: BaselineLevel::B }],
        },
    ] {
        now = advance(now, event, at_time).unwrap().0;
    }
    now
}

#[test]
fn a_document_below_its_level_is_raised_later() {
    let request = below_its_level();
    assert_eq!(request.documents[0].achieved, Some(BaselineLevel::B), "what is achieved is told");
    let due = request.upgrade.unwrap().at;
    assert!(
        request.wake_at(at(10)) <= Some(due)
            && due <= at(20)
            && request.effects(due).contains(&Effect::Extend)
            && !request.effects(at(10)).contains(&Effect::Extend)
    );

    let base = vec![Digest::of(b"signed")];
    let failed = Event::Extended { base: base.clone(), documents: Vec::new() };
    let (request, _) = advance(request, failed, due).unwrap();
    let again = request.upgrade.unwrap().at;
    assert!(again > due && request.documents[0].current == base[0], "the next try waits");

    let raised = AssembledDocument { digest: Digest::of(b"raised"), size: 3, achieved: BaselineLevel::T };
    let (request, effects) = advance(request, Event::Extended { base: base.clone(), documents: vec![raised.clone()] }, again).unwrap();
    assert_eq!((request.documents[0].current, request.documents[0].achieved), (raised.digest, Some(BaselineLevel::T)));
    assert!(request.upgrade.is_none() && !effects.contains(&Effect::Extend));

    let late = AssembledDocument { digest: Digest::of(b"late"), size: 4, achieved: BaselineLevel::T };
    let (request, _) = advance(request, Event::Extended { base, documents: vec![late] }, again).unwrap();
    assert_eq!(request.documents[0].current, raised.digest, "what started from older bytes counts for nothing");
}
