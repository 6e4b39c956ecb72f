//! Effect measures: a period counted by hand, over lists that move while they are read.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::{BaselineLevel, Digest};
use serde_json::json;
use sigill_core::eid::Evidence;
use sigill_core::ids::{LinkSecret, SignRequestId};
use sigill_core::ports::{Page, SignRequestIndex, StoreError, VisibleSignature};
use sigill_core::report::{Level, Measures, Spread};
use sigill_core::sign_request::{Document, Done, History, Language, Outcome, SignRequest, SignatureEvidence, Signer, Stage};
use sigill_core::use_case::{Period, Report, report};

/// A Wednesday, 12 o'clock in Sweden.
const NOON: &str = "2026-11-25T11:00:00Z";

fn noon(seconds: i64) -> Timestamp {
    NOON.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn request(number: usize, requester: &str, created: i64) -> SignRequest {
    let id = SignRequestId::try_from(format!("{number:032x}")).unwrap();
    SignRequest {
        requester: requester.to_owned(),
        customer_reference: "1".to_owned(),
        title: "Arvode".to_owned(),
        message: None,
        language: Language::Sv,
        return_url: "https://e.example/".parse().unwrap(),
        callback_url: None,
        level: BaselineLevel::Lta,
        visible_signature: VisibleSignature::None,
        created: noon(created),
        expires: noon(created + 1_000_000),
        kept: SignedDuration::from_hours(24 * 90),
        documents: vec![Document {
            file_name: "a.pdf".to_owned(),
            original: Digest::of(b"a"),
            current: Digest::of(b"a"),
            size: 1,
            pages: Some(1),
            achieved: None,
        }],
        signers: vec![Signer {
            external_id: "1".to_owned(),
            name: "Åsa Öberg".to_owned(),
            personal_identity_number: None,
            order: 0,
            allowed_identification: Vec::new(),
            link: LinkSecret::derive("key", &id, 0).hash(),
            viewed: None,
            done: None,
        }],
        stage: Stage::Open,
        upgrade: None,
        notifications: Vec::new(),
        history: History::default(),
        id,
    }
}

fn ended(mut request: SignRequest, outcome: Outcome, after: i64) -> SignRequest {
    request.stage = Stage::Closed { outcome, at: request.created + SignedDuration::from_secs(after) };
    request
}

/// Signed by everybody `after` seconds with `provider`, at `achieved`.
fn signed(mut request: SignRequest, after: i64, provider: &str, achieved: BaselineLevel) -> SignRequest {
    let at = request.created + SignedDuration::from_secs(after);
    let outcome = serde_json::from_value(json!({
        "signatures": [], "certificates": ["AA=="], "signedAt": at,
        "signer": {
            "personalIdentityNumber": "189001019802", "givenName": "Åsa", "surname": "Öberg", "displayName": "Åsa Öberg",
            "authnContext": {
                "identityProvider": "https://eid.example", "authenticationInstant": at, "levelOfAssurance": "loa3",
                "assertionRef": "j", "transaction": null,
            },
        },
    }))
    .unwrap();
    let evidence = Evidence::Oidc { provider: provider.to_owned(), id_token: "token".to_owned(), keys: json!({}) };
    let evidence = Box::new(SignatureEvidence { manifest: Vec::new(), evidence, outcome });
    request.signers[0].viewed = Some(request.created + SignedDuration::from_secs(after / 2));
    request.signers[0].done = Some(Done::Signed { at, evidence });
    request.documents[0].achieved = Some(achieved);
    ended(request, Outcome::Completed, after)
}

/// Lists of requests. One more comes in with every page that is read.
struct Growing(Mutex<BTreeMap<String, Vec<SignRequest>>>);

#[async_trait]
impl SignRequestIndex for Growing {
    async fn page(&self, requester: &str, page: Page) -> Result<(Vec<SignRequest>, u64), StoreError> {
        let mut all = self.0.lock().unwrap();
        let requests = all.entry(requester.to_owned()).or_default();
        let start = ((page.number - 1) * page.limit) as usize;
        let found = requests.iter().skip(start).take(page.limit as usize).cloned().collect();
        let total = requests.len() as u64;
        requests.insert(0, request(900_000 + requests.len(), requester, 10_000_000));
        Ok((found, total))
    }

    async fn due(&self, _: Timestamp, _: u32) -> Result<Vec<SignRequestId>, StoreError> {
        Ok(Vec::new())
    }
}

fn reported(requests: Vec<SignRequest>, from: Option<i64>) -> Report {
    let mut all: BTreeMap<String, Vec<SignRequest>> = BTreeMap::new();
    requests.into_iter().for_each(|request| all.entry(request.requester.clone()).or_default().insert(0, request));
    let e_services: Vec<_> = all.keys().cloned().collect();
    let index = Growing(Mutex::new(all));
    let period = Period { from: from.map(noon), to: noon(1_000_000) };
    // Nothing here waits.
    match pin!(report(&index, &e_services, period)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(measured) => measured.unwrap(),
        Poll::Pending => unreachable!(),
    }
}

#[test]
fn a_period_counted_by_hand_comes_out() {
    let requests = vec![
        ended(request(0, "a", -500), Outcome::Completed, 1),
        signed(request(1, "a", 0), 60, "one", BaselineLevel::Lta),
        signed(request(2, "a", 10), 100, "one", BaselineLevel::T),
        // 18 o'clock.
        signed(request(3, "a", 20), 6 * 3_600, "two", BaselineLevel::Lta),
        ended(request(4, "a", 30), Outcome::Declined, 5),
        ended(request(5, "a", 40), Outcome::Expired, 5),
        ended(request(6, "a", 50), Outcome::Expired, 5),
        ended(request(7, "a", 60), Outcome::Withdrawn, 5),
        ended(request(8, "a", 70), Outcome::Failed { code: "manifest".to_owned() }, 5),
        request(9, "a", 80),
        // Saturday noon.
        signed(request(10, "b", 3 * 86_400), 30, "two", BaselineLevel::Lta),
    ];
    let found = reported(requests, Some(0));
    assert_eq!(found.oldest, Some(noon(-500)));
    let a = Measures {
        created: 9,
        open: 1,
        completed: 3,
        declined: 1,
        withdrawn: 1,
        expired: 2,
        failed: 1,
        declined_share: Some(1.0 / 8.0),
        expired_share: Some(2.0 / 8.0),
        signatures: 3,
        signatures_outside_office_hours: 1,
        created_to_completed: Some(Spread { median_seconds: 100, ninetieth_percentile_seconds: 21_600 }),
        created_to_opened: Some(Spread { median_seconds: 50, ninetieth_percentile_seconds: 10_800 }),
        eids: BTreeMap::from([("one".to_owned(), 2), ("two".to_owned(), 1)]),
        levels: vec![
            Level { requested: BaselineLevel::Lta, achieved: BaselineLevel::T, documents: 1 },
            Level { requested: BaselineLevel::Lta, achieved: BaselineLevel::Lta, documents: 2 },
        ],
    };
    assert_eq!(found.e_services["a"], a);
    assert_eq!((found.e_services["b"].created, found.e_services["b"].signatures_outside_office_hours), (1, 1));
    assert_eq!((found.total.created, found.total.completed, found.total.signatures), (10, 4, 4));
    assert_eq!(found.total.created_to_completed, Some(Spread { median_seconds: 60, ninetieth_percentile_seconds: 21_600 }));
    assert_eq!(found.total.eids, BTreeMap::from([("one".to_owned(), 2), ("two".to_owned(), 2)]));
}

#[test]
fn requests_of_many_pages_are_counted_once_while_new_ones_come() {
    let requests = (1..=1_000).map(|number| signed(request(number, "a", 0), number as i64, "one", BaselineLevel::Lta)).collect();
    let found = reported(requests, None).total;
    assert_eq!((found.created, found.completed), (1_000, 1_000));
    assert_eq!(found.created_to_completed, Some(Spread { median_seconds: 500, ninetieth_percentile_seconds: 900 }));
}

#[test]
fn where_there_is_nothing_nothing_is_measured() {
    assert_eq!(reported(Vec::new(), None).total, Measures::default());
    let open = reported(vec![request(1, "a", 0)], None).total;
    assert_eq!((open.created, open.declined_share, open.created_to_completed), (1, None, None));
}

#[test]
fn measures_hold_nothing_of_persons_and_documents() {
    let found = reported(vec![signed(request(1, "a", 0), 60, "one", BaselineLevel::Lta)], None);
    let text = serde_json::to_string(&found).unwrap();
    for personal in ["189001019802", "Åsa", "Öberg", "Arvode", "a.pdf", "token"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}
