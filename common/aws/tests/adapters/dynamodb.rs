use std::io::Read;
use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sigill_aws::dynamodb::{DynamoJournal, DynamoLastToken, DynamoRequests, DynamoRoot};
use sigill_core::identity::{AuthnContext, IdentityAssertion, LevelOfAssurance, PersonalIdentityNumber};
use sigill_core::ids::SecretHash;
use sigill_core::ports::{
    Clock, Created, Idempotency, Intent, LastToken, OneTimeKey, Page, RootCertificate, SignOutcome, SignRequestIndex, SignRequestStore,
    SigningJournal, StoreError, Versioned, VisibleSignature,
};
use sigill_core::sign_request::{History, Language, Outcome, Signer, Stage};
use sigill_core::{SignRequest, SignRequestId, TransactionId};

use crate::replay::{Replay, error, error_with, json as answer, replay};

const ID: &str = "0123456789abcdef0123456789abcdef";
const NOW: &str = "2026-11-24T12:00:00Z";
const NOW_MILLISECONDS: &str = "1795521600000";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }
}

fn now() -> Timestamp {
    Noon.now()
}

fn request(id: &str) -> SignRequest {
    SignRequest {
        id: SignRequestId::try_from(id.to_owned()).unwrap(),
        requester: "arvodesrakning".to_owned(),
        customer_reference: "ref".to_owned(),
        title: "Arvode".to_owned(),
        message: None,
        language: Language::Sv,
        return_url: "https://example.se/".parse().unwrap(),
        callback_url: None,
        level: pades::BaselineLevel::T,
        visible_signature: VisibleSignature::None,
        created: now(),
        expires: now() + SignedDuration::from_hours(24),
        kept: SignedDuration::from_hours(24 * 90),
        documents: Vec::new(),
        signers: vec![Signer {
            external_id: "1".to_owned(),
            name: "Åsa".to_owned(),
            personal_identity_number: None,
            order: 1,
            allowed_identification: Vec::new(),
            link: SecretHash::of("secret"),
            viewed: None,
            done: None,
        }],
        stage: Stage::Open,
        upgrade: None,
        notifications: Vec::new(),
        history: History::default(),
    }
}

fn requests(replay: &Replay) -> DynamoRequests {
    DynamoRequests::new(&replay.config, "table".to_owned(), Arc::new(Noon))
}

fn transaction() -> TransactionId {
    TransactionId::try_from(ID.to_owned()).unwrap()
}

/// What a packed attribute holds.
fn unpack(attribute: &Value) -> Value {
    let packed = BASE64_STANDARD.decode(attribute["B"].as_str().unwrap()).unwrap();
    let mut json = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

fn pack(value: &impl serde::Serialize) -> Value {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&serde_json::to_vec(value).unwrap()).unwrap();
    json!({ "B": BASE64_STANDARD.encode(encoder.finish().unwrap()) })
}

fn stored(request: &SignRequest, version: u64) -> Value {
    let key = format!("REQUEST#{}", request.id);
    json!({ "pk": { "S": key }, "sk": { "S": "STATE" }, "version": { "N": version.to_string() }, "state": pack(request) })
}

#[tokio::test]
async fn a_request_and_its_idempotency_key_are_created_in_one_transaction() {
    let replay = replay(vec![answer(json!({}))]);
    let request = request(ID);
    let key = Idempotency { key: "arvodesrakning/k1".to_owned(), body: "ab".to_owned(), id: request.id.clone() };
    assert_eq!(requests(&replay).create(&request, Some(&key)).await.unwrap(), Created::New);
    let asked = &replay.asked()[0];
    assert_eq!(asked.operation, "TransactWriteItems");
    let items = &asked.json()["TransactItems"];
    assert!(items.as_array().unwrap().iter().all(|item| item["Put"]["ConditionExpression"] == "attribute_not_exists(pk)"));
    let (state, known) = (&items[0]["Put"]["Item"], &items[1]["Put"]["Item"]);
    assert_eq!(unpack(&state["state"]), serde_json::to_value(&request).unwrap());
    assert_eq!(state["created"]["S"], format!("00{NOW_MILLISECONDS}#{ID}"));
    assert_eq!((&state["wake"]["S"], &state["wakeAt"]["N"]), (&json!("DUE"), &json!("1795608000000")));
    let expected = json!({
        "pk": { "S": "IDEMPOTENCY#arvodesrakning/k1" }, "sk": { "S": "KEY" }, "bodyHash": { "S": "ab" }, "request": { "S": ID },
    });
    assert_eq!(*known, expected);
}

#[tokio::test]
async fn a_used_idempotency_key_gives_what_it_stood_for() {
    let other = "f".repeat(32);
    let known = json!({ "bodyHash": { "S": "cd" }, "request": { "S": other } });
    let reasons = json!([{ "Code": "None" }, { "Code": "ConditionalCheckFailed", "Item": known }]);
    let conflict = json!([{ "Code": "TransactionConflict" }, { "Code": "None" }]);
    let replay = replay(vec![
        error_with("TransactionCanceledException", json!({ "CancellationReasons": reasons })),
        error_with("TransactionCanceledException", json!({ "CancellationReasons": conflict })),
        error("ProvisionedThroughputExceededException"),
    ]);
    let request = request(ID);
    let key = Idempotency { key: "s/k".to_owned(), body: "ab".to_owned(), id: request.id.clone() };
    let Created::Existing(found) = requests(&replay).create(&request, Some(&key)).await.unwrap() else { panic!("created") };
    assert_eq!((found.body.as_str(), found.id.as_str()), ("cd", other.as_str()));
    for _ in 0..2 {
        assert!(matches!(requests(&replay).create(&request, Some(&key)).await, Err(StoreError::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_request_is_read_consistently_with_its_version() {
    let replay = replay(vec![answer(json!({ "Item": stored(&request(ID), 7) })), answer(json!({})), error("InternalServerError")]);
    let store = requests(&replay);
    let id = request(ID).id;
    assert_eq!(store.load(&id).await.unwrap(), Some(Versioned { value: request(ID), version: 7 }));
    assert_eq!(store.load(&id).await.unwrap(), None);
    assert!(matches!(store.load(&id).await, Err(StoreError::Unavailable(reason)) if reason == "InternalServerError"));
    assert_eq!(replay.asked()[0].json()["ConsistentRead"], true);
}

#[tokio::test]
async fn a_save_at_another_version_is_a_conflict() {
    let replay = replay(vec![answer(json!({})), error("ConditionalCheckFailedException"), error("ThrottlingException")]);
    let store = requests(&replay);
    let read = Versioned { value: request(ID), version: 7 };
    store.save(&read).await.unwrap();
    assert!(matches!(store.save(&read).await, Err(StoreError::Conflict)));
    assert!(matches!(store.save(&read).await, Err(StoreError::Unavailable(_))));
    let update = replay.asked()[0].json();
    assert_eq!(update["ConditionExpression"], "#version = :read");
    assert_eq!(update["ExpressionAttributeValues"][":read"], json!({ "N": "7" }));
    assert_eq!(update["ExpressionAttributeValues"][":version"], json!({ "N": "8" }));
}

#[tokio::test]
async fn what_has_ended_wakes_when_its_time_is_over() {
    let replay = replay(vec![answer(json!({}))]);
    let mut value = request(ID);
    value.stage = Stage::Closed { outcome: Outcome::Completed, at: now() };
    requests(&replay).save(&Versioned { value, version: 1 }).await.unwrap();
    let update = replay.asked()[0].json();
    let ninety_days_on = (now() + SignedDuration::from_hours(24 * 90)).as_millisecond().to_string();
    assert_eq!(update["ExpressionAttributeValues"][":wakeAt"]["N"], ninety_days_on);
}

#[tokio::test]
async fn a_request_is_forgotten_with_its_idempotency_key() {
    let replay = replay(vec![answer(json!({ "Item": { "idempotencyKey": { "S": "s/k" } } })), answer(json!({}))]);
    requests(&replay).forget(&request(ID).id).await.unwrap();
    let deletes = &replay.asked()[1].json()["TransactItems"];
    let keys: Vec<_> = deletes.as_array().unwrap().iter().map(|delete| delete["Delete"]["Key"]["pk"]["S"].clone()).collect();
    assert_eq!(keys, [format!("REQUEST#{ID}"), "IDEMPOTENCY#s/k".to_owned()]);
}

#[tokio::test]
async fn a_page_is_newest_first_with_the_number_of_all() {
    let ids: Vec<String> = ["a", "b", "c"].iter().map(|digit| digit.repeat(32)).collect();
    let key = |id: &String| json!({ "pk": { "S": format!("REQUEST#{id}") }, "sk": { "S": "STATE" }, "created": { "S": id } });
    let [a, b, c] = [0, 1, 2].map(|index| key(&ids[index]));
    let replay = replay(vec![
        answer(json!({ "Items": [a, b], "LastEvaluatedKey": b })),
        answer(json!({ "Items": [c] })),
        answer(json!({
            "Responses": { "table": [stored(&request(&ids[2]), 1)] },
            "UnprocessedKeys": { "table": { "Keys": [{ "pk": { "S": format!("REQUEST#{}", ids[1]) }, "sk": { "S": "STATE" } }] } },
        })),
        answer(json!({ "Responses": { "table": [stored(&request(&ids[1]), 1)] } })),
    ]);
    let (page, total) = requests(&replay).page("arvodesrakning", Page { number: 1, limit: 2 }).await.unwrap();
    // The first of the page was forgotten between index and table.
    assert_eq!((page.len(), total), (1, 3));
    let asked = replay.asked();
    assert_eq!((&asked[0].json()["IndexName"], &asked[0].json()["ScanIndexForward"]), (&json!("by-requester"), &json!(false)));
    assert_eq!(asked[2].json()["RequestItems"]["table"]["Keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_due_is_asked_from_its_index_up_to_now() {
    let replay = replay(vec![answer(json!({ "Items": [{ "pk": { "S": format!("REQUEST#{ID}") } }] }))]);
    assert_eq!(requests(&replay).due(now(), 50).await.unwrap(), [request(ID).id]);
    let query = replay.asked()[0].json();
    assert_eq!((&query["IndexName"], &query["Limit"]), (&json!("due"), &json!(50)));
    assert_eq!(query["ExpressionAttributeValues"], json!({ ":partition": { "S": "DUE" }, ":now": { "N": NOW_MILLISECONDS } }));
}

fn intent() -> Intent {
    let key =
        OneTimeKey { reference: "arn:key/1".to_owned(), public_key: b"spki".to_vec(), algorithm: pades::SignatureAlgorithm::default() };
    Intent { manifest: "nonce".to_owned(), key, certificate: b"tbs".to_vec(), at: now() }
}

fn outcome() -> SignOutcome {
    let signer = IdentityAssertion {
        personal_identity_number: PersonalIdentityNumber::try_from("189001019802".to_owned()).unwrap(),
        given_name: "Åsa".to_owned(),
        surname: "Öberg".to_owned(),
        display_name: "Åsa Öberg".to_owned(),
        authn_context: AuthnContext {
            identity_provider: "https://eid.example.se".to_owned(),
            authentication_instant: now(),
            level_of_assurance: LevelOfAssurance("loa3".to_owned()),
            assertion_ref: "ref".to_owned(),
            transaction: None,
        },
    };
    SignOutcome { signatures: Vec::new(), certificates: Vec::new(), signer, signed_at: now() }
}

#[tokio::test]
async fn the_journal_adds_and_never_replaces() {
    let entry = |sort: &str, value: Value| json!({ "pk": { "S": format!("SIGNING#{ID}") }, "sk": { "S": sort }, "entry": value });
    let items = json!([entry("INTENT#arn:key/1", pack(&intent())), entry("OUTCOME", pack(&outcome()))]);
    let replay = replay(vec![
        answer(json!({})),
        error("ConditionalCheckFailedException"),
        error("ConditionalCheckFailedException"),
        answer(json!({ "Items": items })),
        error("ThrottlingException"),
    ]);
    let journal = DynamoJournal::new(&replay.config, "table".to_owned(), SignedDuration::from_hours(24 * 90));
    journal.intend(&transaction(), &intent()).await.unwrap();
    journal.intend(&transaction(), &intent()).await.unwrap();
    // An earlier outcome stands: the first one wins.
    let mut later = outcome();
    later.signed_at = now() + SignedDuration::from_secs(1);
    assert_eq!(journal.settle(&transaction(), &later).await.unwrap(), outcome());
    assert!(journal.read(&transaction()).await.is_err());
    let asked = replay.asked();
    let put = asked[0].json();
    assert_eq!(put["ConditionExpression"], "attribute_not_exists(pk)");
    assert_eq!((&put["Item"]["pk"]["S"], &put["Item"]["sk"]["S"]), (&json!(format!("SIGNING#{ID}")), &json!("INTENT#arn:key/1")));
    let ninety_days_on = (now() + SignedDuration::from_hours(24 * 90)).as_second().to_string();
    assert_eq!(put["Item"]["expiresAt"]["N"], ninety_days_on);
    assert_eq!(asked[3].json()["ConsistentRead"], true);
}

#[tokio::test]
async fn the_first_root_certificate_is_kept_and_read_once() {
    let kept = json!({ "Item": { "certificate": { "B": BASE64_STANDARD.encode(b"first") } } });
    let replay = replay(vec![answer(json!({})), error("ConditionalCheckFailedException"), answer(kept)]);
    let root = DynamoRoot::new(&replay.config, "table".to_owned());
    assert_eq!(root.root().await.unwrap(), None);
    assert_eq!(root.keep(b"second").await.unwrap(), b"first");
    assert_eq!(root.root().await.unwrap().unwrap(), b"first");
    assert_eq!(replay.asked().len(), 3);
}

#[tokio::test]
async fn the_size_of_the_last_token_is_a_number_that_may_be_missing_or_out_of_reach() {
    let kept = json!({ "Item": { "bytes": { "N": "3210" } } });
    let replay = replay(vec![answer(json!({})), answer(json!({})), answer(kept), error("AccessDeniedException")]);
    let last = DynamoLastToken::new(&replay.config, "table".to_owned());
    assert_eq!(last.bytes().await, None);
    last.keep(3_210).await;
    assert_eq!(last.bytes().await, Some(3_210));
    assert_eq!(last.bytes().await, None, "a hint that can't be had is none");
    let update = replay.asked()[1].json();
    assert_eq!(update["Key"], json!({ "pk": { "S": "TIMESTAMP" }, "sk": { "S": "LAST" } }));
    assert_eq!(update["ExpressionAttributeValues"][":bytes"]["N"], "3210");
}
